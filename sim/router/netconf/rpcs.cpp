#include "sim/router/netconf/rpcs.hpp"

#include <charconv>
#include <thread>
#include <utility>

#include "sim/router/config/config_view.hpp"
#include "sim/router/netconf/filter.hpp"

namespace wanwise::router {
namespace {

RpcError protocol_error(NC_ERR tag, std::string message) {
  RpcError e;
  e.tag = tag;
  e.type = NC_ERR_TYPE_PROT;
  e.message = std::move(message);
  return e;
}

core::Expected<Datastore, RpcError> datastore_in(const lyd_node* rpc, const char* container) {
  const lyd_node* at = child(rpc, container);
  if (child(at, "running") != nullptr) {
    return Datastore::running;
  }
  if (child(at, "candidate") != nullptr) {
    return Datastore::candidate;
  }
  return core::Unexpected<RpcError>{
      protocol_error(NC_ERR_OP_NOT_SUPPORTED, "this datastore is not supported")};
}

NC_WD_MODE with_defaults(const lyd_node* rpc) {
  const std::string mode = child_text(rpc, "with-defaults");
  if (mode == "report-all") return NC_WD_ALL;
  if (mode == "report-all-tagged") return NC_WD_ALL_TAG;
  if (mode == "trim") return NC_WD_TRIM;
  return NC_WD_EXPLICIT;  // IOS XE: basic-mode explicit
}

std::optional<TestOption> test_option(const lyd_node* rpc) {
  const std::string option = child_text(rpc, "test-option");
  if (option == "test-then-set") return TestOption::test_then_set;
  if (option == "set") return TestOption::set;
  if (option == "test-only") return TestOption::test_only;
  return std::nullopt;
}

// Content of an anyxml (<config>, <filter>): null when empty or not parsed into nodes.
const lyd_node* content_of(const lyd_node* any) {
  const auto* node = reinterpret_cast<const lyd_node_any*>(any);
  return any != nullptr && node->value_type == LYD_ANYDATA_DATATREE ? node->value.tree : nullptr;
}

// The path of an XPath filter; nothing for a subtree filter.
std::optional<std::string> select_of(const lyd_node* filter) {
  const lyd_meta* type = lyd_find_meta(filter->meta, nullptr, "ietf-netconf:type");
  if (type == nullptr || or_empty(lyd_get_meta_value(type)) != "xpath") {
    return std::nullopt;
  }
  const lyd_meta* select = lyd_find_meta(filter->meta, nullptr, "ietf-netconf:select");
  return select == nullptr ? "" : or_empty(lyd_get_meta_value(select));
}

Roots roots_of(const lyd_node* filter) {
  if (filter == nullptr) {
    return {};
  }
  const auto path = select_of(filter);
  return path ? Roots::of_xpath(*path) : Roots::of_subtree(content_of(filter));
}

}  // namespace

Rpcs::Handler Rpcs::find(const std::string& operation) {
  static const std::map<std::string, Handler> kHandlers = {
      {"get", &Rpcs::get},
      {"get-config", &Rpcs::get_config},
      {"edit-config", &Rpcs::edit_config},
      {"lock", &Rpcs::lock},
      {"unlock", &Rpcs::unlock},
      {"validate", &Rpcs::validate},
      {"discard-changes", &Rpcs::discard_changes},
      {"commit", &Rpcs::commit},
      {"cancel-commit", &Rpcs::cancel_commit},
      {"kill-session", &Rpcs::kill_session},
      {"establish-subscription", &Rpcs::establish_subscription},
      {"delete-subscription", &Rpcs::delete_subscription},
      {"create-subscription", &Rpcs::create_subscription},
      {"save-config", &Rpcs::save_config},
      {"checkpoint", &Rpcs::checkpoint},
      {"rollback", &Rpcs::rollback},
      {"revert", &Rpcs::revert},
      {"is-syncing", &Rpcs::is_syncing},
      {"sync-from", &Rpcs::sync_from},
      {"netconf-session-id", &Rpcs::session_id},
      {"get-schema", &Rpcs::get_schema},
  };
  const auto found = kHandlers.find(operation);
  return found == kHandlers.end() ? nullptr : found->second;
}

nc_server_reply* Rpcs::serve(const lyd_node* rpc, Session& session) {
  const auto pass = [&] { return execute(rpc, session); };
  return m_faults == nullptr ? pass() : m_faults->serve(rpc->schema->name, session, pass);
}

nc_server_reply* Rpcs::execute(const lyd_node* rpc, Session& session) {
  if (m_device.faults().slow_reply.count() > 0) {
    wait(session, m_device.faults().slow_reply, false);
  }
  const Handler handler = find(rpc->schema->name);
  if (handler == nullptr) {
    return to_reply(m_device.context(),
                    protocol_error(NC_ERR_OP_NOT_SUPPORTED,
                                   std::string(rpc->schema->name) + " is not supported"));
  }
  return (this->*handler)(rpc, session);
}

nc_server_reply* Rpcs::reply(const Outcome& outcome) const {
  return outcome ? nc_server_reply_ok() : to_reply(m_device.context(), outcome.error());
}

nc_server_reply* Rpcs::data_reply(const lyd_node* rpc, Tree data) const {
  lyd_node* answer = nullptr;
  lyd_new_inner(nullptr, rpc->schema->module, rpc->schema->name, 0, &answer);
  lyd_new_any(answer, nullptr, "data", data.release(), 1, LYD_ANYDATA_DATATREE, 1, nullptr);
  return nc_server_reply_data(answer, with_defaults(rpc), NC_PARAMTYPE_FREE);
}

nc_server_reply* Rpcs::filtered(const lyd_node* rpc, Tree data) const {
  const lyd_node* filter = child(rpc, "filter");
  if (filter == nullptr) {
    return data_reply(rpc, std::move(data));
  }
  const auto path = select_of(filter);
  if (!path) {
    return data_reply(rpc, filter_subtree(data, content_of(filter)));
  }
  auto selected = filter_xpath(m_device.context(), data, *path);
  return selected ? data_reply(rpc, std::move(*selected))
                  : to_reply(m_device.context(), selected.error());
}

nc_server_reply* Rpcs::get(const lyd_node* rpc, Session&) {
  return filtered(rpc, m_device.everything(roots_of(child(rpc, "filter"))));
}

nc_server_reply* Rpcs::get_config(const lyd_node* rpc, Session&) {
  const auto source = datastore_in(rpc, "source");
  return source ? filtered(rpc, m_device.datastores().copy(*source))
                : to_reply(m_device.context(), source.error());
}

void Rpcs::wait(const Session& session, std::chrono::milliseconds time, bool forever) const {
  constexpr std::chrono::milliseconds kStep{10};
  const auto until = std::chrono::steady_clock::now() + time;
  while (!m_device.stopping() && session.killed_by == 0 &&
         (forever || std::chrono::steady_clock::now() < until)) {
    std::this_thread::sleep_for(kStep);
  }
}

std::optional<RpcError> Rpcs::change_fault(const Session& session) const {
  const Faults& faults = m_device.faults();
  if (faults.hang_commit) {
    wait(session, *faults.hang_commit, faults.hang_commit->count() == 0);
  }
  if (faults.refuse_edit) {
    return refused_by_ios({{.command = "policy-map WANWISE",
                            .location = 11,
                            .response = "% Command refused (--fault refuse-edit)",
                            .context = ""}});
  }
  return std::nullopt;
}

nc_server_reply* Rpcs::edit_config(const lyd_node* rpc, Session& session) {
  const auto target = datastore_in(rpc, "target");
  if (!target) {
    return to_reply(m_device.context(), target.error());
  }
  if (*target == Datastore::running) {
    if (auto fault = change_fault(session)) {
      return to_reply(m_device.context(), *fault);
    }
  }
  const EditRequest request{
      .target = *target,
      .config = content_of(child(rpc, "config")),
      .default_operation =
          parse_edit_operation(child_text(rpc, "default-operation")).value_or(EditOperation::merge),
      .test = test_option(rpc)};
  return reply(m_device.datastores().edit(request, session.id));
}

nc_server_reply* Rpcs::lock(const lyd_node* rpc, Session& session) {
  const auto target = datastore_in(rpc, "target");
  return target ? reply(m_device.datastores().lock(*target, session.id))
                : to_reply(m_device.context(), target.error());
}

nc_server_reply* Rpcs::unlock(const lyd_node* rpc, Session& session) {
  const auto target = datastore_in(rpc, "target");
  return target ? reply(m_device.datastores().unlock(*target, session.id))
                : to_reply(m_device.context(), target.error());
}

nc_server_reply* Rpcs::validate(const lyd_node* rpc, Session&) {
  const auto source = datastore_in(rpc, "source");
  return source ? reply(m_device.datastores().validate(*source))
                : to_reply(m_device.context(), source.error());
}

nc_server_reply* Rpcs::discard_changes(const lyd_node*, Session& session) {
  return reply(m_device.datastores().discard(session.id));
}

nc_server_reply* Rpcs::commit(const lyd_node* rpc, Session& session) {
  if (auto fault = change_fault(session)) {
    return to_reply(m_device.context(), *fault);
  }
  CommitRequest request;
  request.confirmed = child(rpc, "confirmed") != nullptr;
  request.persist = child_text(rpc, "persist");
  request.persist_id = child_text(rpc, "persist-id");
  if (auto timeout = child_number(rpc, "confirm-timeout")) {
    request.timeout = std::chrono::seconds(*timeout);
  }
  return reply(m_device.datastores().commit(request, session.id, std::chrono::steady_clock::now()));
}

nc_server_reply* Rpcs::cancel_commit(const lyd_node* rpc, Session& session) {
  return reply(m_device.datastores().cancel_commit(child_text(rpc, "persist-id"), session.id));
}

nc_server_reply* Rpcs::kill_session(const lyd_node* rpc, Session& session) {
  const std::uint64_t id = child_number(rpc, "session-id").value_or(0);
  const SessionId own = session.id;
  if (id == own || !m_sessions.kill(static_cast<std::uint32_t>(id), own)) {
    return to_reply(
        m_device.context(),
        protocol_error(NC_ERR_INVALID_VALUE, "no other session has the id " + std::to_string(id)));
  }
  return nc_server_reply_ok();
}

nc_server_reply* Rpcs::get_schema(const lyd_node* rpc, Session&) {
  const ly_ctx* ctx = m_device.context();
  const std::string name = child_text(rpc, "identifier");
  const std::string revision = child_text(rpc, "version");
  const std::string format = child_text(rpc, "format");
  const lys_module* module = revision.empty()
                                 ? ly_ctx_get_module_latest(ctx, name.c_str())
                                 : ly_ctx_get_module(ctx, name.c_str(), revision.c_str());
  const bool yang = format.empty() || format == "yang" || format == "ietf-netconf-monitoring:yang";
  if (module == nullptr || !yang) {
    return to_reply(ctx,
                    protocol_error(NC_ERR_INVALID_VALUE, "The requested schema was not found."));
  }
  char* text = nullptr;
  lys_print_mem(&text, module, LYS_OUT_YANG, 0);
  const std::string schema = take_text(text);
  lyd_node* out = nullptr;
  lyd_new_inner(nullptr, rpc->schema->module, "get-schema", 0, &out);
  lyd_new_any(out, nullptr, "data", schema.c_str(), 0, LYD_ANYDATA_STRING, 1, nullptr);
  return nc_server_reply_data(out, NC_WD_EXPLICIT, NC_PARAMTYPE_FREE);
}

}  // namespace wanwise::router
