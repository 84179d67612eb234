// The writing half of RouterPort: takes submitted writes, carries them out one by one on the
// session there is, and answers each exactly once, by its deadline. Belongs to the port's loop,
// which is its host; everything happens on the executor's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/session/session.hpp"
#include "adapters/iosxe/write/commit_rate.hpp"
#include "adapters/iosxe/write/drift.hpp"
#include "adapters/iosxe/write/transaction.hpp"
#include "engine/core/action.hpp"

namespace wanwise::iosxe {

/// What the queue needs of the loop it belongs to.
class WriteHost {
 public:
  virtual ~WriteHost() = default;
  /// The session writes may use; null while there is none.
  [[nodiscard]] virtual std::shared_ptr<Session> write_session() const = 0;
  [[nodiscard]] virtual const Hello& hello() const = 0;
  /// Known once open() was called.
  [[nodiscard]] virtual Dialect dialect() const = 0;
  virtual void post(core::EventBody body) = 0;
  /// What the router was read to hold, after a write.
  virtual void wrote(const ObservedConfig& observed) = 0;
  virtual void degrade(const char* name, std::string detail) = 0;
  /// Running is to be read now, not at the next turn: a write ended without knowing what it holds.
  virtual void reconcile_now() = 0;
};

class WriteQueue {
 public:
  /// All outlive the queue; `schema` may be null.
  WriteQueue(boost::asio::any_io_executor executor, WriteHost& host, const RouterConfig& config,
             const NameTable& names, const Schema* schema);

  /// `keep` holds the host, and the queue with it, until this write has ended.
  void accept(std::shared_ptr<void> keep, core::ActionId id, core::ApplyQos action,
              Deadline deadline);
  /// Forgets what waits; a write under way ends with its session.
  void stop();

  /// First thing on each session: what earlier sessions left unconfirmed comes to its end. An error
  /// when the session is lost.
  [[nodiscard]] boost::asio::awaitable<core::Expected<void>> recover();
  /// Running has been read: writes may begin. Until then they wait.
  void open();
  /// The session is lost, and the host has none any more.
  void shut();

  /// Whether a write is at work on the router: what is read meanwhile may not stay.
  [[nodiscard]] bool busy() const { return m_at_work; }
  /// What somebody else changed in what is ours, given what running was just read to hold.
  [[nodiscard]] std::vector<std::string> altered(const ObservedConfig& observed) {
    return m_drift.altered(observed.own);
  }

 private:
  /// A submitted write: answered exactly once, by its deadline.
  struct Write {
    Write(const boost::asio::any_io_executor& executor, core::ActionId the_id,
          core::ApplyQos the_action, Deadline the_deadline);
    core::ActionId id;
    core::ApplyQos action;
    Deadline deadline;
    boost::asio::steady_timer watchdog;
    const char* waiting_for = errors::kDeadline;  ///< while it has not begun
    bool begun = false;
    bool answered = false;
  };

  boost::asio::awaitable<void> run(std::shared_ptr<void> keep);
  boost::asio::awaitable<void> wait_for_turn(std::shared_ptr<Write> write);
  boost::asio::awaitable<void> sleep_until(Deadline until);
  boost::asio::awaitable<void> carry_out(std::shared_ptr<Write> write);
  void conclude(Write& write, const Mqc& desired, const WriteResult& result);
  void answer(Write& write, core::Outcome outcome, std::string reason, std::string detail);

  boost::asio::any_io_executor m_executor;
  WriteHost& m_host;
  const WriteFacts m_facts;
  Drift m_drift;
  CommitRate m_rate;
  std::deque<std::shared_ptr<Write>> m_writes;
  boost::asio::steady_timer m_wake;
  bool m_open = false;
  bool m_running = false;  ///< run() is under way
  bool m_at_work = false;
  bool m_stopped = false;
  bool m_validate_unsafe = false;  ///< of this session: see degraded::kValidateUnsafe
};

}  // namespace wanwise::iosxe
