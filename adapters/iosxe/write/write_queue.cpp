#include "adapters/iosxe/write/write_queue.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

#include "adapters/iosxe/degradations.hpp"
#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/router_port.hpp"

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
      m_config(config),
      m_names(names),
      m_schema(schema) {}

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
    answer(*write, outcome, errors::kDeadline, "the deadline came first");
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
  const std::shared_ptr<Session> session = m_host.write_session();
  if (session == nullptr) {
    answer(*write, core::Outcome::refused, errors::kNotConnected, "no session with the router");
    co_return;
  }
  write->begun = true;
  QosWriter writer{session, m_host.hello(), m_config, m_names, m_schema};
  const WriteResult result =
      co_await writer.write(write->action.desired, write->deadline - kAnswerMargin);
  if (!result.save_error.empty()) m_host.degrade(degraded::kSaveFailed, result.save_error);
  if (result.observed) m_host.wrote(*result.observed);
  answer(*write, result.outcome, result.reason, result.detail);
}

}  // namespace wanwise::iosxe
