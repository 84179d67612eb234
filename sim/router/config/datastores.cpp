#include "sim/router/config/datastores.hpp"

#include <ctime>
#include <utility>

#include "sim/router/config/ios_checks.hpp"

namespace wanwise::router {
namespace {

core::Unexpected<RpcError> protocol_error(NC_ERR tag, std::string message) {
  RpcError e;
  e.tag = tag;
  e.type = NC_ERR_TYPE_PROT;
  e.message = std::move(message);
  return {std::move(e)};
}

core::Unexpected<RpcError> lock_denied(SessionId owner, std::string message) {
  RpcError e;
  e.tag = NC_ERR_LOCK_DENIED;
  e.type = NC_ERR_TYPE_PROT;
  e.session_id = owner;
  e.message = std::move(message);
  return {std::move(e)};
}

std::string locked_by(SessionId owner) {
  return "the configuration database is locked by session " + std::to_string(owner);
}

}  // namespace

Datastores::Datastores(const ly_ctx* ctx, Datastore writable, Tree startup, Observer observer)
    : m_ctx(ctx),
      m_writable(writable),
      m_observer(std::move(observer)),
      m_running(std::move(startup)) {
  reset_candidate();
  m_observer(m_running);
}

SessionId& Datastores::holder(Datastore which) {
  return which == Datastore::running ? m_running_holder : m_candidate_holder;
}

Outcome Datastores::check_offered(Datastore which) const {
  if (which == Datastore::candidate && m_writable != Datastore::candidate) {
    return protocol_error(NC_ERR_OP_NOT_SUPPORTED, "Unsupported capability :candidate");
  }
  return {};
}

Outcome Datastores::check_lock(SessionId owner, SessionId session) const {
  if (owner != 0 && owner != session) {
    return protocol_error(NC_ERR_IN_USE, locked_by(owner));
  }
  if (owner == 0 && m_sync_until) {
    return protocol_error(NC_ERR_IN_USE, sync_says());
  }
  return {};
}

// Word for word as devices have it (CiscoDevNet/terraform-provider-iosxe issue 201).
std::string Datastores::sync_says() const {
  return locked_by(kSyncSession) + " yang_mgmt_infra tcp (system from 127.0.0.1) on since " +
         m_sync_since + "\n    IOS-XE YANG Infrastructure";
}

// RFC 6241 section 8.4.1: only the session of a confirmed commit, or who knows its persist id, may
// go on while it waits.
Outcome Datastores::check_pending(const std::string& persist_id, SessionId session) const {
  if (!m_pending) {
    return persist_id.empty() ? Outcome{}
                              : protocol_error(NC_ERR_INVALID_VALUE, "no confirmed commit waits");
  }
  if (m_pending->persist.empty() ? m_pending->session != session
                                 : m_pending->persist != persist_id) {
    return protocol_error(NC_ERR_INVALID_VALUE,
                          "a confirmed commit of another session or persist id waits");
  }
  return {};
}

Outcome Datastores::lock(Datastore which, SessionId session) {
  const std::lock_guard guard(m_mutex);
  if (auto offered = check_offered(which); !offered) {
    return offered;
  }
  SessionId& owner = holder(which);
  if (owner != 0) {
    return lock_denied(owner, locked_by(owner));
  }
  if (m_sync_until) {
    return lock_denied(kSyncSession, sync_says());
  }
  // RFC 6241 section 7.5; session-id 0 stands for "no NETCONF session".
  if (which == Datastore::candidate && m_candidate_modified) {
    return lock_denied(0, "the candidate has uncommitted changes");
  }
  if (which == Datastore::running && m_pending && m_pending->session != session) {
    return lock_denied(m_pending->session, "a confirmed commit waits");
  }
  owner = session;
  return {};
}

Outcome Datastores::unlock(Datastore which, SessionId session) {
  const std::lock_guard guard(m_mutex);
  if (auto offered = check_offered(which); !offered) {
    return offered;
  }
  SessionId& owner = holder(which);
  if (owner != session) {
    return protocol_error(NC_ERR_OP_FAILED, "this session holds no lock on the datastore");
  }
  owner = 0;
  return {};
}

void Datastores::become(Tree next, SessionId by) {
  Tree before = std::exchange(m_running, std::move(next));
  ++m_commits;
  m_observer(m_running);
  if (m_witness) {
    m_witness(before, m_running, by);
  }
}

// The one way to a new running (roll_back() restores what was accepted before).
Outcome Datastores::install(Tree next, SessionId by, bool test_only) {
  if (auto valid = validate_config(m_ctx, next); !valid) {
    return valid;
  }
  if (auto refused = check_ios(m_running, next); !refused.empty()) {
    return core::Unexpected<RpcError>{refused_by_ios(std::move(refused))};
  }
  if (!test_only) {
    become(std::move(next), by);
  }
  return {};
}

Outcome Datastores::edit(const EditRequest& request, SessionId session) {
  const std::lock_guard guard(m_mutex);
  if (auto offered = check_offered(request.target); !offered) {
    return offered;
  }
  if (request.target != m_writable) {
    return protocol_error(NC_ERR_OP_NOT_SUPPORTED, "Unsupported capability :writable-running");
  }
  if (auto free = check_lock(holder(request.target), session); !free) {
    return free;
  }
  const bool to_running = request.target == Datastore::running;
  auto next = apply_edit(m_ctx, to_running ? m_running : m_candidate, request.config,
                         request.default_operation);
  if (!next) {
    return core::Unexpected<RpcError>{next.error()};
  }
  const bool test_only = request.test == TestOption::test_only;
  if (to_running) {
    return install(std::move(*next), session, test_only);
  }
  // A candidate may be unfinished: it is validated on demand and at commit.
  if (test_only || request.test == TestOption::test_then_set) {
    if (auto valid = validate_config(m_ctx, *next); !valid) {
      return valid;
    }
  }
  if (!test_only) {
    m_candidate = std::move(*next);
    m_candidate_modified = true;
  }
  return {};
}

Outcome Datastores::discard(SessionId session) {
  const std::lock_guard guard(m_mutex);
  if (auto offered = check_offered(Datastore::candidate); !offered) {
    return offered;
  }
  if (auto free = check_lock(m_candidate_holder, session); !free) {
    return free;
  }
  reset_candidate();
  return {};
}

Outcome Datastores::validate(Datastore which) const {
  Tree tree = copy(which);
  if (auto offered = check_offered(which); !offered) {
    return offered;
  }
  return validate_config(m_ctx, tree);
}

Outcome Datastores::commit(const CommitRequest& request, SessionId session, SteadyTime now) {
  const std::lock_guard guard(m_mutex);
  if (auto offered = check_offered(Datastore::candidate); !offered) {
    return offered;
  }
  for (const SessionId owner : {m_running_holder, m_candidate_holder}) {
    if (auto free = check_lock(owner, session); !free) {
      return free;
    }
  }
  if (auto allowed = check_pending(request.persist_id, session); !allowed) {
    return allowed;
  }
  Tree previous = m_running.copy();
  if (m_candidate_modified) {
    if (auto done = install(m_candidate.copy(), session, false); !done) {
      return done;
    }
  }
  if (!request.confirmed) {
    m_pending.reset();
  } else if (m_pending) {
    m_pending->deadline = now + request.timeout;
    m_pending->persist = request.persist.empty() ? m_pending->persist : request.persist;
  } else {
    m_pending = Pending{.previous = std::move(previous),
                        .deadline = now + request.timeout,
                        .session = session,
                        .persist = request.persist};
  }
  reset_candidate();
  return {};
}

Outcome Datastores::cancel_commit(const std::string& persist_id, SessionId session) {
  const std::lock_guard guard(m_mutex);
  if (!m_pending) {
    return protocol_error(NC_ERR_OP_FAILED, "no confirmed commit waits");
  }
  if (auto allowed = check_pending(persist_id, session); !allowed) {
    return allowed;
  }
  roll_back();
  return {};
}

void Datastores::session_ended(SessionId session) {
  const std::lock_guard guard(m_mutex);
  if (m_running_holder == session) {
    m_running_holder = 0;
  }
  if (m_candidate_holder == session) {
    m_candidate_holder = 0;
    reset_candidate();
  }
  if (m_pending && m_pending->session == session && m_pending->persist.empty()) {
    roll_back();
  }
}

void Datastores::check_deadline(SteadyTime now) {
  const std::lock_guard guard(m_mutex);
  if (m_pending && now >= m_pending->deadline) {
    roll_back();
  }
  if (m_sync_until && now >= *m_sync_until) {
    m_sync_until.reset();
  }
}

Outcome Datastores::edit_by_hand(const lyd_node* config) {
  const std::lock_guard guard(m_mutex);
  auto next = apply_edit(m_ctx, m_running, config, EditOperation::merge);
  if (!next) {
    return core::Unexpected<RpcError>{next.error()};
  }
  if (auto done = install(std::move(*next), kRouterItself, false); !done) {
    return done;
  }
  if (!m_candidate_modified) {
    reset_candidate();
  }
  return {};
}

Outcome Datastores::replace(Tree next, SessionId session) {
  const std::lock_guard guard(m_mutex);
  if (session != kRouterItself) {
    if (auto free = check_lock(m_running_holder, session); !free) {
      return free;
    }
  }
  if (auto done = install(std::move(next), session, false); !done) {
    return done;
  }
  if (!m_candidate_modified) {
    reset_candidate();
  }
  return {};
}

Datastores::Standing Datastores::standing() const {
  const std::lock_guard guard(m_mutex);
  return {.syncing = m_sync_until.has_value(),
          .running_locked = m_running_holder != 0 || m_sync_until.has_value(),
          .candidate_locked = m_candidate_holder != 0,
          .candidate_dirty = m_candidate_modified};
}

void Datastores::sync_until(SteadyTime until) {
  std::timespec now{};
  std::timespec_get(&now, TIME_UTC);
  std::tm parts{};
  gmtime_r(&now.tv_sec, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
  const std::lock_guard guard(m_mutex);
  m_sync_until = until;
  m_sync_since = text;
}

void Datastores::restart() {
  const std::lock_guard guard(m_mutex);
  if (m_pending) {
    roll_back();
  }
  reset_candidate();
  m_running_holder = 0;
  m_candidate_holder = 0;
  m_sync_until.reset();
}

Tree Datastores::copy(Datastore which) const {
  const std::lock_guard guard(m_mutex);
  return which == Datastore::running ? m_running.copy() : m_candidate.copy();
}

std::uint64_t Datastores::commits() const {
  const std::lock_guard guard(m_mutex);
  return m_commits;
}

void Datastores::reset_candidate() {
  m_candidate = m_running.copy();
  m_candidate_modified = false;
}

void Datastores::roll_back() {
  Tree previous = std::move(m_pending->previous);
  m_pending.reset();
  become(std::move(previous), kRouterItself);
  reset_candidate();
}

}  // namespace wanwise::router
