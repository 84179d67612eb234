#include "tests/unit/policy/documents.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace wanwise::policy {

std::string valid(const std::string& name) {
  std::ifstream stream(std::string{WANWISE_SOURCE_DIR} + "/policies/invalid/with/" + name +
                       ".yaml");
  if (!stream) throw std::runtime_error("no valid document " + name);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::string with(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("not there: " + std::string{from});
  return text.replace(at, from.size(), to);
}

std::string diagnose(const std::vector<SourceText>& texts) {
  const auto loaded = load(texts, kSchemas);
  std::string told;
  const auto& diagnostics = loaded ? loaded->warnings : loaded.error();
  for (const Diagnostic& diagnostic : diagnostics) told += to_string(diagnostic) + '\n';
  return told;
}

std::string diagnose_policy(const std::string& text) {
  return diagnose({{"p", text}, {"site", valid("site")}, {"profiles", valid("profiles")}});
}

std::string diagnose_site(const std::string& text) {
  return diagnose({{"policy", valid("policy")}, {"s", text}, {"profiles", valid("profiles")}});
}

std::string diagnose_profiles(const std::string& text) {
  return diagnose({{"policy", valid("policy")}, {"site", valid("site")}, {"f", text}});
}

}  // namespace wanwise::policy
