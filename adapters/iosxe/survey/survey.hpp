// What one router can and cannot do for wanwise, found out on a session of its own: nothing is
// changed; a lock on running is taken and given back at once, because only that tells whether the
// user may write. One executor, one thread; everything else is a value.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "adapters/iosxe/config.hpp"
#include "adapters/iosxe/session/session.hpp"

namespace wanwise::iosxe {

enum class Health : std::uint8_t { pass, fail, unknown };

struct Finding {
  std::string topic;  ///< "NETCONF session", "clock" …
  Health health = Health::unknown;
  std::string found;
  std::string mend;  ///< what an operator can do; empty when it passes
};

/// Always at least the finding about the session. `wall_clock` is asked when the session has
/// begun: the router tells when that was by its own.
[[nodiscard]] boost::asio::awaitable<std::vector<Finding>> survey(
    SessionFactory factory, const RouterConfig& config, Deadline deadline,
    std::chrono::system_clock::time_point (*wall_clock)());

}  // namespace wanwise::iosxe
