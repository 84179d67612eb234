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

#include "adapters/iosxe/session/session.hpp"
#include "adapters/iosxe/write/qos_writer.hpp"
#include "engine/core/action.hpp"

namespace wanwise::iosxe {

/// What the queue needs of the loop it belongs to.
class WriteHost {
 public:
  virtual ~WriteHost() = default;
  /// The session writes may use; null while there is none.
  [[nodiscard]] virtual std::shared_ptr<Session> write_session() const = 0;
  [[nodiscard]] virtual const Hello& hello() const = 0;
  virtual void post(core::EventBody body) = 0;
  /// What the router was read to hold, after a write.
  virtual void wrote(const ObservedConfig& observed) = 0;
  virtual void degrade(const char* name, std::string detail) = 0;
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
  /// Whether a write is under way or waits.
  [[nodiscard]] bool busy() const { return m_running; }

 private:
  /// A submitted write: answered exactly once, by its deadline.
  struct Write {
    Write(const boost::asio::any_io_executor& executor, core::ActionId the_id,
          core::ApplyQos the_action, Deadline the_deadline);
    core::ActionId id;
    core::ApplyQos action;
    Deadline deadline;
    boost::asio::steady_timer watchdog;
    bool begun = false;
    bool answered = false;
  };

  boost::asio::awaitable<void> run(std::shared_ptr<void> keep);
  boost::asio::awaitable<void> carry_out(std::shared_ptr<Write> write);
  void answer(Write& write, core::Outcome outcome, std::string reason, std::string detail);

  boost::asio::any_io_executor m_executor;
  WriteHost& m_host;
  const RouterConfig& m_config;
  const NameTable& m_names;
  const Schema* m_schema;
  std::deque<std::shared_ptr<Write>> m_writes;
  bool m_running = false;
  bool m_stopped = false;
};

}  // namespace wanwise::iosxe
