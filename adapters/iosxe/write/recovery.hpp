// What a new session has to know of earlier ones: whether a commit of ours still waits to be
// confirmed, of a write whose session was lost, or of a wanwise that died. The executor's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>

#include "adapters/iosxe/config.hpp"
#include "adapters/iosxe/session/session.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::iosxe {

/// Ends it by its persist-id: the router then holds the old configuration, and what is read next is
/// what stays. Without confirmed commit there is nothing to do. A refusal means that none waits; an
/// error, that the session is lost.
[[nodiscard]] boost::asio::awaitable<core::Expected<void>> end_pending_commit(
    std::shared_ptr<Session> session, const Hello& hello, const RouterConfig& config,
    Deadline deadline);

}  // namespace wanwise::iosxe
