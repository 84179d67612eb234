// The read codec: state data of IOS XE -> core events. It takes the data of a <get> reply or of a
// push-update alike, whichever of the models it holds. It trusts nothing: a value that is missing,
// outside its YANG type or outside what physics allows is absent, is counted under a name, and
// never stops the rest. Identities of the modem or the SIM (IMEI, IMSI, ICCID, numbers) are never
// asked for. No I/O, no clock; one reader belongs to one router's session thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/iosxe/config.hpp"
#include "adapters/iosxe/degradations.hpp"
#include "adapters/iosxe/mqc/names.hpp"
#include "adapters/iosxe/xml/xml.hpp"
#include "engine/core/event.hpp"

namespace wanwise::iosxe {

/// What is read on its own: one subtree for polling, one path for a subscription.
enum class FeedKind : std::uint8_t { interface, radio, network, connection, probe };

struct Feed {
  FeedKind kind = FeedKind::interface;
  std::string key;  ///< the interface's name, or the number of the IP SLA entry

  auto operator<=>(const Feed&) const = default;
};

/// All feeds of a router: each link's interface, the modem's three lists, the probes.
[[nodiscard]] std::vector<Feed> feeds_of(const RouterConfig& config);
/// <get> of these feeds, with every key in the filter.
[[nodiscard]] std::string get_feeds(const std::vector<Feed>& feeds);
/// establish-subscription of one feed (draft yang-push of 2016, period in hundredths of a second).
[[nodiscard]] std::string establish_subscription(const Feed& feed, core::Micros period);

class TelemetryReader {
 public:
  TelemetryReader(const RouterConfig& config, const NameTable& names, Degradations& degradations)
      : m_config(&config), m_names(&names), m_degradations(&degradations) {}

  /// The events in `data`, the parent of the models' roots.
  [[nodiscard]] std::vector<core::EventBody> read(const XmlNode& data, core::Instant observed_at);
  /// Notes what a complete read of all feeds should have held and did not.
  void note_missing(const XmlNode& data);
  /// A new session: what the last one said about operations under way no longer counts.
  void reset();

 private:
  /// What the three lists of a modem say, each at its own time.
  struct Modem {
    bool radio_seen = false;
    bool online = true;
    std::string rat;
    std::optional<std::int64_t> band, nr_band;
    std::optional<core::MilliDb> rsrp, rsrq, sinr, nr_rsrp, nr_rsrq, nr_sinr;
    bool nr_carrier = false;
    std::optional<bool> service, registered, session;
  };
  /// What tells one finished operation of a probe from the next.
  struct ProbeMark {
    std::uint64_t successes = 0, failures = 0;
    std::string started;
    bool operator==(const ProbeMark&) const = default;
  };
  using Events = std::vector<core::EventBody>;

  void read_interface(const XmlNode& node, core::Instant at, Events& events);
  void read_queues(const XmlNode& node, const LinkConfig& link, core::Instant at, Events& events);
  [[nodiscard]] std::optional<core::ClassName> class_at(const XmlNode& entry,
                                                        const core::LinkName& link) const;
  bool read_queue(const XmlNode& queue, core::ClassCounters sample, Events& events);
  void read_modems(const XmlNode& oper, core::Instant at, Events& events);
  void read_radio(const XmlNode& node, Modem& modem);
  static core::RadioSample sample_of(const Modem& modem, const core::LinkName& link,
                                     core::Instant at);
  void read_probe(const XmlNode& node, core::Instant at, Events& events);
  std::optional<core::Micros> round_trip(const XmlNode& entry);

  const LinkConfig* link_at(std::string_view interface) const;
  std::optional<std::uint64_t> counter(const XmlNode& parent, std::string_view leaf);
  std::optional<std::int64_t> integer(const XmlNode& parent, std::string_view leaf,
                                      std::int64_t low, std::int64_t high);
  std::optional<core::MilliDb> decibel(const XmlNode& parent, std::string_view leaf,
                                       std::int64_t low, std::int64_t high);
  void complain(const char* name, const XmlNode& parent, std::string_view leaf,
                std::string_view text);

  const RouterConfig* m_config;
  const NameTable* m_names;
  Degradations* m_degradations;
  std::map<std::string, Modem, std::less<>> m_modems;  ///< by interface of a configured link
  std::map<std::uint32_t, ProbeMark> m_probes;         ///< by configured entry
};

}  // namespace wanwise::iosxe
