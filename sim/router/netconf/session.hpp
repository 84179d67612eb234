// One NETCONF session of the emulated router. Its own thread polls it; the senders of its
// subscriptions write to it too.
#pragma once

#include <atomic>
#include <cstdint>
#include <ctime>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "sim/router/netconf/netconf_c.hpp"

namespace wanwise::router {

class Rpcs;

struct Session {
  nc_session* raw = nullptr;
  std::uint32_t id = 0;
  std::string host;  ///< of its client
  std::timespec login{};
  Rpcs* rpcs = nullptr;  ///< serves it; outlives it
  /// Held by whoever lets libnetconf2 use the connection. nc_ps_poll() without a timeout would drop
  /// a reply that meets a notification on its way out; sessions of one SSH connection share it.
  std::shared_ptr<std::mutex> wire = std::make_shared<std::mutex>();
  /// Another session asked for its end; 0: nobody did. Its thread ends it.
  std::atomic<std::uint32_t> killed_by = 0;
  std::atomic<bool> ended = false;
  /// How much of the reply being sent its client gets before the connection ends (--fault-script);
  /// used by the session's own thread alone.
  enum class Cut : std::uint8_t { none, nothing, half, all } cut = Cut::none;
  std::thread thread;
};

}  // namespace wanwise::router
