#include "adapters/iosxe/write/locks.hpp"

#include <algorithm>
#include <utility>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/write/step.hpp"

namespace wanwise::iosxe {
namespace asio = boost::asio;

bool Locks::holds(const std::string& datastore) const {
  return std::find(m_held.begin(), m_held.end(), datastore) != m_held.end();
}

asio::awaitable<StepEnd> Locks::take(bool candidate, Deadline deadline) {
  StepEnd ended = co_await lock("running", deadline);
  if (!ended && candidate) ended = co_await lock("candidate", deadline);
  // What a session before us left there is not ours to commit.
  if (!ended && candidate) ended = refusal(co_await m_wire.ask(kDiscardChanges, deadline));
  co_return ended;
}

asio::awaitable<StepEnd> Locks::lock(std::string datastore, Deadline deadline) {
  const std::string request = lock_request(datastore);
  // A candidate that nobody has locked but somebody left modified cannot be locked (RFC 6241 7.5).
  // While somebody has locked it the router refuses to discard.
  const char* mend = datastore == "candidate" ? kDiscardChanges : nullptr;
  const auto reply = co_await m_wire.ask_patiently(request, deadline, mend);
  if (!reply) co_return lost_before(reply.error());
  if (!reply->failed()) {
    m_held.push_back(std::move(datastore));
    co_return std::nullopt;
  }
  const char* reason = is_transient(*reply) ? errors::kLockDenied : errors::kRpcError;
  co_return refused(reason, "lock of " + datastore + ": " + words(*reply));
}

asio::awaitable<void> Locks::give_back(Deadline deadline) {
  bool kept = false;
  while (!m_held.empty() && !m_wire.lost()) {
    const std::string request = unlock_request(m_held.back());
    m_held.pop_back();
    const auto reply = co_await m_wire.ask_patiently(request, deadline);
    kept = kept || !reply || reply->failed();
  }
  if (!kept || m_wire.lost()) co_return;
  // A lock that is not given back keeps everybody out, ourselves included, for as long as the
  // session lives: so it ends here (RFC 6241 7.8), and the loop makes a new one.
  const auto ignored = co_await m_wire.ask(kCloseSession, deadline);
  (void)ignored;
}

}  // namespace wanwise::iosxe
