#include "adapters/iosxe/session/ask.hpp"

#include <utility>

namespace wanwise::iosxe {

boost::asio::awaitable<core::Expected<Reply>> ask(Session& session, std::string operation,
                                                  Deadline deadline) {
  auto text = co_await session.rpc(std::move(operation), deadline);
  if (!text) co_return core::Unexpected{text.error()};
  co_return Reply::parse(*text);
}

}  // namespace wanwise::iosxe
