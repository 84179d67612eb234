// The table of what a study can set: each knob of site, tuning and telemetry with its unit, its
// range and the thing it needs to be told (which workload, link or target). `tuning:`,
// `telemetry:`, `settings:` and factors all read from it, so that what is not in the table can be
// set nowhere. Constants; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/study/language/draft.hpp"
#include "sim/study/language/section.hpp"

namespace wanwise::sim {

/// How a value is written.
enum class Form : std::uint8_t {
  duration,
  rate,
  size,
  share,
  request_rate,
  usd_per_gb,
  usd_per_hour,
  factor,
  count,
  word,
  link_source,  ///< a mapping as in `links`, without its `link`
  story,        ///< a mapping as `story`, or `none`
};

/// What a knob belongs to.
enum class Subject : std::uint8_t { site, workload, link, target, node, cloud };

struct SettingValue {
  std::int64_t number = 0;
  std::string text;
};

struct Settable {
  std::string name;  ///< "rtt"
  Subject subject = Subject::site;
  Form form = Form::duration;
  Range range;
  std::string says;  ///< one line
  /// `name`: of the subject. Returns why it makes no sense; empty: done.
  std::string (*apply)(Draft& draft, const std::string& name, const SettingValue& value) = nullptr;
};

/// Sorted by name. Those whose form is link_source or story have no `apply`: read_setting() knows
/// them.
[[nodiscard]] const std::vector<Settable>& settables();
[[nodiscard]] const Settable* find_settable(std::string_view name);
[[nodiscard]] std::vector<std::string> settable_names();

/// "workload" for what needs one; empty for the site.
[[nodiscard]] std::string selector_key(Subject subject);
/// Names that the selector can have in this model, without "all".
[[nodiscard]] std::vector<std::string> selectable(const core::Model& model, Subject subject);

/// How a level of this form stands on an axis: the number in this unit.
struct AxisUnit {
  std::string unit;  ///< "Mb/s"
  double scale = 1;  ///< core units in one
};
/// `all_long`: durations of one second and more only.
[[nodiscard]] AxisUnit axis_unit(Form form, bool all_long);
/// Absent for forms that are no quantity.
[[nodiscard]] std::optional<policy::Unit> policy_unit(Form form);

}  // namespace wanwise::sim
