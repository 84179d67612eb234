// The operations by which a session asks for notifications.
#include "sim/router/config/config_view.hpp"
#include "sim/router/netconf/rpcs.hpp"

namespace wanwise::router {
namespace {

constexpr const char* kNative = "cisco-xe-ietf-yang-push-ext:yang-notif-native";

RpcError refused(NC_ERR tag, std::string message) {
  RpcError e;
  e.tag = tag;
  e.type = NC_ERR_TYPE_PROT;
  e.message = std::move(message);
  return e;
}

Roots wanted_events(const lyd_node* filter) {
  const auto* any = reinterpret_cast<const lyd_node_any*>(filter);
  if (any == nullptr || any->value_type != LYD_ANYDATA_DATATREE || any->value.tree == nullptr) {
    return {};
  }
  return Roots::of_subtree(any->value.tree);
}

}  // namespace

nc_server_reply* Rpcs::subscription_reply(const lyd_node* rpc,
                                          const Publisher::Answer& answer) const {
  lyd_node* out = nullptr;
  const lys_module* module = rpc->schema->module;
  lyd_new_inner(nullptr, module, rpc->schema->name, 0, &out);
  lyd_new_term(out, module, "subscription-result", answer.result, 1, nullptr);
  if (answer.id != 0) {
    lyd_new_term(out, module, "subscription-id", std::to_string(answer.id).c_str(), 1, nullptr);
  }
  return nc_server_reply_data(out, NC_WD_EXPLICIT, NC_PARAMTYPE_FREE);
}

nc_server_reply* Rpcs::establish_subscription(const lyd_node* rpc, Session& session) {
  const std::string path = child_text(rpc, "xpath-filter");
  if (child_text(rpc, "stream") == kNative) {
    return subscription_reply(rpc, m_publisher.establish_native(session, path));
  }
  const auto period = child_number(rpc, "period");
  std::optional<std::uint32_t> centiseconds;
  if (period) {
    centiseconds = static_cast<std::uint32_t>(*period);
  }
  return subscription_reply(rpc, m_publisher.establish(session, path, centiseconds));
}

nc_server_reply* Rpcs::delete_subscription(const lyd_node* rpc, Session& session) {
  const std::uint64_t id = child_number(rpc, "subscription-id").value_or(0);
  return subscription_reply(rpc, m_publisher.erase(session, static_cast<std::uint32_t>(id)));
}

// RFC 5277 section 2.1.1; no replay.
nc_server_reply* Rpcs::create_subscription(const lyd_node* rpc, Session& session) {
  const std::string stream = child_text(rpc, "stream");
  if (!stream.empty() && stream != "NETCONF") {
    return to_reply(m_device.context(),
                    refused(NC_ERR_INVALID_VALUE, stream + ": no such stream (NETCONF)"));
  }
  if (child(rpc, "startTime") != nullptr) {
    return to_reply(m_device.context(),
                    refused(NC_ERR_OP_NOT_SUPPORTED, "replay is not supported"));
  }
  if (!m_events.listen(session, EventStream::netconf, wanted_events(child(rpc, "filter")))) {
    return to_reply(m_device.context(),
                    refused(NC_ERR_OP_FAILED, "the session has a subscription already"));
  }
  return nc_server_reply_ok();
}

}  // namespace wanwise::router
