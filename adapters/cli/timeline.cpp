#include "adapters/cli/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "adapters/cli/render.hpp"
#include "adapters/cli/units_text.hpp"

namespace wanwise::cli {
namespace {

// Columns of timeline_text(): six letters, a name such as "people-counting", "tx2 -> cloud" with
// names up to five letters. Longer ones push the rest of their own line.
constexpr std::size_t kWordColumns = 6;
constexpr std::size_t kSubjectColumns = 15;
constexpr std::size_t kChangeColumns = 14;

/// "12 -> 7.8 Mbps": the unit once where both have the same.
std::string rate_change(core::Bps from, core::Bps to) {
  const std::string before = text(from);
  const std::string after = text(to);
  const auto unit = before.find(' ');
  const bool same_unit = before.substr(unit) == after.substr(after.find(' '));
  return fmt::format("{} -> {}", same_unit ? before.substr(0, unit) : before, after);
}

/// Equal in everything but the shapers' rates.
bool same_classes(core::RouterQos a, const core::RouterQos& b) {
  if (a.wans.size() != b.wans.size()) return false;
  for (std::size_t i = 0; i < a.wans.size(); ++i) a.wans[i].shaper = b.wans[i].shaper;
  return a == b;
}

std::string radio_detail(const core::RadioSample& sample) {
  std::vector<std::string> parts;
  if (sample.rsrp) parts.push_back("RSRP " + dbm_text(*sample.rsrp));
  if (sample.sinr) parts.push_back("SINR " + db_text(*sample.sinr));
  if (sample.band) parts.push_back(fmt::format("band {}", *sample.band));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string subject_of(const core::Action& action) {
  if (const auto* place = std::get_if<core::PlaceWorkload>(&action.body)) {
    return place->workload.text;
  }
  return std::get<core::ApplyQos>(action.body).desired.router.text;
}

std::string where_text(const core::PlaceWorkload& place) {
  const std::string where = place_text(place.to, place.split);
  return place.to && place.rung != 0 ? fmt::format("{} {}", where, rung_text(place.rung)) : where;
}

std::string reason_text(std::string_view reason, std::string_view detail) {
  if (reason.empty() || detail.empty()) return std::string{reason} + std::string{detail};
  return fmt::format("{}: {}", reason, detail);
}

/// The word and its tone for an action that ended other than well.
std::pair<std::string, Tone> trouble_word(core::Outcome outcome) {
  switch (outcome) {
    case core::Outcome::done:
      return {"done", Tone::good};
    case core::Outcome::refused:
      return {"denied", Tone::bad};
    case core::Outcome::failed:
      return {"failed", Tone::bad};
    case core::Outcome::unknown:
      return {"lost", Tone::doubtful};
  }
  return {"lost", Tone::doubtful};
}

}  // namespace

std::string timeline_text(const TimelineLine& line, Style style) {
  std::string out = fmt::format("{}  {}  {}  {}  {}", clock_text(line.since_start),
                                painted(padded(plain(line.word), kWordColumns), line.tone, style),
                                padded(plain(line.subject), kSubjectColumns),
                                padded(plain(line.change), kChangeColumns), plain(line.detail));
  out.erase(out.find_last_not_of(' ') + 1);
  return out;
}

template <class Map>
auto Timeline::remember(Map& map, const typename Map::key_type& key,
                        typename Map::mapped_type value)
    -> std::optional<typename Map::mapped_type> {
  const auto it = map.find(key);
  if (it != map.end()) return std::exchange(it->second, std::move(value));
  if (map.size() < kMaxRemembered) {
    map.emplace(key, std::move(value));
  } else {
    ++m_overflows;
  }
  return std::nullopt;
}

std::vector<TimelineLine> Timeline::on_event(const core::Event& event) {
  return std::visit([&](const auto& body) { return on(event.at, body); }, event.body);
}

std::vector<TimelineLine> Timeline::on_action(core::Instant at, const core::Action& action) {
  remember(m_pending, action.id, Pending{at, action});
  return std::visit([&](const auto& body) { return begun(at, action, body); }, action.body);
}

Timeline::Lines Timeline::on(core::Instant at, const core::LinkCounters& event) {
  const auto before = remember(m_up, event.link, event.up);
  // A link that is up from the start is no news.
  if (before.value_or(true) == event.up) return {};
  return {{since(at), "link", event.link.text, event.up ? "up" : "down", "",
           event.up ? Tone::good : Tone::bad}};
}

Timeline::Lines Timeline::on(core::Instant at, const core::RadioSample& event) {
  const Radio radio{event.in_service, event.access};
  if (remember(m_radio, event.link, radio) == radio) return {};
  const std::string change = event.in_service ? access_text(event.access) : "no service";
  return {{since(at), "radio", event.link.text, change, radio_detail(event),
           event.in_service ? Tone::plain : Tone::bad}};
}

Timeline::Lines Timeline::on(core::Instant at, const core::RouterSession& event) {
  const bool connected = event.state == core::SessionState::connected;
  return {{since(at), "router", event.router.text, connected ? "connected" : "disconnected",
           reason_text(event.reason, event.detail), connected ? Tone::good : Tone::bad}};
}

Timeline::Lines Timeline::on(core::Instant at, const core::RouterQosObserved& event) {
  if (event.qos) {
    remember(m_qos, event.router, *event.qos);
  } else {
    m_qos.erase(event.router);
  }
  Lines lines;
  const auto tell = [&](auto& map, const std::vector<std::string>& now, const char* word,
                        const char* some, const char* none) {
    const auto before = remember(map, event.router, now);
    if (before.value_or(std::vector<std::string>{}) == now) return;
    lines.push_back({since(at), word, event.router.text, now.empty() ? none : some,
                     fmt::format("{}", fmt::join(now, ", ")),
                     now.empty() ? Tone::good : Tone::doubtful});
  };
  tell(m_foreign, event.foreign, "others", "in the way", "gone");
  tell(m_altered, event.altered, "drift", "changed by hand", "as written");
  return lines;
}

Timeline::Lines Timeline::on(core::Instant at, const core::PathAlarm& event) {
  return {{since(at), "path", event.link.text, event.raised ? "broken" : "back", event.detail,
           event.raised ? Tone::bad : Tone::good}};
}

Timeline::Lines Timeline::on(core::Instant at, const core::TargetSample& event) {
  const auto known = m_targets.find(event.target);
  // A failed scrape does not say which power mode it would have been.
  auto mode = event.power_mode;
  if (!mode && known != m_targets.end()) mode = known->second.power_mode;
  const auto before = remember(m_targets, event.target, Target{event.reachable, mode});
  Lines lines;
  const std::string& name = event.target.text;
  if (before ? before->reachable != event.reachable : !event.reachable) {
    lines.push_back({since(at), "target", name, event.reachable ? "answers" : "silent", "",
                     event.reachable ? Tone::good : Tone::bad});
  }
  if (before && before->power_mode && event.power_mode && *before->power_mode != *mode) {
    lines.push_back({since(at), "power", name,
                     fmt::format("{} -> {}", before->power_mode->text, mode->text), "",
                     Tone::doubtful});
  }
  return lines;
}

Timeline::Lines Timeline::on(core::Instant at, const core::NodePort& event) {
  const auto before = remember(m_ports, event.target, event.up);
  if (before.value_or(true) == event.up) return {};
  return {{since(at), "port", event.target.text, event.up ? "up" : "down", "",
           event.up ? Tone::good : Tone::bad}};
}

Timeline::Lines Timeline::on(core::Instant at, const core::NodeObserved& event) {
  const auto before = remember(m_ready, event.target, event.ready);
  if (before.value_or(true) == event.ready) return {};
  return {{since(at), "node", event.target.text, event.ready ? "ready" : "not ready", "",
           event.ready ? Tone::good : Tone::bad}};
}

Timeline::Lines Timeline::on(core::Instant, const core::PlacementObserved& event) {
  remember(m_places, event.workload, core::Place{event.target, event.rung, event.split});
  return {};
}

Timeline::Lines Timeline::on(core::Instant at, const core::DrainRequested& event) {
  return {{since(at), "drain", event.target.text, event.drain ? "out of use" : "back in use", "",
           event.drain ? Tone::doubtful : Tone::good}};
}

Timeline::Lines Timeline::on(core::Instant at, const core::ActionDone& event) {
  const auto it = m_pending.find(event.id);
  if (it == m_pending.end()) return {};
  const Pending pending = std::move(it->second);
  m_pending.erase(it);
  const std::string subject = subject_of(pending.action);
  const auto* place = std::get_if<core::PlaceWorkload>(&pending.action.body);
  if (event.outcome != core::Outcome::done) {
    const auto [word, tone] = trouble_word(event.outcome);
    return {{since(at), word, subject, place ? where_text(*place) : "qos",
             reason_text(event.reason, event.detail), tone}};
  }
  if (const auto* qos = std::get_if<core::ApplyQos>(&pending.action.body)) {
    remember(m_qos, qos->desired.router, qos->desired);
  }
  return {{since(at), "done", subject, place ? where_text(*place) : "qos in place",
           "took " + text(at - pending.at), Tone::good}};
}

/// A line for each shaper that moves, and one for everything else that does.
Timeline::Lines Timeline::begun(core::Instant at, const core::Action& action,
                                const core::ApplyQos& body) {
  const auto known = m_qos.find(body.desired.router);
  const core::RouterQos before = known == m_qos.end() ? core::RouterQos{} : known->second;
  Lines lines;
  for (const core::WanQos& wan : body.desired.wans) {
    const auto old =
        std::find_if(before.wans.begin(), before.wans.end(),
                     [&](const core::WanQos& candidate) { return candidate.link == wan.link; });
    if (old != before.wans.end() && old->shaper == wan.shaper) continue;
    const std::string change =
        old == before.wans.end() ? text(wan.shaper) : rate_change(old->shaper, wan.shaper);
    lines.push_back({since(at), "shaper", wan.link.text, change, action.why, Tone::plain});
  }
  if (lines.empty() || !same_classes(before, body.desired)) {
    lines.push_back(
        {since(at), "qos", body.desired.router.text, "marks, queues", action.why, Tone::plain});
  }
  return lines;
}

Timeline::Lines Timeline::begun(core::Instant at, const core::Action& action,
                                const core::PlaceWorkload& body) {
  TimelineLine line{since(at), "move", body.workload.text, "", action.why, Tone::doubtful};
  if (!body.from || !body.to) {
    line.word = body.to ? "start" : "stop";
    line.change = body.to ? where_text(body)
                          : fmt::format("{} -> suspended", body.from ? body.from->text : "nowhere");
  } else if (const auto known = m_places.find(body.workload);
             body.split || (known != m_places.end() && known->second.split)) {
    line.word = body.split ? "split" : "join";
    line.change = where_text(body);
  } else if (*body.from == *body.to) {
    const bool up = body.rung == 0 || (known != m_places.end() && body.rung < known->second.rung);
    line.word = up ? "raise" : "lower";
    line.change = fmt::format("{} {}", body.to->text, rung_text(body.rung));
  } else {
    line.change = fmt::format("{} -> {}", body.from->text, where_text(body));
  }
  return {line};
}

}  // namespace wanwise::cli
