#include "sim/router/netconf/yang_context.hpp"

#include <filesystem>
#include <vector>

namespace wanwise::router {
namespace {

namespace fs = std::filesystem;

// What wanwise needs of a router: the emulator does not start without one of these.
constexpr const char* kRequired[] = {
    "ietf-netconf-monitoring",  "ietf-netconf-with-defaults", "Cisco-IOS-XE-native",
    "Cisco-IOS-XE-policy",      "Cisco-IOS-XE-acl",           "Cisco-IOS-XE-interfaces-oper",
    "Cisco-IOS-XE-ip-sla-oper", "Cisco-IOS-XE-cellwan-oper",
};
// Served when the folder has them: configuration beside QoS, and Cisco's additions.
constexpr const char* kOptional[] = {
    "cisco-ia",
    "Cisco-IOS-XE-sla",
    "Cisco-IOS-XE-track",
    "Cisco-IOS-XE-route-map",
    "Cisco-IOS-XE-ip-sla-events",
    "Cisco-IOS-XE-process-cpu-oper",
    "Cisco-IOS-XE-platform-software-oper",
    "Cisco-IOS-XE-memory-oper",
    "Cisco-IOS-XE-app-hosting-oper",
    "Cisco-IOS-XE-bfd-oper",
    "Cisco-IOS-XE-device-hardware-oper",
    "Cisco-IOS-XE-checkpoint-archive-oper",
    "notifications",
    "ietf-netconf-notifications",
    "Cisco-IOS-XE-cellular",
    "Cisco-IOS-XE-ethernet",
    "Cisco-IOS-XE-controller",
};
constexpr const char* kPush[] = {"ietf-event-notifications", "ietf-yang-push"};
constexpr const char* kPushOptional[] = {
    "Cisco-IOS-XE-mdt-capabilities-oper", "Cisco-IOS-XE-mdt-oper-v2", "cisco-xe-ietf-yang-push-ext",
    "cisco-xe-ietf-event-notifications-deviation", "cisco-xe-ietf-yang-push-deviation"};

std::vector<fs::path> module_folders(const std::string& dir) {
  std::vector<fs::path> out;
  for (const fs::path& folder : {fs::path(dir) / "iosxe", fs::path(dir) / "ietf", fs::path(dir)}) {
    if (fs::is_directory(folder)) {
      out.push_back(folder);
    }
  }
  return out;
}

bool has_file(const std::vector<fs::path>& folders, const std::string& module) {
  for (const fs::path& folder : folders) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      const std::string file = entry.path().filename().string();
      if (file == module + ".yang" || file.rfind(module + "@", 0) == 0) {
        return true;
      }
    }
  }
  return false;
}

core::Expected<void> load_one(ly_ctx* ctx, const char* module, const char** features) {
  if (ly_ctx_load_module(ctx, module, nullptr, features) == nullptr) {
    return core::fail("bad-module",
                      std::string(module) + ": " + or_empty(ly_errmsg(ctx)) + " (--yang)");
  }
  return {};
}

core::Expected<void> load_netconf(ly_ctx* ctx, const ModuleChoice& choice) {
  std::vector<const char*> features = {"rollback-on-error", "validate", "xpath"};
  if (choice.datastore == Datastore::candidate) {
    features.push_back("candidate");
    if (choice.confirmed_commit) {
      features.push_back("confirmed-commit");
    }
  } else {
    features.push_back("writable-running");
  }
  features.push_back(nullptr);
  return load_one(ctx, "ietf-netconf", features.data());
}

std::vector<const char*> wanted(const std::vector<fs::path>& folders, const ModuleChoice& choice) {
  std::vector<const char*> out(std::begin(kRequired), std::end(kRequired));
  std::vector<const char*> maybe(std::begin(kOptional), std::end(kOptional));
  if (choice.push) {
    out.insert(out.end(), std::begin(kPush), std::end(kPush));
    maybe.insert(maybe.end(), std::begin(kPushOptional), std::end(kPushOptional));
  }
  for (const char* module : maybe) {
    if (has_file(folders, module)) {
      out.push_back(module);
    }
  }
  return out;
}

}  // namespace

core::Expected<YangContext> load_modules(const std::string& dir, const ModuleChoice& choice) {
  const std::vector<fs::path> folders = module_folders(dir);
  if (folders.empty()) {
    return core::fail("no-such-folder", dir + ": no folder with YANG modules (--yang)");
  }
  // Cisco's own modules make libyang warn about XPath it cannot resolve statically.
  ly_log_level(LY_LLERR);
  ly_log_options(LY_LOSTORE_LAST);
  ly_ctx* raw = nullptr;
  // Explicit compile: loading one by one is 3-4 times slower with a native model.
  ly_ctx_new(nullptr, LY_CTX_DISABLE_SEARCHDIR_CWD | LY_CTX_EXPLICIT_COMPILE, &raw);
  YangContext ctx(raw);
  for (const fs::path& folder : folders) {
    ly_ctx_set_searchdir(ctx.get(), folder.c_str());
  }
  if (auto done = load_netconf(ctx.get(), choice); !done) {
    return core::Unexpected<core::Error>{done.error()};
  }
  const char* all_features[] = {"*", nullptr};
  for (const char* module : wanted(folders, choice)) {
    if (auto done = load_one(ctx.get(), module, all_features); !done) {
      return core::Unexpected<core::Error>{done.error()};
    }
  }
  if (ly_ctx_compile(ctx.get()) != LY_SUCCESS) {
    return core::fail("bad-module", "compiling the modules: " + or_empty(ly_errmsg(ctx.get())));
  }
  return ctx;
}

}  // namespace wanwise::router
