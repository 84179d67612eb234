// Cisco-IOS-XE-interfaces-oper -> LinkCounters and ClassCounters of the configured links, NodePort
// of the ports that nodes hang on. Keeps what makes 64 bits of a counter that has 32. No I/O;
// belongs to one router's reader.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/iosxe/config.hpp"
#include "adapters/iosxe/mqc/names.hpp"
#include "adapters/iosxe/read/values.hpp"
#include "engine/core/event.hpp"

namespace wanwise::iosxe {

/// A 32-bit counter carried on beyond its wrap: every step back is one turn. Right as long as it is
/// read more often than it turns, which at 1 Gbit/s is every 34 s.
class Unwrapped {
 public:
  [[nodiscard]] std::uint64_t next(std::uint32_t value);

 private:
  std::optional<std::uint32_t> m_last;
  std::uint64_t m_turns = 0;  ///< times 2^32
};

class InterfaceReader {
 public:
  InterfaceReader(const RouterConfig& config, const NameTable& names, Values& values)
      : m_config(&config), m_names(&names), m_values(&values) {}

  /// One <interface>.
  void read(const XmlNode& node, core::Instant at, std::vector<core::EventBody>& events);
  /// A new session: counters may have been turned back meanwhile.
  void reset() { m_unwrapped.clear(); }

 private:
  [[nodiscard]] std::optional<std::uint64_t> sent_bytes(const XmlNode& statistics,
                                                        const LinkConfig& link);
  void read_port(std::string_view interface, std::string_view state, core::Instant at,
                 std::vector<core::EventBody>& events) const;
  void read_queues(const XmlNode& node, const LinkConfig& link, core::Instant at,
                   std::vector<core::EventBody>& events);
  [[nodiscard]] std::optional<core::ClassName> class_at(const XmlNode& entry, bool in_child) const;
  bool read_queue(const XmlNode& queue, core::ClassCounters sample,
                  std::vector<core::EventBody>& events);

  const RouterConfig* m_config;
  const NameTable* m_names;
  Values* m_values;
  std::map<std::string, Unwrapped, std::less<>> m_unwrapped;  ///< by interface of a link
};

}  // namespace wanwise::iosxe
