// The read codec: state data of IOS XE -> core events. It takes the data of a <get> reply or of a
// push-update alike, whichever of the models it holds, and hands each model to its own reader. A
// value that is missing, outside its YANG type or outside what physics allows is absent, is counted
// under a name, and never stops the rest. No I/O, no clock; one reader belongs to one router's
// session thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "adapters/iosxe/config.hpp"
#include "adapters/iosxe/degradations.hpp"
#include "adapters/iosxe/mqc/names.hpp"
#include "adapters/iosxe/read/bfd.hpp"
#include "adapters/iosxe/read/health.hpp"
#include "adapters/iosxe/read/interfaces.hpp"
#include "adapters/iosxe/read/probes.hpp"
#include "adapters/iosxe/read/radio.hpp"
#include "adapters/iosxe/read/values.hpp"
#include "adapters/iosxe/release/features.hpp"
#include "adapters/iosxe/xml/xml.hpp"
#include "engine/core/event.hpp"

namespace wanwise::iosxe {

/// How much of what was asked for the data hold.
enum class Extent : std::uint8_t {
  part,  ///< a push of one path, or some of the feeds
  whole  ///< the answer to a <get>: what is not in it is not on the router
};

class TelemetryReader {
 public:
  TelemetryReader(const RouterConfig& config, const NameTable& names, Degradations& degradations);
  TelemetryReader(const TelemetryReader&) = delete;
  TelemetryReader& operator=(const TelemetryReader&) = delete;

  /// The events in `data`, the parent of the models' roots.
  [[nodiscard]] std::vector<core::EventBody> read(const XmlNode& data, core::Instant observed_at,
                                                  Extent extent = Extent::part);
  /// One <ipsla-reaction-update>; `read_again` is the entry whose results should be read at once.
  struct Reaction {
    std::vector<core::EventBody> events;
    std::optional<std::uint32_t> read_again;
  };
  [[nodiscard]] Reaction read_reaction(const XmlNode& update, core::Instant observed_at);
  /// Notes what a complete read of all feeds should have held and did not; a feature that the
  /// router does not have is not missed here.
  void note_missing(const XmlNode& data, const FeatureSet& features);
  /// A new session: what the last one said about operations under way no longer counts.
  void reset();

 private:
  const RouterConfig* m_config;
  Values m_values;
  InterfaceReader m_interfaces;
  RadioReader m_radio;
  ProbeReader m_probes;
  HealthReader m_health;
  BfdReader m_bfd;
};

}  // namespace wanwise::iosxe
