// Whatever an endpoint serves is an error with a line number, or series that are read again as
// they are written; each dialect takes them, and what it makes of them is within its ranges.
#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/jetson/dcgm.hpp"
#include "adapters/jetson/exposition.hpp"
#include "adapters/jetson/sample.hpp"
#include "adapters/jetson/tegrastats.hpp"
#include "adapters/jetson/triton.hpp"
#include "engine/core/check.hpp"

namespace wanwise::jetson {
namespace {

std::string written(const std::vector<Series>& page) {
  std::string text;
  for (const Series& series : page) {
    text += series.name + '{';
    for (const Label& label : series.labels) {
      text += label.name + "=\"";
      for (const char c : label.value) {
        if (c == '\n') {
          text += "\\n";
        } else {
          if (c == '"' || c == '\\') text += '\\';
          text += c;
        }
      }
      text += "\",";
    }
    text += std::isnan(series.value) ? "} NaN\n" : fmt::format("}} {}\n", series.value);
  }
  return text;
}

bool same(const Series& a, const Series& b) {
  const bool same_value = a.value == b.value || (std::isnan(a.value) && std::isnan(b.value));
  return a.name == b.name && a.labels == b.labels && same_value;
}

void check(const NodeReading& reading) {
  NodeConfig config;
  config.throttles_at_c = 90;
  const core::TargetSample sample = make_sample(config, reading, {});
  WANWISE_CHECK(!sample.load || (sample.load->count >= 0 && *sample.load <= core::kWhole));
  WANWISE_CHECK(!sample.temperature_c || std::abs(*sample.temperature_c) <= 150);
  WANWISE_CHECK(!sample.memory_free || sample.memory_free->count >= 0);
  WANWISE_CHECK(!sample.throttle || *sample.throttle >= core::kWhole);
}

void check(const core::WorkloadSample& sample) {
  WANWISE_CHECK(sample.arrived >= 0 && sample.completed >= 0 && sample.missed >= 0);
  WANWISE_CHECK(!sample.latency || sample.latency->count >= 0);
  WANWISE_CHECK(!sample.mean_latency || sample.mean_latency->count >= 0);
}

/// From an empty server to the page, from there to the same page again, and back.
void check(const TritonReading& reading) {
  check(reading.node);
  const core::Objective objective{core::Ppm{990'000}, core::milliseconds(100)};
  for (const auto& [name, model] : reading.models) {
    TritonWindow window{core::WorkloadName{"w"}, core::TargetName{"n"}, objective};
    TritonModel empty = model;
    for (auto& [version, counters] : empty.versions) counters = {0, 0, 0};
    empty.pending = 0;
    std::int64_t second = 0;
    for (const bool full : {false, true, true, false}) {
      const auto sample = window.next(full ? model : empty, {++second * 1'000'000});
      if (sample) check(*sample);
    }
  }
}

void take(std::string_view bytes) {
  const auto page = parse_exposition(bytes);
  if (!page) {
    WANWISE_CHECK(page.error().message.starts_with("line "));
    return;
  }
  check(read_tegrastats(*page));
  check(read_dcgm(*page));
  check(read_triton(*page));
  const std::string text = written(*page);
  if (text.size() > kMaxPageBytes) return;
  const auto again = parse_exposition(text);
  WANWISE_CHECK(again.has_value() && again->size() == page->size());
  for (std::size_t i = 0; i < page->size(); ++i) WANWISE_CHECK(same((*page)[i], (*again)[i]));
}

}  // namespace
}  // namespace wanwise::jetson

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  wanwise::jetson::take({reinterpret_cast<const char*>(data), size});
  return 0;
}
