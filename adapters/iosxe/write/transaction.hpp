// One write, as a transaction: the router's wanwise configuration becomes the desired one, whole or
// not at all, and that is proved by reading it back.
//
//   plan -> lock running, candidate -> discard what others left -> read -> is anybody in the way?
//   -> edit, validate, commit -> read the configuration back, see it in force -> confirm -> unlock
//
// Whatever fails, running becomes again what it was before, as far as the router lets us; where the
// session is lost on the way, the router itself holds the old or the new configuration, and the
// next session finds out which (recovery.hpp). One object does one write on one session. The
// executor's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>

#include "adapters/iosxe/release/dialect.hpp"
#include "adapters/iosxe/session/session.hpp"
#include "adapters/iosxe/write/change.hpp"
#include "adapters/iosxe/write/locks.hpp"
#include "adapters/iosxe/write/read_back.hpp"
#include "adapters/iosxe/write/wire.hpp"

namespace wanwise::iosxe {

class Transaction {
 public:
  Transaction(std::shared_ptr<Session> session, const Hello& hello, const Dialect& dialect,
              const WriteFacts& facts);

  /// Once. Ends by the deadline.
  [[nodiscard]] boost::asio::awaitable<WriteResult> run(const core::RouterQos& desired,
                                                        Deadline deadline);
  /// What the write makes of the router, once run() has begun; empty when it could not be planned.
  [[nodiscard]] const Mqc& desired() const { return m_desired; }

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;

  Awaitable<WriteResult> behind_locks(Deadline deadline);
  Awaitable<StepEnd> look_before(Deadline deadline);
  Awaitable<WriteResult> attempt(bool validate, Deadline deadline);
  Awaitable<StepEnd> look_after(Deadline deadline);
  Awaitable<void> save(WriteResult& result, Deadline deadline);
  Awaitable<void> undo(WriteResult& result, Deadline deadline);
  Awaitable<void> take_back(Deadline deadline);
  Awaitable<void> look_again(Deadline deadline);
  [[nodiscard]] bool as_before() const;

  const WriteFacts m_facts;
  const Hello m_hello;
  const Dialect m_dialect;
  Wire m_wire;
  Locks m_locks;
  std::unique_ptr<Change> m_change;
  Mqc m_desired;
  std::optional<Seen> m_before;
  std::optional<Seen> m_now;  ///< after the change, where it was read
  std::string m_effect_unseen;
};

}  // namespace wanwise::iosxe
