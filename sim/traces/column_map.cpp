#include "sim/traces/column_map.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "sim/traces/fields.hpp"
#include "sim/world/kernel/text_file.hpp"

namespace wanwise::sim {
namespace {

struct Unit {
  const char* name;
  double scale;
};

struct FieldRule {
  ColumnField field;
  const char* name;
  std::vector<Unit> units;  ///< empty: the field has none
  bool needs_unit;          ///< otherwise the first one holds
};

const std::vector<FieldRule>& rules() {
  static const std::vector<Unit> kTimes{{"s", 1}, {"ms", 1e-3}, {"us", 1e-6}, {"iso", 1}};
  static const std::vector<Unit> kSpans{{"s", 1}, {"ms", 1e-3}, {"us", 1e-6}};
  static const std::vector<Unit> kRates{{"bps", 1},    {"kbps", 1e3},     {"Mbps", 1e6},
                                        {"Gbps", 1e9}, {"Bps", 8},        {"kBps", 8e3},
                                        {"MBps", 8e6}, {"bytes-total", 8}};
  static const std::vector<Unit> kPowers{{"dBm", 1}, {"dBm*10", 0.1}};
  static const std::vector<Unit> kRatios{{"dB", 1}, {"dB*10", 0.1}};
  static const std::vector<FieldRule> table{
      {ColumnField::time, "time", kTimes, true},
      {ColumnField::uplink, "uplink", kRates, true},
      {ColumnField::downlink, "downlink", kRates, true},
      {ColumnField::rtt, "rtt", kSpans, true},
      {ColumnField::rsrp, "rsrp", kPowers, false},
      {ColumnField::rsrq, "rsrq", kRatios, false},
      {ColumnField::sinr, "sinr", kRatios, false},
      {ColumnField::rssi, "rssi", kPowers, false},
      {ColumnField::access, "access", {}, false},
      {ColumnField::band, "band", {}, false},
      {ColumnField::cell, "cell", {}, false},
  };
  return table;
}

std::string names(const std::vector<Unit>& units) {
  std::string text;
  for (const Unit& unit : units) text += (text.empty() ? "" : ", ") + std::string(unit.name);
  return text;
}

core::Unexpected<core::Error> refuse(const std::string& message) {
  return core::fail("trace-map", message);
}

/// Takes ":unit" off the end of `column` and looks it up.
core::Expected<void> read_unit(const FieldRule& rule, std::string_view& column,
                               ColumnChoice& choice) {
  if (rule.units.empty()) return {};
  const auto colon = column.rfind(':');
  if (colon == std::string_view::npos) {
    if (rule.needs_unit)
      return refuse(std::string(rule.name) + "=" + std::string(column) +
                    " needs a unit (allowed: " + names(rule.units) + ")");
    choice.unit = rule.units.front().name;
    choice.scale = rule.units.front().scale;
    return {};
  }
  const std::string_view unit = column.substr(colon + 1);
  for (const Unit& known : rule.units) {
    if (unit != known.name) continue;
    choice.unit = known.name;
    choice.scale = known.scale;
    column = column.substr(0, colon);
    return {};
  }
  return refuse(std::string(rule.name) + ": unit " + quoted(unit) +
                " is unknown (allowed: " + names(rule.units) + ")");
}

core::Expected<void> read_part(std::string_view part, ColumnMap& map) {
  const auto equals = part.find('=');
  if (equals == std::string_view::npos || equals + 1 == part.size())
    return refuse(quoted(part) + " is no FIELD=COLUMN");
  const std::string_view name = part.substr(0, equals);
  std::string_view column = part.substr(equals + 1);
  const auto& table = rules();
  const auto rule =
      std::find_if(table.begin(), table.end(), [&](const FieldRule& r) { return name == r.name; });
  if (rule == table.end())
    return refuse("field " + quoted(name) +
                  " is unknown (allowed: time, uplink, downlink, rtt, rsrp, rsrq, sinr, rssi, "
                  "access, band, cell)");
  if (rule->field == ColumnField::time && column == "row") {
    map.time_is_row = true;
    return {};
  }
  ColumnChoice choice;
  if (const auto unit = read_unit(*rule, column, choice); !unit) return unit;
  if (column.empty()) return refuse(quoted(part) + " is no FIELD=COLUMN");
  if (column.front() == '#') {
    const auto number = to_integer(column.substr(1));
    if (!number || *number < 1 || *number > static_cast<std::int64_t>(kMaxFields))
      return refuse(quoted(column) + " is no column (allowed: #1 to #" +
                    std::to_string(kMaxFields) + ")");
    choice.number = static_cast<std::size_t>(*number - 1);
  } else {
    choice.name = column;
  }
  if (!map.columns.emplace(rule->field, choice).second)
    return refuse("field " + quoted(name) + " stands twice");
  return {};
}

}  // namespace

const char* name_of(ColumnField field) {
  for (const FieldRule& rule : rules())
    if (rule.field == field) return rule.name;
  return "";
}

core::Expected<ColumnMap> parse_column_map(std::string_view text) {
  ColumnMap map;
  for (const std::string_view part : split_fields(text, ','))
    if (const auto read = read_part(part, map); !read)
      return core::Unexpected<core::Error>{read.error()};
  if (map.time_is_row == (map.columns.count(ColumnField::time) == 1))
    return refuse("time is needed once (allowed: time=COLUMN:UNIT, time=row)");
  if (map.columns.size() < (map.time_is_row ? 1U : 2U))
    return refuse("a field besides time is needed");
  return map;
}

}  // namespace wanwise::sim
