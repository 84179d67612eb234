#include "adapters/iosxe/write/recovery.hpp"

#include <utility>

#include "adapters/iosxe/write/confirmed_commit.hpp"

namespace wanwise::iosxe {

boost::asio::awaitable<core::Expected<void>> end_pending_commit(std::shared_ptr<Session> session,
                                                                const Hello& hello,
                                                                const RouterConfig& config,
                                                                Deadline deadline) {
  if (!hello.candidate || !hello.confirmed_commit) co_return core::Expected<void>{};
  Wire wire{std::move(session), config.limits};
  const std::string request = cancel_request(persist_id_of(config.router));
  // In use: by the lock of a session that the router does not know to be dead yet.
  const auto reply = co_await wire.ask_patiently(request, deadline);
  if (!reply) co_return core::Unexpected{reply.error()};
  co_return core::Expected<void>{};
}

}  // namespace wanwise::iosxe
