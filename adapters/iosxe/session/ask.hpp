// One request on a session, its answer read. An <rpc-error> is an answer, not an error here.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "adapters/iosxe/session/session.hpp"
#include "adapters/iosxe/xml/reply.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::iosxe {

[[nodiscard]] boost::asio::awaitable<core::Expected<Reply>> ask(Session& session,
                                                                std::string operation,
                                                                Deadline deadline);

}  // namespace wanwise::iosxe
