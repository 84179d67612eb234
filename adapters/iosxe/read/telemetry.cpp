#include "adapters/iosxe/read/telemetry.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "adapters/iosxe/xml/namespaces.hpp"

namespace wanwise::iosxe {
namespace {

using core::MilliDb;

// What a modem can measure. Sentinels (0, -32768, 32767, 255) fall outside.
constexpr std::int64_t kMinRsrp = -156, kMaxRsrp = -31;  ///< dBm, TS 38.133 table 10.1.6.1-1
constexpr std::int64_t kMinRsrq = -43, kMaxRsrq = 20;    ///< dB, TS 38.133 table 10.1.11.1-1
constexpr std::int64_t kMinSinr = -23, kMaxSinr = 40;    ///< dB, TS 38.133 table 10.1.16.1-1
constexpr std::int64_t kMaxBand = 1024;  ///< TS 38.101 bands end at n512; 0 says "none"
/// A round trip above a minute is a stuck value: IP SLA entries that guide decisions time out
/// within seconds.
constexpr std::int64_t kMaxRoundTripUs = 60'000'000;

template <class Int>
std::optional<Int> parse(std::string_view text) {
  Int value = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || wrong != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// decimal64 or integer -> thousandths: "-7.25" -> -7250. More digits than three are not written by
/// fraction-digits 2.
std::optional<std::int64_t> parse_thousandths(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t dot = std::min(text.find('.'), text.size());
  const auto whole = parse<std::uint32_t>(text.substr(0, dot));
  std::string fraction{dot < text.size() ? text.substr(dot + 1) : "0"};
  if (!whole || *whole > 1'000'000 || fraction.empty() || fraction.size() > 3) return std::nullopt;
  fraction.resize(3, '0');
  const auto part = parse<std::uint32_t>(fraction);
  if (!part) return std::nullopt;
  const std::int64_t value = std::int64_t{*whole} * 1000 + *part;
  return negative ? -value : value;
}

core::RadioAccess access_of(std::string_view mode) {
  if (mode == "system-mode-nr5g-sa") return core::RadioAccess::nr_sa;
  if (mode.starts_with("system-mode-lte-")) return core::RadioAccess::lte;
  if (mode == "system-mode-gprs" || mode == "system-mode-edge") return core::RadioAccess::gsm;
  for (const std::string_view part : {"umts", "hsdpa", "hsupa", "hspa", "wcdma"}) {
    if (mode.find(part) != std::string_view::npos) return core::RadioAccess::umts;
  }
  return core::RadioAccess::none;
}

}  // namespace

void TelemetryReader::complain(const char* name, const XmlNode& parent, std::string_view leaf,
                               std::string_view text) {
  note(*m_degradations, name,
       std::string{parent.name()} + "/" + std::string{leaf} + " = '" +
           std::string{text.substr(0, 64)} + "'");
}

std::optional<std::uint64_t> TelemetryReader::counter(const XmlNode& parent,
                                                      std::string_view leaf) {
  const XmlNode node = parent.child(leaf);
  if (!node) return std::nullopt;
  const auto value = parse<std::uint64_t>(node.text());
  if (!value) complain(degraded::kInvalidValue, parent, leaf, node.text());
  return value;
}

std::optional<std::int64_t> TelemetryReader::integer(const XmlNode& parent, std::string_view leaf,
                                                     std::int64_t low, std::int64_t high) {
  const XmlNode node = parent.child(leaf);
  if (!node) return std::nullopt;
  const auto value = parse<std::int64_t>(node.text());
  if (!value) complain(degraded::kInvalidValue, parent, leaf, node.text());
  if (!value || (*value >= low && *value <= high)) return value;
  complain(degraded::kOutOfRange, parent, leaf, node.text());
  return std::nullopt;
}

std::optional<MilliDb> TelemetryReader::decibel(const XmlNode& parent, std::string_view leaf,
                                                std::int64_t low, std::int64_t high) {
  const XmlNode node = parent.child(leaf);
  if (!node) return std::nullopt;
  const auto value = parse_thousandths(node.text());
  if (!value) {
    complain(degraded::kInvalidValue, parent, leaf, node.text());
    return std::nullopt;
  }
  if (*value >= low * 1000 && *value <= high * 1000) return MilliDb{*value};
  complain(degraded::kOutOfRange, parent, leaf, node.text());
  return std::nullopt;
}

const LinkConfig* TelemetryReader::link_at(std::string_view interface) const {
  const auto at = std::find_if(m_config->links.begin(), m_config->links.end(),
                               [&](const LinkConfig& link) { return link.interface == interface; });
  return at != m_config->links.end() ? &*at : nullptr;
}

void TelemetryReader::reset() {
  m_modems.clear();
  m_probes.clear();
}

std::vector<core::EventBody> TelemetryReader::read(const XmlNode& data, core::Instant observed_at) {
  Events events;
  for (const XmlNode& root : data.children()) {
    if (root.ns() == ns::kInterfaces) {
      for (const XmlNode& node : root.children("interface"))
        read_interface(node, observed_at, events);
    } else if (root.ns() == ns::kCellwan) {
      read_modems(root, observed_at, events);
    } else if (root.ns() == ns::kIpSla) {
      for (const XmlNode& node : root.children("sla-oper-entry"))
        read_probe(node, observed_at, events);
    }
  }
  // An estimate is made when the counters come: what explains them comes before.
  const auto rank = [](const core::EventBody& event) {
    if (std::holds_alternative<core::ProbeSample>(event)) return 0;
    return std::holds_alternative<core::LinkCounters>(event) ? 2 : 1;
  };
  std::stable_sort(events.begin(), events.end(),
                   [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return events;
}

void TelemetryReader::read_interface(const XmlNode& node, core::Instant at, Events& events) {
  const LinkConfig* link = link_at(node.child("name").text());
  if (link == nullptr) return;
  const XmlNode statistics = node.child("statistics");
  const auto sent = counter(statistics, "out-octets-64");
  const auto received = counter(statistics, "in-octets");
  const auto drops = counter(statistics, "out-discards");
  const std::string_view state = node.child("oper-status").text();
  if (sent && received && !state.empty()) {
    events.emplace_back(core::LinkCounters{link->name, at, state == "if-oper-state-ready", *sent,
                                           *received, drops.value_or(0)});
  } else {
    // Half a sample would be a wrong one: zero bytes are a rate, and absence is not "down".
    note(*m_degradations, degraded::kCountersMissing, link->interface);
  }
  read_queues(node, *link, at, events);
}

void TelemetryReader::read_queues(const XmlNode& node, const LinkConfig& link, core::Instant at,
                                  Events& events) {
  const std::string policy = parent_policy(link.name);
  for (const XmlNode& info : node.children("diffserv-info")) {
    if (info.child("direction").text() != "qos-outbound") continue;
    if (info.child("policy-name").text() != policy) continue;
    std::vector<core::ClassName> without_queue;
    for (const XmlNode& entry : info.children("diffserv-target-classifier-stats")) {
      const auto service_class = class_at(entry, link.name);
      if (!service_class) continue;
      if (!read_queue(entry.child("queuing-stats"), {link.name, *service_class, at, 0, 0, 0},
                      events))
        without_queue.push_back(*service_class);
    }
    // Priority classes share one queue, and IOS counts it apart from them; with a single such class
    // it is that class's.
    const auto levels = info.children("priority-oper-list");
    if (without_queue.size() == 1 && levels.size() == 1)
      (void)read_queue(levels.front().child("agg-priority-stats"),
                       {link.name, without_queue.front(), at, 0, 0, 0}, events);
  }
}

std::optional<core::ClassName> TelemetryReader::class_at(const XmlNode& entry,
                                                         const core::LinkName& link) const {
  const std::string_view name = entry.child("classifier-entry-name").text();
  if (name.starts_with(kClassMapPrefix)) {
    return m_names->class_of(name.substr(kClassMapPrefix.size()));
  }
  // The parent has a class-default too, the sum of all; only the child's is a queue of its own.
  const bool inside_child =
      entry.child("parent-path").text().find(child_policy(link)) != std::string_view::npos;
  if (name == kClassDefault && inside_child) return core::ClassName{std::string{kClassDefault}};
  return std::nullopt;
}

bool TelemetryReader::read_queue(const XmlNode& queue, core::ClassCounters sample, Events& events) {
  const auto sent = counter(queue, "output-bytes");
  const auto dropped = counter(queue, "drop-bytes");
  if (!sent || !dropped) return false;
  sample.tx_bytes = *sent;
  sample.drop_bytes = *dropped;
  sample.queue_bytes = counter(queue, "queue-size-bytes").value_or(0);
  events.emplace_back(std::move(sample));
  return true;
}

void TelemetryReader::read_radio(const XmlNode& node, Modem& modem) {
  modem.radio_seen = true;
  const std::string_view power = node.child("radio-power-mode").text();
  modem.online = power.empty() || power == "radio-power-mode-online";
  modem.rat = node.child("radio-rat-selected").text();
  modem.band = integer(node, "radio-band", 0, kMaxBand);
  modem.rsrp = decibel(node, "radio-rsrp", kMinRsrp, kMaxRsrp);
  modem.rsrq = decibel(node, "radio-rsrq", kMinRsrq, kMaxRsrq);
  modem.sinr = decibel(node, "radio-snr", kMinSinr, kMaxSinr);
  // No leaf says "NSA": an LTE anchor with a measured NR carrier beside it is one. On a modem
  // without NR the nr5g leaves are absent or hold sentinels, which is no fault, so nothing is
  // complained of.
  const std::string_view width = node.child("nr5g-bw").text();
  const bool carrier = !width.empty() && width != "nr5g-bw-invalid" && width != "nr5g-bw-unknown";
  const auto quiet = [&](std::string_view leaf, std::int64_t low, std::int64_t high) {
    const auto value = parse_thousandths(node.child(leaf).text());
    const bool good = value && *value >= low * 1000 && *value <= high * 1000;
    return good ? std::optional{MilliDb{*value}} : std::nullopt;
  };
  modem.nr_rsrp = quiet("nr5g-rsrp", kMinRsrp, kMaxRsrp);
  modem.nr_rsrq = quiet("nr5g-rsrq", kMinRsrq, kMaxRsrq);
  modem.nr_sinr = quiet("nr5g-snr", kMinSinr, kMaxSinr);
  modem.nr_band = parse<std::int64_t>(node.child("nr5g-band").text());
  if (modem.nr_band.value_or(0) < 1 || *modem.nr_band > kMaxBand) modem.nr_band.reset();
  modem.nr_carrier = carrier && (modem.nr_band || modem.nr_rsrp);
}

void TelemetryReader::read_modems(const XmlNode& oper, core::Instant at, Events& events) {
  std::vector<const LinkConfig*> touched;
  const auto modem_at = [&](const XmlNode& node) -> Modem* {
    const LinkConfig* link = link_at(node.child("cellular-interface").text());
    if (link == nullptr) return nullptr;
    if (std::find(touched.begin(), touched.end(), link) == touched.end()) touched.push_back(link);
    return &m_modems[link->interface];
  };
  const auto says = [](const XmlNode& node, std::string_view leaf, std::string_view good) {
    const std::string_view text = node.child(leaf).text();
    return text.empty() ? std::optional<bool>{} : std::optional<bool>{text == good};
  };
  for (const XmlNode& node : oper.children()) {
    if (node.name() == "cellwan-radio") {
      if (Modem* modem = modem_at(node)) read_radio(node, *modem);
    } else if (node.name() == "cellwan-network") {
      Modem* modem = modem_at(node);
      if (modem == nullptr) continue;
      modem->service = says(node, "current-service-status", "service-status-normal");
      modem->registered = says(node, "registration-state", "reg-status-registered");
    } else if (node.name() == "cellwan-connection") {
      if (Modem* modem = modem_at(node))
        modem->session = says(node, "cellular-packet-status", "packet-session-status-active");
    }
  }
  for (const LinkConfig* link : touched) {
    const Modem& modem = m_modems[link->interface];
    // Its other lists may come first; the radio follows.
    if (modem.radio_seen) events.emplace_back(sample_of(modem, link->name, at));
  }
}

core::RadioSample TelemetryReader::sample_of(const Modem& modem, const core::LinkName& link,
                                             core::Instant at) {
  core::RadioSample sample{link, at, core::RadioAccess::none, false, {}, {}, {}, {}};
  if (modem.online) sample.access = access_of(modem.rat);
  if (sample.access == core::RadioAccess::lte && modem.nr_carrier)
    sample.access = core::RadioAccess::nr_nsa;
  const bool nr =
      sample.access == core::RadioAccess::nr_nsa || sample.access == core::RadioAccess::nr_sa;
  sample.rsrp = nr ? modem.nr_rsrp : modem.rsrp;
  sample.rsrq = nr ? modem.nr_rsrq : modem.rsrq;
  sample.sinr = nr ? modem.nr_sinr : modem.sinr;
  const auto band = nr ? modem.nr_band : modem.band;
  if (band.value_or(0) > 0) sample.band = static_cast<std::int32_t>(*band);
  // A list that is absent says nothing bad, but somebody must have said something good.
  const auto bad = [](const std::optional<bool>& fact) { return fact && !*fact; };
  const bool any = modem.service || modem.registered || modem.session;
  sample.in_service =
      modem.online && any && !bad(modem.service) && !bad(modem.registered) && !bad(modem.session);
  return sample;
}

std::optional<core::Micros> TelemetryReader::round_trip(const XmlNode& entry) {
  const XmlNode values = entry.child("stats").child("rtt").child("sla-time-values");
  const std::string_view accuracy = values.child("accuracy").text();
  // A jitter probe sends many packets: its round trip is the mean, not the last packet's.
  const bool jitter = entry.child("oper-type").text().ends_with("-jitter");
  const XmlNode latest = entry.child("rtt-info").child("latest-rtt");
  const XmlNode& parent = jitter && values.child("avg") ? values : latest;
  const std::string_view leaf = jitter && values.child("avg") ? "avg" : "rtt";
  const auto value = integer(parent, leaf, 0, kMaxRoundTripUs * 1000);
  if (!value) return std::nullopt;
  // Units vary by probe and software; milliseconds are the default of the CLI. A zero is "below one
  // unit", so it counts as half a unit, never as nothing.
  std::int64_t half_micros = *value * 2000;
  std::int64_t half_unit = 500;
  if (accuracy == "accuracy-microseconds") half_micros = *value * 2, half_unit = 1;
  if (accuracy == "accuracy-nanoseconds") half_micros = *value * 2 / 1000, half_unit = 1;
  const std::int64_t micros = *value == 0 ? half_unit : half_micros / 2;
  if (micros <= kMaxRoundTripUs) return core::Micros{std::max<std::int64_t>(micros, 1)};
  complain(degraded::kOutOfRange, parent, leaf, parent.child(leaf).text());
  return std::nullopt;
}

void TelemetryReader::read_probe(const XmlNode& node, core::Instant at, Events& events) {
  const auto id = parse<std::uint32_t>(node.child("oper-id").text());
  const auto link = std::find_if(
      m_config->links.begin(), m_config->links.end(), [&](const LinkConfig& candidate) {
        return id && std::any_of(candidate.probes.begin(), candidate.probes.end(),
                                 [&](const auto& probe) { return probe.entry == *id; });
      });
  if (link == m_config->links.end()) return;
  const auto successes = counter(node, "success-count");
  const auto failures = counter(node, "failure-count");
  const std::string_view code = node.child("latest-return-code").text();
  if (code.empty() || code == "ret-code-unknown") return;  // nothing has finished yet
  ProbeMark mark{successes.value_or(0), failures.value_or(0), {}};
  // The start changes when an operation begins, the counts when it ends; where there are counts,
  // only they tell that there is something new.
  if (!successes && !failures) mark.started = node.child("latest-oper-start-time").text();
  const auto [known, first] = m_probes.try_emplace(*id, mark);
  if (!first && known->second == mark) return;
  known->second = mark;
  core::ProbeSample sample{link->name, at, std::nullopt};
  const bool answered = code == "ret-code-ok" || code == "ret-code-over-threshold";
  if (answered) {
    sample.rtt = round_trip(node);
    if (!sample.rtt) return;  // it came back, but how fast is not known: not a loss
  }
  events.emplace_back(sample);
}

void TelemetryReader::note_missing(const XmlNode& data) {
  const XmlNode interfaces = data.child("interfaces");
  const XmlNode oper = data.child("cellwan-oper-data");
  const XmlNode probes = data.child("ip-sla-stats");
  const auto has = [](const XmlNode& parent, std::string_view list, std::string_view key,
                      std::string_view value) {
    const auto entries = parent.children(list);
    return std::any_of(entries.begin(), entries.end(),
                       [&](const XmlNode& entry) { return entry.child(key).text() == value; });
  };
  for (const LinkConfig& link : m_config->links) {
    if (!has(interfaces, "interface", "name", link.interface))
      note(*m_degradations, degraded::kInterfaceMissing, link.interface);
    if (link.kind == core::LinkKind::cellular &&
        !has(oper, "cellwan-radio", "cellular-interface", link.interface))
      note(*m_degradations, degraded::kRadioMissing, link.interface);
    for (const ProbeEntry& probe : link.probes) {
      const std::string entry = std::to_string(probe.entry);
      if (!has(probes, "sla-oper-entry", "oper-id", entry))
        note(*m_degradations, degraded::kProbeMissing, entry);
    }
  }
}

}  // namespace wanwise::iosxe
