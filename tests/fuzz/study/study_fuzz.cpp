// STUDY.yaml: any text is a study or has diagnostics; the cells of one can be put together.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sim/study/language/read_study.hpp"
#include "sim/study/runs/make_trial.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string source = WANWISE_SOURCE_DIR;
  wanwise::sim::ReadOptions options;
  options.schema_dir = source + "/yang";
  options.traces_dir = source + "/nowhere";
  options.check_policy = [](const wanwise::sim::PolicySpec&) {
    return wanwise::core::Expected<void>{};
  };
  const auto loaded = wanwise::sim::parse_study(
      {source + "/sim/studies/fuzz/s.yaml", {reinterpret_cast<const char*>(data), size}}, options);
  if (!loaded) {
    if (loaded.error().empty()) std::abort();
    return 0;
  }
  const auto cells = loaded->study.cells();
  if (cells.empty() || !wanwise::sim::draft_of(*loaded, cells.back())) std::abort();
  return 0;
}
