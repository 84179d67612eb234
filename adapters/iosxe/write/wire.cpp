#include "adapters/iosxe/write/wire.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/session/ask.hpp"

namespace wanwise::iosxe {
namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;
namespace {

/// The pause between tries doubles up to this: a lock that is free again is taken within a second.
constexpr std::chrono::milliseconds kMaxPause{1000};
/// No further try without time for so many round trips as the last one took: a request that the
/// deadline overtakes ends the session. It and its mend are two; twice that for a slower moment.
constexpr int kRoundTripsLeft = 4;

std::string on_target(const char* operation, const std::string& datastore) {
  return XmlWriter{}.open(operation).open("target").empty(datastore).close().close().take();
}

bool is_transient(const RpcError& error) {
  // The second is how the synchronisation daemon of IOS XE words itself, under several tags.
  return error.tag == "lock-denied" || error.tag == "in-use" ||
         error.message.find("Sync is in progress") != std::string::npos;
}

}  // namespace

bool is_transient(const Reply& reply) {
  const auto& errors = reply.errors();
  return !errors.empty() && std::all_of(errors.begin(), errors.end(),
                                        [](const RpcError& error) { return is_transient(error); });
}

std::string words(const Reply& reply) {
  std::string all;
  for (const RpcError& error : reply.errors()) all += (all.empty() ? "" : ", ") + to_string(error);
  return all;
}

std::string lock_request(const std::string& datastore) {
  return on_target("lock", datastore);
}

std::string unlock_request(const std::string& datastore) {
  return on_target("unlock", datastore);
}

asio::awaitable<void> pause_until(Deadline deadline) {
  asio::steady_timer timer{co_await asio::this_coro::executor};
  timer.expires_at(deadline);
  boost::system::error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

asio::awaitable<core::Expected<Reply>> Wire::ask(std::string operation, Deadline deadline) {
  if (m_lost) co_return core::Unexpected{*m_lost};
  auto reply = co_await iosxe::ask(*m_session, std::move(operation), deadline);
  // A reply that cannot be read says nothing about what was done: as good as none.
  if (!reply) m_lost = reply.error();
  co_return reply;
}

asio::awaitable<core::Expected<Reply>> Wire::ask_patiently(std::string operation, Deadline deadline,
                                                           const char* mend) {
  const Deadline patience =
      std::min(deadline, Steady::now() + std::chrono::microseconds{m_limits.lock_patience.count});
  std::chrono::milliseconds pause{std::max<std::int64_t>(m_limits.lock_retry.count / 1000, 1)};
  for (int tries = 1;; ++tries) {
    const Deadline asked = Steady::now();
    auto reply = co_await ask(operation, deadline);
    if (!reply || !is_transient(*reply) || tries >= kMaxTries) co_return reply;
    const Deadline again = Steady::now() + pause;
    const auto room = (Steady::now() - asked) * kRoundTripsLeft;
    if (again >= patience || again + room >= deadline) co_return reply;
    if (mend != nullptr) {
      const auto mended = co_await ask(mend, deadline);
      if (!mended) co_return core::Unexpected{mended.error()};
    }
    co_await pause_until(again);
    pause = std::min(pause * 2, kMaxPause);
  }
}

}  // namespace wanwise::iosxe
