// Lines of a study's log, and its study.json: whatever stands in the file is taken or refused, and
// what is taken reads the same once it is written again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sim/study/runs/record_codec.hpp"
#include "sim/study/runs/study_codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto line = wanwise::sim::decode_record(text)) {
    const std::string again = wanwise::sim::encode(*line);
    const auto second = wanwise::sim::decode_record(again);
    if (!second || wanwise::sim::encode(*second) != again) std::abort();
  }
  if (const auto study = wanwise::sim::decode_study(text)) {
    const std::string again = wanwise::sim::encode_study(*study);
    const auto second = wanwise::sim::decode_study(again);
    if (!second || wanwise::sim::encode_study(*second) != again) std::abort();
  }
  return 0;
}
