#include "sim/router/config/startup.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "sim/router/config/edit.hpp"

namespace wanwise::router {
namespace {

// "GigabitEthernet0/0/0" -> "GigabitEthernet", "0/0/0".
std::pair<std::string, std::string> split_interface(const std::string& name) {
  const std::size_t digit = name.find_first_of("0123456789");
  return digit == std::string::npos ? std::pair{name, std::string()}
                                    : std::pair{name.substr(0, digit), name.substr(digit)};
}

}  // namespace

core::Expected<Tree> default_config(const ly_ctx* ctx,
                                    const std::vector<InterfaceState>& interfaces) {
  Tree tree;
  for (const InterfaceState& state : interfaces) {
    const auto [type, number] = split_interface(state.counters.interface);
    const std::string path =
        "/Cisco-IOS-XE-native:native/interface/" + type + "[name='" + number + "']";
    lyd_node* added = nullptr;
    if (lyd_new_path(tree.get(), ctx, path.c_str(), nullptr, LYD_NEW_PATH_UPDATE, &added) !=
        LY_SUCCESS) {
      return core::fail("bad-interface", state.counters.interface +
                                             ": the configuration model has no such interface");
    }
    if (!tree) {
      tree = Tree(added);
    }
  }
  return tree;
}

core::Expected<Tree> load_config(const ly_ctx* ctx, const std::string& file) {
  lyd_node* first = nullptr;
  // Parse first, validate later: libyang 2.1.30 uses freed memory when it does both at once on an
  // empty container in a case with a when.
  if (lyd_parse_data_path(ctx, file.c_str(), LYD_XML, LYD_PARSE_ONLY | LYD_PARSE_STRICT, 0,
                          &first) != LY_SUCCESS) {
    return core::fail("bad-startup-config", file + ": " + or_empty(ly_errmsg(ctx)));
  }
  Tree tree(first);
  if (auto valid = validate_config(ctx, tree); !valid) {
    return core::fail("bad-startup-config", file + ": " + valid.error().message);
  }
  return tree;
}

core::Expected<void> save_config(const Tree& running, const std::string& file) {
  char* text = nullptr;
  lyd_print_mem(&text, running.get(), LYD_XML, LYD_PRINT_WITHSIBLINGS | LYD_PRINT_WD_EXPLICIT);
  return write_atomically(file, take_text(text));
}

core::Expected<void> write_atomically(const std::string& file, const std::string& text) {
  const std::string fresh = file + ".new";
  {
    std::ofstream out(fresh, std::ios::trunc);
    out << text;
    if (!out.flush()) {
      return core::fail("cannot-write", fresh + ": cannot be written");
    }
  }
  std::error_code error;
  std::filesystem::rename(fresh, file, error);
  if (error) {
    return core::fail("cannot-write", file + ": " + error.message());
  }
  return {};
}

}  // namespace wanwise::router
