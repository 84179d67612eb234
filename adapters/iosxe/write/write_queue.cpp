#include "adapters/iosxe/write/write_queue.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "adapters/iosxe/degradations.hpp"
#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/router_port.hpp"
#include "adapters/iosxe/write/recovery.hpp"

namespace wanwise::iosxe {
namespace asio = boost::asio;
namespace {

/// The answer to a write must leave before its deadline, also on a busy machine.
constexpr std::chrono::milliseconds kAnswerMargin{20};

}  // namespace

WriteQueue::Write::Write(const asio::any_io_executor& executor, core::ActionId the_id,
                         core::ApplyQos the_action, Deadline the_deadline)
    : id(the_id), action(std::move(the_action)), deadline(the_deadline), watchdog(executor) {}

WriteQueue::WriteQueue(asio::any_io_executor executor, WriteHost& host, const RouterConfig& config,
                       const NameTable& names, const Schema* schema)
    : m_executor(std::move(executor)),
      m_host(host),
      m_facts{config, names, schema},
      m_rate(config.limits.commits_per_minute),
      m_wake(m_executor) {}

void WriteQueue::answer(Write& write, core::Outcome outcome, std::string reason,
                        std::string detail) {
  if (std::exchange(write.answered, true)) return;
  write.watchdog.cancel();
  m_host.post(core::ActionDone{write.id, outcome, std::move(reason), std::move(detail)});
}

void WriteQueue::accept(std::shared_ptr<void> keep, core::ActionId id, core::ApplyQos action,
                        Deadline deadline) {
  if (m_stopped) return;
  const auto write = std::make_shared<Write>(m_executor, id, std::move(action), deadline);
  if (m_writes.size() >= kMaxWaitingWrites) {
    answer(*write, core::Outcome::refused, errors::kBusy, "too many writes are waiting");
    return;
  }
  write->watchdog.expires_at(write->deadline - kAnswerMargin / 2);
  write->watchdog.async_wait([this, keep, write](const auto& error) {
    if (error || write->answered) return;
    const core::Outcome outcome = write->begun ? core::Outcome::unknown : core::Outcome::refused;
    answer(*write, outcome, write->waiting_for, "the deadline came first");
  });
  m_writes.push_back(write);
  if (m_running) return;
  m_running = true;
  asio::co_spawn(
      m_executor, [this, keep = std::move(keep)] { return run(keep); }, asio::detached);
}

void WriteQueue::stop() {
  m_stopped = true;
  for (const auto& write : m_writes) write->watchdog.cancel();
  m_writes.clear();
  m_wake.cancel();
}

asio::awaitable<core::Expected<void>> WriteQueue::recover() {
  m_validate_unsafe = false;  // a new session may be with new software
  const Deadline deadline = std::chrono::steady_clock::now() +
                            std::chrono::microseconds{m_facts.config.limits.reply.count};
  co_return co_await end_pending_commit(m_host.write_session(), m_host.hello(), m_facts.config,
                                        deadline);
}

void WriteQueue::open() {
  m_open = true;
  m_wake.cancel();
}

void WriteQueue::shut() {
  m_open = false;
  m_wake.cancel();
}

asio::awaitable<void> WriteQueue::sleep_until(Deadline until) {
  m_wake.expires_at(until);
  boost::system::error_code ignored;
  co_await m_wake.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

/// Until the session is settled and the change is within the rate; the watchdog answers a write
/// whose deadline comes first.
asio::awaitable<void> WriteQueue::wait_for_turn(std::shared_ptr<Write> write) {
  const auto waits = [&] { return !write->answered && !m_stopped; };
  while (waits() && !m_open && m_host.write_session() != nullptr)
    co_await sleep_until(write->deadline);
  for (;;) {
    const auto now = std::chrono::steady_clock::now();
    const Deadline turn = m_rate.next(now);
    if (!waits() || turn <= now) co_return;
    write->waiting_for = errors::kCommitRate;
    co_await sleep_until(std::min(turn, write->deadline));
  }
}

asio::awaitable<void> WriteQueue::run(std::shared_ptr<void> keep) {
  while (!m_writes.empty()) {
    const std::shared_ptr<Write> write = m_writes.front();
    m_writes.pop_front();
    if (!write->answered) co_await carry_out(write);
  }
  m_running = false;
  keep.reset();
}

asio::awaitable<void> WriteQueue::carry_out(std::shared_ptr<Write> write) {
  co_await wait_for_turn(write);
  if (write->answered || m_stopped) co_return;
  const std::shared_ptr<Session> session = m_host.write_session();
  if (session == nullptr) {
    answer(*write, core::Outcome::refused, errors::kNotConnected, "no session with the router");
    co_return;
  }
  write->begun = true;
  write->waiting_for = errors::kDeadline;
  m_at_work = true;
  Hello hello = m_host.hello();
  hello.validate = hello.validate && !m_validate_unsafe;
  Transaction transaction{session, hello, m_host.dialect(), m_facts};
  const WriteResult result =
      co_await transaction.run(write->action.desired, write->deadline - kAnswerMargin);
  m_at_work = false;
  conclude(*write, transaction.desired(), result);
}

void WriteQueue::conclude(Write& write, const Mqc& desired, const WriteResult& result) {
  if (result.committed) m_rate.note(std::chrono::steady_clock::now());
  if (result.outcome == core::Outcome::done) m_drift.wrote(desired);
  if (result.outcome == core::Outcome::unknown) m_drift.may_have_written(desired);
  if (!result.save_error.empty()) m_host.degrade(degraded::kSaveFailed, result.save_error);
  if (result.validate_unsafe) {
    m_validate_unsafe = true;
    m_host.degrade(degraded::kValidateUnsafe, "the commit after <validate> changed nothing");
  }
  if (!result.effect_unseen.empty()) m_host.degrade(degraded::kEffectUnseen, result.effect_unseen);
  if (result.observed) {
    m_host.wrote(*result.observed);
  } else {
    m_host.reconcile_now();
  }
  answer(write, result.outcome, result.reason, result.detail);
}

}  // namespace wanwise::iosxe
