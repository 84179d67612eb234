#include "sim/router/netconf/library.hpp"

namespace wanwise::router {

std::vector<std::string> implemented_modules(const ly_ctx* ctx) {
  std::vector<std::string> out;
  std::uint32_t index = 0;
  while (const lys_module* module = ly_ctx_get_module_iter(ctx, &index)) {
    if (module->implemented != 0) {
      out.emplace_back(module->name);
    }
  }
  return out;
}

Tree yang_library(const ly_ctx* ctx, Release release) {
  lyd_node* raw = nullptr;
  ly_ctx_get_yanglib_data(ctx, &raw, "%u", ly_ctx_get_change_count(ctx));
  const Tree own(raw);
  char* printed = nullptr;
  lyd_print_mem(&printed, own.get(), LYD_XML, LYD_PRINT_WITHSIBLINGS | LYD_PRINT_SHRINK);
  std::string text = take_text(printed);
  // A revision is a key of modules-state: it is changed in the text, before the tree is built.
  const std::string begin = "<revision>";
  const std::string name_begin = "<name>";
  for (std::size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 1)) {
    const std::size_t name = text.rfind(name_begin, at) + name_begin.size();
    const auto revision = revision_of(text.substr(name, text.find('<', name) - name), release);
    const std::size_t value = at + begin.size();
    if (revision) {
      text.replace(value, text.find('<', value) - value, *revision);
    }
  }
  lyd_node* changed = nullptr;
  lyd_parse_data_mem(ctx, text.c_str(), LYD_XML, LYD_PARSE_ONLY, 0, &changed);
  return Tree(changed);
}

}  // namespace wanwise::router
