#include "adapters/jetson/sample.hpp"

#include <algorithm>
#include <string>

namespace wanwise::jetson {
namespace {

/// Lower-case letters and digits only.
std::string bare(std::string_view name) {
  std::string kept;
  for (const char c : name) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) kept += c;
    if (c >= 'A' && c <= 'Z') kept += static_cast<char>(c - 'A' + 'a');
  }
  return kept;
}

std::optional<core::PowerModeName> find_bare(std::string_view name,
                                             const std::vector<core::PowerModeName>& known) {
  const std::string wanted = bare(name);
  const auto found = std::find_if(known.begin(), known.end(), [&](const auto& candidate) {
    return bare(candidate.text) == wanted;
  });
  if (wanted.empty() || found == known.end()) return std::nullopt;
  return *found;
}

std::optional<core::Ppm> throttle_of(const NodeConfig& config, const NodeReading& reading) {
  const bool heat_known = config.throttles_at_c && reading.temperature_c;
  const bool hot = heat_known && *reading.temperature_c >= *config.throttles_at_c;
  if (!hot && !reading.throttled.value_or(false)) {
    if (heat_known || reading.throttled) return core::kWhole;
    return std::nullopt;
  }
  const bool busy = reading.load && *reading.load >= kBusy;
  const core::Ppm slowdown =
      busy && reading.clock_ratio ? *reading.clock_ratio : config.throttled_slowdown;
  return std::max(slowdown, reading.least_slowdown.value_or(core::kWhole));
}

}  // namespace

void NodeReading::fill_from(const NodeReading& other) {
  const auto fill = [](auto& mine, const auto& theirs) {
    if (!mine) mine = theirs;
  };
  fill(power_mode, other.power_mode);
  fill(load, other.load);
  fill(temperature_c, other.temperature_c);
  fill(memory_free, other.memory_free);
  fill(throttled, other.throttled);
  fill(least_slowdown, other.least_slowdown);
  fill(clock_ratio, other.clock_ratio);
}

core::PowerModeName profile_name(std::string_view reported,
                                 const std::vector<core::PowerModeName>& known) {
  if (const auto found = find_bare(reported, known)) return *found;
  if (const auto found = find_bare(reported.substr(0, reported.find("_CORE_")), known))
    return *found;
  return core::PowerModeName{std::string{reported}};
}

core::TargetSample make_sample(const NodeConfig& config, const NodeReading& reading,
                               core::Instant at) {
  core::TargetSample sample;
  sample.target = config.node;
  sample.observed_at = at;
  sample.reachable = true;
  if (reading.power_mode) sample.power_mode = profile_name(*reading.power_mode, config.power_modes);
  sample.throttle = throttle_of(config, reading);
  sample.load = reading.load;
  sample.temperature_c = reading.temperature_c;
  sample.memory_free = reading.memory_free;
  return sample;
}

}  // namespace wanwise::jetson
