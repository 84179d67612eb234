// Canned routers as a process of their own, so that what they cost is not counted as wanwise's, and
// the RouterPorts that talk to them. fork() comes first: make it before any thread.
#pragma once

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "adapters/iosxe/router_port.hpp"
#include "tests/support/canned_routers.hpp"

namespace wanwise::test {

class CannedProcess {
 public:
  /// So many threads, each with a port of its own.
  CannedProcess(std::size_t threads, const std::function<CannedScript()>& script);
  ~CannedProcess();
  CannedProcess(const CannedProcess&) = delete;
  CannedProcess& operator=(const CannedProcess&) = delete;

  struct Door {
    std::uint16_t port = 0;
    std::string host_key;
  };
  [[nodiscard]] const std::vector<Door>& doors() const { return m_doors; }

 private:
  pid_t m_child = -1;
  int m_life = -1;  ///< the child ends when it is closed
  std::vector<Door> m_doors;
};

/// Counts, and keeps nothing. Used on the io_context's thread alone.
class CountingSink final : public ports::EventSink {
 public:
  void post(core::EventBody body) override;
  std::uint64_t events = 0;
  std::uint64_t counters = 0;  ///< LinkCounters: one for each push-update of the interface
  std::uint64_t connected = 0;
  std::uint64_t lost = 0;
  std::uint64_t done = 0;         ///< ActionDone
  std::set<std::string> reasons;  ///< of all losses
  std::function<void(const core::EventBody&)> also;
};

struct FleetRouter {
  std::unique_ptr<CountingSink> sink;
  std::unique_ptr<iosxe::RouterPort> port;
};

/// A router with one cellular link under QoS and a probe: five feeds.
[[nodiscard]] iosxe::RouterConfig fleet_config(const CannedProcess::Door& door,
                                               const std::string& user,
                                               const std::string& password_file);

/// The soft limit of descriptors raised to what `sessions` need (two each: the socket and libssh's
/// copy). False, with the words for people, when the hard limit is lower.
[[nodiscard]] bool raise_descriptor_limit(std::size_t sessions, std::string& why);

[[nodiscard]] std::size_t resident_bytes();
/// User and system time of this process.
[[nodiscard]] double cpu_seconds();

}  // namespace wanwise::test
