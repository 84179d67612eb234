#include "adapters/iosxe/xml/schema.hpp"

#include <utility>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/xml/libyang.hpp"

namespace wanwise::iosxe {

struct Schema::Context {
  ContextPtr ly;
};

Schema::Schema(std::unique_ptr<Context> context) : m_context(std::move(context)) {}
Schema::~Schema() = default;

core::Expected<std::shared_ptr<const Schema>> Schema::load(const std::string& yang_dir) {
  silence_libyang();
  ly_ctx* made = nullptr;
  constexpr auto kOptions =
      LY_CTX_NO_YANGLIBRARY | LY_CTX_DISABLE_SEARCHDIR_CWD | LY_CTX_EXPLICIT_COMPILE;
  if (ly_ctx_new((yang_dir + "/iosxe").c_str(), kOptions, &made) != LY_SUCCESS)
    return core::fail(errors::kSchemaFailed, "no YANG folder " + yang_dir + "/iosxe");
  ContextPtr context{made};
  for (const char* module : {"Cisco-IOS-XE-native", "Cisco-IOS-XE-acl", "Cisco-IOS-XE-policy",
                             "Cisco-IOS-XE-sla", "Cisco-IOS-XE-track", "Cisco-IOS-XE-route-map"}) {
    if (ly_ctx_load_module(made, module, nullptr, nullptr) == nullptr)
      return core::fail(errors::kSchemaFailed, std::string{module} + ": " + last_error(made));
  }
  if (ly_ctx_compile(made) != LY_SUCCESS)
    return core::fail(errors::kSchemaFailed, last_error(made));
  return std::shared_ptr<const Schema>{
      new Schema{std::make_unique<Context>(Context{std::move(context)})}};
}

core::Expected<void> Schema::check_config(const std::string& native) const {
  const ly_ctx* context = m_context->ly.get();
  lyd_node* parsed = nullptr;
  // Two steps: parsing with validation in one crashes libyang 2.1.30 on some policy maps.
  LY_ERR failed =
      lyd_parse_data_mem(context, native.c_str(), LYD_XML,
                         LYD_PARSE_ONLY | LYD_PARSE_STRICT | LYD_PARSE_NO_STATE, 0, &parsed);
  if (failed == LY_SUCCESS)
    failed =
        lyd_validate_all(&parsed, nullptr, LYD_VALIDATE_NO_STATE | LYD_VALIDATE_PRESENT, nullptr);
  const TreePtr tree{parsed};
  if (failed != LY_SUCCESS) return core::fail(errors::kInvalidQos, last_error(context));
  return {};
}

}  // namespace wanwise::iosxe
