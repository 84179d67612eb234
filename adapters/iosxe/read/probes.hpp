// Cisco-IOS-XE-ip-sla-oper -> ProbeSample, once for each finished operation, and
// Cisco-IOS-XE-ip-sla-events -> PathAlarm. No I/O; belongs to one router's reader.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/iosxe/config.hpp"
#include "adapters/iosxe/read/values.hpp"
#include "engine/core/event.hpp"

namespace wanwise::iosxe {

/// What an operation's return code says about the path.
enum class ProbeVerdict : std::uint8_t {
  answered,  ///< it came back, in time or not
  lost,      ///< it went out and did not come back
  none,      ///< nothing finished, or the router itself could not measure
};
[[nodiscard]] ProbeVerdict verdict_of(std::string_view return_code);

class ProbeReader {
 public:
  ProbeReader(const RouterConfig& config, Values& values) : m_config(&config), m_values(&values) {}

  /// One <sla-oper-entry>.
  void read(const XmlNode& entry, core::Instant at, std::vector<core::EventBody>& events);
  /// One <ipsla-reaction-update>. Gives the entry when it says something that only a read of the
  /// results tells in full: a threshold was crossed, or the path is back.
  std::optional<std::uint32_t> read_reaction(const XmlNode& update, core::Instant at,
                                             std::vector<core::EventBody>& events);
  void reset() {
    m_marks.clear();
    m_raised.clear();
  }

 private:
  /// What tells one finished operation of a probe from the next.
  struct Mark {
    std::uint64_t successes = 0, failures = 0;
    std::string started;
    bool operator==(const Mark&) const = default;
  };
  struct Probed {
    const LinkConfig* link = nullptr;
    std::optional<core::ClassName> service_class;
  };

  [[nodiscard]] Probed probed_by(std::uint32_t entry) const;
  [[nodiscard]] bool is_news(std::uint32_t entry, const XmlNode& node);
  std::optional<core::Micros> round_trip(const XmlNode& entry);
  std::optional<core::Micros> jitter(const XmlNode& entry);
  std::optional<core::Ppm> loss(const XmlNode& entry);
  /// A time in the unit of the `accuracy` beside it.
  std::optional<core::Micros> time(const XmlNode& parent, std::string_view leaf,
                                   std::string_view accuracy);
  void take_back(std::uint32_t entry, const LinkConfig& link, core::Instant at,
                 std::vector<core::EventBody>& events);

  const RouterConfig* m_config;
  Values* m_values;
  std::map<std::uint32_t, Mark> m_marks;  ///< by configured entry
  std::set<std::uint32_t> m_raised;       ///< configured entries whose reaction stands
};

}  // namespace wanwise::iosxe
