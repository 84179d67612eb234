#include "adapters/iosxe/session/pending.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace wanwise::iosxe {

namespace asio = boost::asio;

struct PendingReplies::One {
  explicit One(const asio::any_io_executor& executor) : wake(executor) {}
  asio::steady_timer wake;
  std::optional<Result> result;
};

PendingReplies::PendingReplies(asio::any_io_executor executor) : m_executor(std::move(executor)) {}

PendingReplies::~PendingReplies() = default;

void PendingReplies::add(std::uint64_t id) {
  m_waiting.emplace(id, std::make_shared<One>(m_executor));
}

asio::awaitable<std::optional<PendingReplies::Result>> PendingReplies::wait(std::uint64_t id,
                                                                            Deadline deadline) {
  const auto at = m_waiting.find(id);
  if (at == m_waiting.end()) co_return std::nullopt;
  const std::shared_ptr<One> one = at->second;
  if (!one->result) {
    one->wake.expires_at(deadline);
    boost::system::error_code ignored;
    co_await one->wake.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  m_waiting.erase(id);
  co_return std::move(one->result);
}

bool PendingReplies::answer(std::optional<std::uint64_t> id, Result result) {
  const auto at = std::find_if(m_waiting.begin(), m_waiting.end(), [&](const auto& entry) {
    return !entry.second->result && (!id || entry.first == *id);
  });
  if (at == m_waiting.end()) return false;
  at->second->result.emplace(std::move(result));
  at->second->wake.cancel();
  return true;
}

void PendingReplies::end_all(const core::Error& error) {
  for (auto& [id, one] : m_waiting) {
    if (!one->result) one->result.emplace(core::Unexpected{error});
    one->wake.cancel();
  }
}

}  // namespace wanwise::iosxe
