// The operations of IOS XE's management agent (module cisco-ia).
#include <chrono>

#include "sim/router/config/config_view.hpp"
#include "sim/router/netconf/rpcs.hpp"

namespace wanwise::router {
namespace {

using std::chrono::minutes;
using std::chrono::steady_clock;

Outcome failed(std::string message) {
  RpcError e;
  e.message = std::move(message);
  return core::Unexpected<RpcError>{std::move(e)};
}

std::optional<minutes> minutes_in(const lyd_node* rpc, const char* name) {
  const auto value = child_number(rpc, name);
  return value ? std::optional(minutes(*value)) : std::nullopt;
}

Outcome no_archive() {
  return failed("The path for the archive is not configured (archive / path)");
}

lyd_node* answer_to(const lyd_node* rpc, const std::string& result) {
  lyd_node* out = nullptr;
  lyd_new_inner(nullptr, rpc->schema->module, rpc->schema->name, 0, &out);
  lyd_new_term(out, nullptr, "result", result.c_str(), 1, nullptr);
  return out;
}

}  // namespace

nc_server_reply* Rpcs::said(const lyd_node* rpc, const Outcome& outcome, const char* result) const {
  return outcome ? nc_server_reply_data(answer_to(rpc, result), NC_WD_EXPLICIT, NC_PARAMTYPE_FREE)
                 : to_reply(m_device.context(), outcome.error());
}

nc_server_reply* Rpcs::save_config(const lyd_node* rpc, Session&) {
  const auto saved = m_device.save();
  return said(rpc, saved ? Outcome{} : failed(saved.error().message),
              "Save running-config successful");
}

nc_server_reply* Rpcs::checkpoint(const lyd_node* rpc, Session&) {
  if (!m_device.has_archive()) {
    return said(rpc, no_archive(), "");
  }
  (void)m_device.archive().checkpoint();  // devices do not say its name
  return said(rpc, {}, "Checkpoint successful");
}

nc_server_reply* Rpcs::rollback(const lyd_node* rpc, Session& session) {
  if (!m_device.has_archive()) {
    return said(rpc, no_archive(), "");
  }
  return said(
      rpc,
      m_device.archive().roll_back(child_text(rpc, "target-url"), minutes_in(rpc, "revert-timer"),
                                   session.id, steady_clock::now()),
      "Rollback successful");
}

nc_server_reply* Rpcs::revert(const lyd_node* rpc, Session&) {
  auto time = minutes_in(rpc, "timer");
  if (!time) {
    time = minutes_in(rpc, "idle");
  }
  Archive& archive = m_device.archive();
  return said(rpc, time ? archive.revert_after(*time, steady_clock::now()) : archive.revert(),
              "Revert successful");
}

nc_server_reply* Rpcs::is_syncing(const lyd_node* rpc, Session&) {
  const Datastores::Standing now = m_device.datastores().standing();
  lyd_node* out = answer_to(rpc, now.syncing ? "Sync is in progress" : "No sync in progress");
  const auto flag = [&](const char* name, bool value) {
    lyd_new_term(out, nullptr, name, value ? "true" : "false", 1, nullptr);
  };
  flag("syncing", now.syncing);
  flag("syncs-pending", false);
  flag("running-datastore-locked", now.running_locked);
  flag("candidate-datastore-locked", now.candidate_locked);
  flag("candidate-datastore-dirty", now.candidate_dirty);
  return nc_server_reply_data(out, NC_WD_EXPLICIT, NC_PARAMTYPE_FREE);
}

nc_server_reply* Rpcs::sync_from(const lyd_node* rpc, Session&) {
  constexpr std::chrono::seconds kSync{2};
  m_device.datastores().sync_until(steady_clock::now() + kSync);
  return said(rpc, {}, "Sync successful");
}

nc_server_reply* Rpcs::session_id(const lyd_node* rpc, Session& session) {
  return said(rpc, {}, std::to_string(session.id).c_str());
}

}  // namespace wanwise::router
