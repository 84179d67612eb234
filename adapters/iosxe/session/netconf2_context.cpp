#include "adapters/iosxe/session/netconf2_context.hpp"

#include <iterator>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/xml/libyang.hpp"
#include "adapters/iosxe/xml/namespaces.hpp"

namespace wanwise::iosxe {
namespace {

/// What an <rpc> of ours may be, what its answer may hold, and the modules whose prefixes an XPath
/// filter may use (one for each feed that is subscribed, read/feeds.cpp). The configuration's
/// modules are not among them: what stands inside <config>, <filter> and <data> stays opaque here.
/// tests/unit/iosxe/requests_test.cpp holds it against what is sent.
constexpr const char* kModules[] = {"ietf-netconf-monitoring",
                                    "ietf-netconf-with-defaults",
                                    "ietf-netconf-notifications",
                                    "notifications",
                                    "cisco-ia",
                                    "ietf-event-notifications",
                                    "cisco-xe-ietf-yang-push-ext",
                                    "Cisco-IOS-XE-interfaces-oper",
                                    "Cisco-IOS-XE-cellwan-oper",
                                    "Cisco-IOS-XE-ip-sla-oper",
                                    "Cisco-IOS-XE-ip-sla-events",
                                    "Cisco-IOS-XE-bfd-oper"};
constexpr const char* kFeatures[] = {"writable-running",
                                     "candidate",
                                     "confirmed-commit",
                                     "rollback-on-error",
                                     "validate",
                                     "xpath",
                                     nullptr};

constexpr const char* kPushFeatures[] = {"on-change", nullptr};

bool load_module(ly_ctx* context, const char* name, const char* const* features = nullptr) {
  const char* copy[std::size(kFeatures)] = {};
  for (std::size_t i = 0; features != nullptr && features[i] != nullptr; ++i) copy[i] = features[i];
  return ly_ctx_load_module(context, name, nullptr, features != nullptr ? copy : nullptr) !=
         nullptr;
}

}  // namespace

Netconf2Context::Netconf2Context(ly_ctx* made) : m_context(made, &ly_ctx_destroy) {}

core::Expected<Netconf2Context> Netconf2Context::load(const std::string& yang_dir) {
  silence_libyang();
  ly_ctx* made = nullptr;
  constexpr auto kOptions =
      LY_CTX_NO_YANGLIBRARY | LY_CTX_DISABLE_SEARCHDIR_CWD | LY_CTX_EXPLICIT_COMPILE;
  if (ly_ctx_new((yang_dir + "/iosxe").c_str(), kOptions, &made) != LY_SUCCESS)
    return core::fail(errors::kSchemaFailed, "no YANG folder " + yang_dir + "/iosxe");
  Netconf2Context context{made};
  ly_ctx_set_searchdir(made, (yang_dir + "/ietf").c_str());
  bool loaded = load_module(made, "ietf-netconf", kFeatures) &&
                load_module(made, "ietf-yang-push", kPushFeatures);
  for (const char* module : kModules) loaded = loaded && load_module(made, module);
  if (!loaded || ly_ctx_compile(made) != LY_SUCCESS)
    return core::fail(errors::kSchemaFailed, last_error(made));
  ly_ctx_unset_searchdir(made, nullptr);  // whatever the router lists: nothing more is loaded
  return context;
}

core::Expected<Netconf2Context::Tree> Netconf2Context::parse(const std::string& operation) const {
  // The operation stands in NETCONF's namespace unless it says otherwise, as inside an <rpc>.
  const std::string text =
      std::string{"<rpc xmlns=\""} + ns::kNetconf + "\" message-id=\"0\">" + operation + "</rpc>";
  ly_in* raw = nullptr;
  ly_in_new_memory(text.c_str(), &raw);
  lyd_node* envelope = nullptr;
  lyd_node* parsed = nullptr;
  const LY_ERR failed = lyd_parse_op(m_context.get(), nullptr, raw, LYD_XML, LYD_TYPE_RPC_NETCONF,
                                     &envelope, &parsed);
  ly_in_free(raw, 0);
  lyd_free_all(envelope);
  Tree tree{parsed, &lyd_free_all};
  if (failed != LY_SUCCESS)
    return core::fail(errors::kOperationUnknown, last_error(m_context.get()));
  return tree;
}

}  // namespace wanwise::iosxe
