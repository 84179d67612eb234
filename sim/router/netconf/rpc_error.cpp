#include "sim/router/netconf/rpc_error.hpp"

#include <map>
#include <string_view>

namespace wanwise::router {
namespace {

// Of error_cli, detail and everything below (module cisco-ia).
constexpr const char* kCiscoIa = "http://cisco.com/yang/cisco-ia";

lyd_node* element(const ly_ctx* ctx, lyd_node* parent, const char* name, const std::string& value) {
  lyd_node* node = nullptr;
  lyd_new_opaq2(parent, ctx, name, value.empty() ? nullptr : value.c_str(), nullptr, kCiscoIa,
                &node);
  return node;
}

void add_bad_cli(const ly_ctx* ctx, lyd_node* error, const std::vector<BadCli>& lines) {
  nc_err_add_info_other(error, element(ctx, nullptr, "severity", "error_cli"));
  lyd_node* detail = element(ctx, nullptr, "detail", "");
  for (const BadCli& line : lines) {
    lyd_node* bad = element(ctx, detail, "bad-cli", "");
    element(ctx, bad, "bad-command", line.command);
    element(ctx, bad, "error-location", std::to_string(line.location));
    element(ctx, bad, "parser-response", line.response);
    element(ctx, bad, "parser-context", line.context);
  }
  nc_err_add_info_other(error, detail);
}

// nc_err() takes different arguments for each tag (messages_server.h).
lyd_node* raw_error(const ly_ctx* ctx, const RpcError& e) {
  switch (e.tag) {
    case NC_ERR_UNKNOWN_ELEM:
    case NC_ERR_MISSING_ELEM:
    case NC_ERR_BAD_ELEM:
      return nc_err(ctx, e.tag, e.type, e.bad_element.c_str());
    case NC_ERR_LOCK_DENIED:
      return nc_err(ctx, e.tag, e.session_id);
    case NC_ERR_DATA_EXISTS:
    case NC_ERR_DATA_MISSING:
      return nc_err(ctx, e.tag);
    case NC_ERR_IN_USE:
    case NC_ERR_INVALID_VALUE:
    case NC_ERR_ACCESS_DENIED:
    case NC_ERR_RES_DENIED:
    case NC_ERR_OP_NOT_SUPPORTED:
    case NC_ERR_TOO_BIG:
    case NC_ERR_OP_FAILED:
    case NC_ERR_ROLLBACK_FAILED:
      return nc_err(ctx, e.tag, e.type);
    case NC_ERR_MISSING_ATTR:
    case NC_ERR_BAD_ATTR:
    case NC_ERR_UNKNOWN_ATTR:
      return nc_err(ctx, e.tag, e.type, e.bad_attribute.c_str(), e.bad_element.c_str());
    case NC_ERR_UNKNOWN_NS:
      return nc_err(ctx, e.tag, e.type, e.bad_element.c_str(), "urn:unknown");
    case NC_ERR_MALFORMED_MSG:
      return nc_err(ctx, e.tag);
    case NC_ERR_UNKNOWN:
      break;
  }
  return nc_err(ctx, NC_ERR_OP_FAILED, e.type);
}

}  // namespace

RpcError refused_by_ios(std::vector<BadCli> lines) {
  return {.tag = NC_ERR_INVALID_VALUE,
          .type = NC_ERR_TYPE_APP,
          .message = "inconsistent value: Device refused one or more commands",
          .path = {},
          .app_tag = {},
          .bad_element = {},
          .bad_attribute = {},
          .bad_cli = std::move(lines)};
}

RpcError scripted_error(const std::string& tag, const std::string& message) {
  static const std::map<std::string, NC_ERR, std::less<>> kTags = {
      {"in-use", NC_ERR_IN_USE},
      {"invalid-value", NC_ERR_INVALID_VALUE},
      {"too-big", NC_ERR_TOO_BIG},
      {"missing-attribute", NC_ERR_MISSING_ATTR},
      {"bad-attribute", NC_ERR_BAD_ATTR},
      {"unknown-attribute", NC_ERR_UNKNOWN_ATTR},
      {"missing-element", NC_ERR_MISSING_ELEM},
      {"bad-element", NC_ERR_BAD_ELEM},
      {"unknown-element", NC_ERR_UNKNOWN_ELEM},
      {"unknown-namespace", NC_ERR_UNKNOWN_NS},
      {"access-denied", NC_ERR_ACCESS_DENIED},
      {"lock-denied", NC_ERR_LOCK_DENIED},
      {"resource-denied", NC_ERR_RES_DENIED},
      {"rollback-failed", NC_ERR_ROLLBACK_FAILED},
      {"data-exists", NC_ERR_DATA_EXISTS},
      {"data-missing", NC_ERR_DATA_MISSING},
      {"operation-not-supported", NC_ERR_OP_NOT_SUPPORTED},
      {"operation-failed", NC_ERR_OP_FAILED},
      {"malformed-message", NC_ERR_MALFORMED_MSG}};
  const auto found = kTags.find(tag);
  return {.tag = found == kTags.end() ? NC_ERR_OP_FAILED : found->second,
          .type = NC_ERR_TYPE_APP,
          .message = message,
          .path = {},
          .app_tag = {},
          .bad_element = "native",
          .bad_attribute = "operation",
          .session_id = kSyncSession,
          .bad_cli = {}};
}

RpcError validation_error(const ly_ctx* ctx) {
  const ly_err_item* item = ly_err_first(ctx);
  while (item != nullptr && item->next != nullptr) {
    item = item->next;
  }
  RpcError out;
  if (item == nullptr) {
    out.message = "validation failed";
    return out;
  }
  out.message = or_empty(item->msg);
  out.path = or_empty(item->path);
  out.app_tag = or_empty(item->apptag);
  // RFC 7950 sections 15.3, 15.5 and 15.6: a missing instance, leafref target or mandatory choice.
  const std::string_view tag = out.app_tag;
  if (tag == "instance-required" || tag == "missing-choice") {
    out.tag = NC_ERR_DATA_MISSING;
  } else if (item->vecode == LYVE_DATA && item->no == LY_EVALID && tag.empty() &&
             out.message.find("Invalid") == 0) {
    out.tag = NC_ERR_INVALID_VALUE;
  }
  return out;
}

nc_server_reply* to_reply(const ly_ctx* ctx, const RpcError& e) {
  lyd_node* error = raw_error(ctx, e);
  if (!e.app_tag.empty()) {
    nc_err_set_app_tag(error, e.app_tag.c_str());
  }
  if (!e.path.empty()) {
    nc_err_set_path(error, e.path.c_str());
  }
  if (!e.message.empty()) {
    nc_err_set_msg(error, e.message.c_str(), "en");
  }
  if (!e.bad_cli.empty()) {
    add_bad_cli(ctx, error, e.bad_cli);
  }
  return nc_server_reply_err(error);
}

}  // namespace wanwise::router
