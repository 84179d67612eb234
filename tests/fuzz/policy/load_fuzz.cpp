// load() on any bytes: it never crashes, and what it tells holds together.
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/check.hpp"
#include "engine/policy/load.hpp"

namespace {

using wanwise::policy::Diagnostic;
using wanwise::policy::Severity;

/// True when one of them is an error.
bool check_all(const std::vector<Diagnostic>& diagnostics) {
  bool error = false;
  const Diagnostic* last = nullptr;
  for (const Diagnostic& diagnostic : diagnostics) {
    WANWISE_CHECK(!diagnostic.message.empty() && !diagnostic.file.empty());
    WANWISE_CHECK(diagnostic.line >= 0 && diagnostic.column >= 0);
    WANWISE_CHECK(to_string(diagnostic).find('\n') == std::string::npos);
    WANWISE_CHECK(last == nullptr || last->file <= diagnostic.file);
    error = error || diagnostic.severity == Severity::error;
    last = &diagnostic;
  }
  return error;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string schemas = std::string{WANWISE_SOURCE_DIR} + "/yang";
  static const auto profiles =
      wanwise::policy::read_documents({std::string{WANWISE_SOURCE_DIR} + "/policies/profiles",
                                       std::string{WANWISE_SOURCE_DIR} + "/policies/sites"})
          .value();
  auto texts = profiles;
  texts.push_back({"fuzz.yaml", std::string(reinterpret_cast<const char*>(data), size)});
  const auto loaded = wanwise::policy::load(texts, schemas);
  if (loaded) {
    WANWISE_CHECK(!loaded->sites.empty());
    for (const auto& site : loaded->sites) WANWISE_CHECK(!site.model.policy.workloads.empty());
    WANWISE_CHECK(!check_all(loaded->warnings));
    return 0;
  }
  WANWISE_CHECK(check_all(loaded.error()));
  return 0;
}
