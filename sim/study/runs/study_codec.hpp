// A study as JSON, so that a folder of results stands for itself: resuming, merging and reporting
// need neither the YAML nor the traces. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/expected.hpp"
#include "sim/study/study.hpp"

namespace wanwise::sim {

inline constexpr std::size_t kMaxStudyBytes = std::size_t{16} << 20;

[[nodiscard]] std::string encode_study(const Study& study);
[[nodiscard]] core::Expected<Study> decode_study(std::string_view text);

}  // namespace wanwise::sim
