// The Prometheus text exposition format 0.0.4: one page of metrics, bytes to values. As strict as
// Prometheus itself: one line that breaks the grammar fails the page. Pure; any thread.
// Source: prometheus.io/docs/instrumenting/exposition_formats. Comments, HELP and TYPE are passed
// over, and so is OpenMetrics' `# EOF`; a timestamp must be a number and is not kept, since what
// counts is the moment of the scrape.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/expected.hpp"

namespace wanwise::jetson {

/// A page. Triton with fifty models and a DCGM exporter with eight GPUs stay below 200 KB.
inline constexpr std::size_t kMaxPageBytes = 2'097'152;  // 2 MiB
/// Series of a page: one for every hundred bytes of the largest.
inline constexpr std::size_t kMaxSeries = 20'000;
/// Labels of a series. The DCGM exporter has a dozen; those of a pod come on top.
inline constexpr std::size_t kMaxLabels = 64;
/// Name of a metric or a label.
inline constexpr std::size_t kMaxNameBytes = 256;
/// Value of a label, without its escapes.
inline constexpr std::size_t kMaxLabelValueBytes = 4'096;

struct Label {
  std::string name;
  std::string value;
  bool operator==(const Label&) const = default;
};

struct Series {
  std::string name;
  std::vector<Label> labels;  ///< as written, no name twice
  double value = 0;           ///< NaN and the infinities too; NaN for what a double cannot hold

  /// Value of the label; null when the series does not have it.
  [[nodiscard]] const std::string* label(std::string_view label_name) const;
  bool operator==(const Series&) const = default;
};

/// In the page's order. Errors begin with "line N: " and have these codes: page-too-large,
/// too-many-series, too-many-labels, name-too-long, label-value-too-long, bad-name, bad-label,
/// duplicate-label, bad-value, bad-timestamp.
[[nodiscard]] core::Expected<std::vector<Series>> parse_exposition(std::string_view page);

}  // namespace wanwise::jetson
