#include "adapters/kubernetes/api/time_text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace wanwise::kubernetes {

using std::chrono::system_clock;

std::string time_text(system_clock::time_point at) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", fmt::gmtime(system_clock::to_time_t(at)));
}

std::string micro_time_text(system_clock::time_point at) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(at);
  const auto part = std::chrono::duration_cast<std::chrono::microseconds>(at - whole);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z", fmt::gmtime(system_clock::to_time_t(whole)),
                     part.count());
}

}  // namespace wanwise::kubernetes
