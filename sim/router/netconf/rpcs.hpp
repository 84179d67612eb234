// One NETCONF operation in, one reply out. Called by libnetconf2 on its polling threads; what it
// serves is thread-safe, so it holds no state of its own.
#pragma once

#include <string>

#include "sim/router/device.hpp"
#include "sim/router/faults/faulty_requests.hpp"
#include "sim/router/netconf/events.hpp"
#include "sim/router/netconf/publisher.hpp"
#include "sim/router/netconf/sessions.hpp"

namespace wanwise::router {

class Rpcs {
 public:
  Rpcs(Device& device, Sessions& sessions, Publisher& publisher, Events& events)
      : m_device(device), m_sessions(sessions), m_publisher(publisher), m_events(events) {}

  /// Requests go through a fault script from now on; it outlives this.
  void set_faults(FaultyRequests& faults) { m_faults = &faults; }

  [[nodiscard]] nc_server_reply* serve(const lyd_node* rpc, Session& session);

 private:
  using Handler = nc_server_reply* (Rpcs::*)(const lyd_node*, Session&);
  [[nodiscard]] static Handler find(const std::string& operation);

  nc_server_reply* execute(const lyd_node* rpc, Session& session);
  nc_server_reply* get(const lyd_node* rpc, Session& session);
  nc_server_reply* get_config(const lyd_node* rpc, Session& session);
  nc_server_reply* edit_config(const lyd_node* rpc, Session& session);
  nc_server_reply* lock(const lyd_node* rpc, Session& session);
  nc_server_reply* unlock(const lyd_node* rpc, Session& session);
  nc_server_reply* validate(const lyd_node* rpc, Session& session);
  nc_server_reply* discard_changes(const lyd_node* rpc, Session& session);
  nc_server_reply* commit(const lyd_node* rpc, Session& session);
  nc_server_reply* cancel_commit(const lyd_node* rpc, Session& session);
  nc_server_reply* kill_session(const lyd_node* rpc, Session& session);
  nc_server_reply* establish_subscription(const lyd_node* rpc, Session& session);
  nc_server_reply* delete_subscription(const lyd_node* rpc, Session& session);
  nc_server_reply* create_subscription(const lyd_node* rpc, Session& session);
  nc_server_reply* checkpoint(const lyd_node* rpc, Session& session);
  nc_server_reply* rollback(const lyd_node* rpc, Session& session);
  nc_server_reply* revert(const lyd_node* rpc, Session& session);
  nc_server_reply* is_syncing(const lyd_node* rpc, Session& session);
  nc_server_reply* sync_from(const lyd_node* rpc, Session& session);
  nc_server_reply* session_id(const lyd_node* rpc, Session& session);
  nc_server_reply* save_config(const lyd_node* rpc, Session& session);
  /// The library's own get-schema reads freed memory with libyang 2.1.30; this one replaces it.
  nc_server_reply* get_schema(const lyd_node* rpc, Session& session);

  nc_server_reply* reply(const Outcome& outcome) const;
  /// cisco-ia's answer: a result in words, or what went wrong.
  nc_server_reply* said(const lyd_node* rpc, const Outcome& outcome, const char* result) const;
  nc_server_reply* data_reply(const lyd_node* rpc, Tree data) const;
  nc_server_reply* filtered(const lyd_node* rpc, Tree data) const;
  nc_server_reply* subscription_reply(const lyd_node* rpc, const Publisher::Answer& answer) const;
  /// Delays and refusals of --fault, before a change of running.
  [[nodiscard]] std::optional<RpcError> change_fault(const Session& session) const;
  void wait(const Session& session, std::chrono::milliseconds time, bool forever) const;

  Device& m_device;
  Sessions& m_sessions;
  Publisher& m_publisher;
  Events& m_events;
  FaultyRequests* m_faults = nullptr;
};

}  // namespace wanwise::router
