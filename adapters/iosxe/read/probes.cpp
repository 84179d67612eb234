#include "adapters/iosxe/read/probes.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace wanwise::iosxe {
namespace {

/// A round trip above a minute is a stuck value: IP SLA entries that guide decisions time out
/// within seconds.
constexpr std::int64_t kMaxRoundTripUs = 60'000'000;
/// udp-jitter sends at most 60000 packets; a count above all of a uint32 is no count.
constexpr std::int64_t kMaxPackets = 0xFFFF'FFFF;

constexpr std::array<std::string_view, 4> kAnswered{"ok", "over-threshold", "stats-ok", "en-ok"};
/// The operation ran and its packets, or its connection, found no way.
constexpr std::array<std::string_view, 10> kLost{
    "disconnected", "timeout",    "no-connection", "operation-failure", "dns-query-error",
    "dns-timeout",  "http-error", "en-no-conn",    "stats-no-conn",     "stats-fail"};
/// Reaction types that mean "the path is broken"; the others speak of its quality.
constexpr std::array<std::string_view, 4> kBroken{"timeout", "connection-loss", "unavailable-sd",
                                                  "unavailable-ds"};

template <std::size_t N>
bool among(const std::array<std::string_view, N>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

bool is_jitter(const XmlNode& entry) {
  return entry.child("oper-type").text().ends_with("-jitter");
}

}  // namespace

ProbeVerdict verdict_of(std::string_view return_code) {
  constexpr std::string_view kPrefix = "ret-code-";
  if (!return_code.starts_with(kPrefix)) return ProbeVerdict::none;
  return_code.remove_prefix(kPrefix.size());
  if (among(kAnswered, return_code)) return ProbeVerdict::answered;
  return among(kLost, return_code) ? ProbeVerdict::lost : ProbeVerdict::none;
}

ProbeReader::Probed ProbeReader::probed_by(std::uint32_t entry) const {
  for (const LinkConfig& link : m_config->links) {
    for (const ProbeEntry& probe : probes_of(link)) {
      if (probe.entry == entry) return {&link, probe.service_class};
    }
  }
  return {};
}

bool ProbeReader::is_news(std::uint32_t entry, const XmlNode& node) {
  const auto successes = m_values->counter(node, "success-count");
  const auto failures = m_values->counter(node, "failure-count");
  Mark mark{successes.value_or(0), failures.value_or(0), {}};
  // The start changes when an operation begins, the counts when it ends; where there are counts,
  // only they tell that there is something new.
  if (!successes && !failures) mark.started = node.child("latest-oper-start-time").text();
  const auto [known, first] = m_marks.try_emplace(entry, mark);
  if (!first && known->second == mark) return false;
  known->second = mark;
  return true;
}

void ProbeReader::read(const XmlNode& node, core::Instant at,
                       std::vector<core::EventBody>& events) {
  const auto id = parse_integer<std::uint32_t>(node.child("oper-id").text());
  const Probed probed = id ? probed_by(*id) : Probed{};
  if (probed.link == nullptr) return;
  const std::string_view code = node.child("latest-return-code").text();
  if (code.empty() || code == "ret-code-unknown" || code == "ret-code-no-data") return;
  if (!is_news(*id, node)) return;
  core::ProbeSample sample{probed.link->name, at, {}, probed.service_class, {}, {}};
  switch (verdict_of(code)) {
    case ProbeVerdict::none:
      m_values->complain(degraded::kProbeUnusable, node, "latest-return-code");
      return;
    case ProbeVerdict::lost:
      break;
    case ProbeVerdict::answered:
      sample.rtt = round_trip(node);
      sample.jitter = jitter(node);
      sample.loss = loss(node);
      if (!sample.rtt) return;  // it came back, but how fast is not known: not a loss
      take_back(*id, *probed.link, at, events);
      break;
  }
  events.emplace_back(std::move(sample));
}

std::optional<core::Micros> ProbeReader::time(const XmlNode& parent, std::string_view leaf,
                                              std::string_view accuracy) {
  const auto value = m_values->integer(parent, leaf, 0, kMaxRoundTripUs * 1000);
  if (!value) return std::nullopt;
  // Units vary by probe and software; milliseconds are the default of the CLI.
  std::int64_t micros = *value * 1000;
  if (accuracy == "accuracy-microseconds") micros = *value;
  if (accuracy == "accuracy-nanoseconds") micros = *value / 1000;
  if (micros <= kMaxRoundTripUs) return core::Micros{micros};
  m_values->complain(degraded::kOutOfRange, parent, leaf);
  return std::nullopt;
}

std::optional<core::Micros> ProbeReader::round_trip(const XmlNode& entry) {
  const XmlNode values = entry.child("stats").child("rtt").child("sla-time-values");
  const std::string_view accuracy = values.child("accuracy").text();
  // A jitter probe sends many packets: its round trip is the mean, not the last packet's. The
  // choice latest-rtt may also say "unknown" or "could-not-find", which has no time to read.
  const bool mean = is_jitter(entry) && values.child("avg");
  const auto value = mean ? time(values, "avg", accuracy)
                          : time(entry.child("rtt-info").child("latest-rtt"), "rtt", accuracy);
  if (!value || value->count > 0) return value;
  // A zero is "below one unit", so it counts as half a unit, never as nothing.
  const bool fine = accuracy == "accuracy-microseconds" || accuracy == "accuracy-nanoseconds";
  return core::Micros{fine ? 1 : 500};
}

std::optional<core::Micros> ProbeReader::jitter(const XmlNode& entry) {
  if (!is_jitter(entry)) return std::nullopt;
  const XmlNode all = entry.child("stats").child("jitter");
  const auto direction = [&](std::string_view name) {
    const XmlNode values = all.child(name);
    return time(values, "avg", values.child("accuracy").text());
  };
  const auto there = direction("sd");
  const auto back = direction("ds");
  if (there && back) return core::Micros{(there->count + back->count) / 2};
  if (there || back) return there ? there : back;
  // The mean of both has no unit beside it; it is that of the round trip.
  const XmlNode rtt = entry.child("stats").child("rtt").child("sla-time-values");
  return time(all, "avg-jitter", rtt.child("accuracy").text());
}

std::optional<core::Ppm> ProbeReader::loss(const XmlNode& entry) {
  if (!is_jitter(entry)) return std::nullopt;
  const XmlNode stats = entry.child("stats");
  const auto packets = [&](const XmlNode& parent, std::string_view leaf) {
    return m_values->integer(parent, leaf, 0, kMaxPackets);
  };
  const auto returned = packets(stats.child("rtt"), "rtt-count");
  const XmlNode udp = stats.child("packet-loss");
  const XmlNode icmp = stats.child("icmp-packet-loss");
  // Lost towards, lost back, and lost nobody knows where. A late packet is one for its application.
  const std::array<std::optional<std::int64_t>, 5> kinds{
      packets(udp, "sd-count"), packets(udp, "ds-count"), packets(udp, "drops"),
      packets(udp, "late-arrivals"), packets(icmp, "packet-loss")};
  std::int64_t lost = 0;
  bool any = false;
  for (const auto& kind : kinds) {
    any = any || kind;
    lost += kind.value_or(0);
  }
  if (!returned || !any || *returned + lost == 0) return std::nullopt;
  return core::Ppm{lost * core::kWhole.count / (*returned + lost)};
}

void ProbeReader::take_back(std::uint32_t entry, const LinkConfig& link, core::Instant at,
                            std::vector<core::EventBody>& events) {
  if (m_raised.erase(entry) == 0) return;
  const auto probes = probes_of(link);
  const bool another = std::any_of(probes.begin(), probes.end(), [&](const ProbeEntry& probe) {
    return m_raised.contains(probe.entry);
  });
  if (another) return;
  events.emplace_back(core::PathAlarm{link.name, at, core::PathAlarm::Source::probe_reaction, false,
                                      "IP SLA " + std::to_string(entry) + " answers again"});
}

std::optional<std::uint32_t> ProbeReader::read_reaction(const XmlNode& update, core::Instant at,
                                                        std::vector<core::EventBody>& events) {
  const auto id = parse_integer<std::uint32_t>(update.child("oper-id").text());
  const Probed probed = id ? probed_by(*id) : Probed{};
  if (probed.link == nullptr) return std::nullopt;
  const std::string_view type = update.child("react-type").text();
  const std::string_view status = update.child("react-status").text();
  const bool begins = status == "occurred" || status == "exceeded-threshold";
  const bool ends = status == "cleared" || status == "below-threshold";
  if (!among(kBroken, type) || !(begins || ends)) return id;
  if (ends) {
    take_back(*id, *probed.link, at, events);
    return id;
  }
  m_raised.insert(*id);
  events.emplace_back(core::PathAlarm{probed.link->name, at,
                                      core::PathAlarm::Source::probe_reaction, true,
                                      "IP SLA " + std::to_string(*id) + ": " + std::string{type}});
  return std::nullopt;
}

}  // namespace wanwise::iosxe
