// running and candidate of one router, their locks, and the confirmed commit (RFC 6241 sections
// 7.5, 8.3, 8.4). Every change of running is validated, put to the IOS checks and told to the
// observer before it becomes true; a refused change leaves no trace. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "sim/router/config/edit.hpp"
#include "sim/router/netconf/netconf_c.hpp"
#include "sim/router/netconf/rpc_error.hpp"
#include "sim/router/netconf/yang_context.hpp"

namespace wanwise::router {

using SessionId = std::uint32_t;
/// Changes of the router's own are nobody's session's.
inline constexpr SessionId kRouterItself = 0;
using SteadyTime = std::chrono::steady_clock::time_point;
using Outcome = core::Expected<void, RpcError>;

enum class TestOption : std::uint8_t { test_then_set, set, test_only };

struct EditRequest {
  Datastore target = Datastore::running;
  const lyd_node* config = nullptr;  ///< content of <config>
  EditOperation default_operation = EditOperation::merge;
  std::optional<TestOption> test = std::nullopt;
};

struct CommitRequest {
  bool confirmed = false;
  std::chrono::seconds timeout{600};  ///< RFC 6241 section 8.4.1: default 600 s
  std::string persist = {};
  std::string persist_id = {};
};

class Datastores {
 public:
  /// Called under the lock of this object with the new running configuration.
  using Observer = std::function<void(const Tree& running)>;
  /// Called under the same lock after a change of running, with who made it.
  using Witness = std::function<void(const Tree& before, const Tree& after, SessionId by)>;

  Datastores(const ly_ctx* ctx, Datastore writable, Tree startup, Observer observer);

  /// One at most; to be set before there are sessions.
  void set_witness(Witness witness) { m_witness = std::move(witness); }

  [[nodiscard]] Outcome lock(Datastore which, SessionId session);
  [[nodiscard]] Outcome unlock(Datastore which, SessionId session);
  [[nodiscard]] Outcome edit(const EditRequest& request, SessionId session);
  [[nodiscard]] Outcome discard(SessionId session);
  [[nodiscard]] Outcome validate(Datastore which) const;
  [[nodiscard]] Outcome commit(const CommitRequest& request, SessionId session, SteadyTime now);
  [[nodiscard]] Outcome cancel_commit(const std::string& persist_id, SessionId session);

  /// Releases the session's locks, discards what it left in a locked candidate, rolls its
  /// unconfirmed commit back.
  void session_ended(SessionId session);
  /// Rolls back a confirmed commit whose time is over; ends the sync daemon's lock.
  void check_deadline(SteadyTime now);

  /// A change at the CLI: nobody's lock is asked. The candidate follows when it has no changes.
  [[nodiscard]] Outcome edit_by_hand(const lyd_node* config);
  /// The whole of running by another configuration, which must be valid. kRouterItself: nobody's
  /// locks are asked.
  [[nodiscard]] Outcome replace(Tree next, SessionId session);
  /// The router's sync daemon keeps other sessions from locking and changing until then; who holds
  /// a lock already goes on.
  void sync_until(SteadyTime until);
  /// NETCONF restarts: locks, the candidate and a commit that waits are lost.
  void restart();

  /// As cisco-ia's is-syncing tells it.
  struct Standing {
    bool syncing = false;
    bool running_locked = false;
    bool candidate_locked = false;
    bool candidate_dirty = false;
  };
  [[nodiscard]] Standing standing() const;

  [[nodiscard]] Tree copy(Datastore which) const;
  [[nodiscard]] std::uint64_t commits() const;

 private:
  struct Pending {
    Tree previous;
    SteadyTime deadline;
    SessionId session = 0;
    std::string persist;
  };

  [[nodiscard]] SessionId& holder(Datastore which);
  [[nodiscard]] Outcome check_lock(SessionId owner, SessionId session) const;
  [[nodiscard]] std::string sync_says() const;
  [[nodiscard]] Outcome check_offered(Datastore which) const;
  [[nodiscard]] Outcome check_pending(const std::string& persist_id, SessionId session) const;
  [[nodiscard]] Outcome install(Tree next, SessionId by, bool test_only);
  void become(Tree next, SessionId by);
  void reset_candidate();
  void roll_back();

  const ly_ctx* m_ctx;
  const Datastore m_writable;
  const Observer m_observer;
  Witness m_witness;
  mutable std::mutex m_mutex;
  Tree m_running;
  Tree m_candidate;
  bool m_candidate_modified = false;
  SessionId m_running_holder = 0;
  SessionId m_candidate_holder = 0;
  std::optional<Pending> m_pending;
  std::optional<SteadyTime> m_sync_until;
  std::string m_sync_since;
  std::uint64_t m_commits = 0;
};

}  // namespace wanwise::router
