#include "adapters/iosxe/read/radio.hpp"

#include <algorithm>
#include <string_view>

namespace wanwise::iosxe {
namespace {

using core::MilliDb;

// What a modem can measure. Sentinels (0, -32768, 32767, 255) fall outside.
constexpr std::int64_t kMinRsrp = -156, kMaxRsrp = -31;  ///< dBm, TS 38.133 table 10.1.6.1-1
constexpr std::int64_t kMinRsrq = -43, kMaxRsrq = 20;    ///< dB, TS 38.133 table 10.1.11.1-1
constexpr std::int64_t kMinSinr = -23, kMaxSinr = 40;    ///< dB, TS 38.133 table 10.1.16.1-1
constexpr std::int64_t kMaxBand = 1024;  ///< TS 38.101 bands end at n512; 0 says "none"

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

const LinkConfig* RadioReader::link_at(std::string_view interface) const {
  const auto at = std::find_if(m_config->links.begin(), m_config->links.end(),
                               [&](const LinkConfig& link) { return link.interface == interface; });
  return at != m_config->links.end() ? &*at : nullptr;
}

void RadioReader::read_radio(const XmlNode& node, Modem& modem) {
  modem.radio_seen = true;
  const std::string_view power = node.child("radio-power-mode").text();
  modem.online = power.empty() || power == "radio-power-mode-online";
  modem.rat = node.child("radio-rat-selected").text();
  modem.band = m_values->integer(node, "radio-band", 0, kMaxBand);
  modem.rsrp = m_values->decibel(node, "radio-rsrp", kMinRsrp, kMaxRsrp);
  modem.rsrq = m_values->decibel(node, "radio-rsrq", kMinRsrq, kMaxRsrq);
  modem.sinr = m_values->decibel(node, "radio-snr", kMinSinr, kMaxSinr);
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
  modem.nr_band = parse_integer<std::int64_t>(node.child("nr5g-band").text());
  if (modem.nr_band.value_or(0) < 1 || *modem.nr_band > kMaxBand) modem.nr_band.reset();
  modem.nr_carrier = carrier && (modem.nr_band || modem.nr_rsrp);
}

void RadioReader::read(const XmlNode& oper, core::Instant at, Events& events) {
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

core::RadioSample RadioReader::sample_of(const Modem& modem, const core::LinkName& link,
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

}  // namespace wanwise::iosxe
