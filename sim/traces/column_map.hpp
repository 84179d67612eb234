// Which column of a table holds what, and in which unit: "time=ts:ms,uplink=tx:Mbps,rsrp=#4". Pure;
// any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/core/expected.hpp"

namespace wanwise::sim {

enum class ColumnField { time, uplink, downlink, rtt, rsrp, rsrq, sinr, rssi, access, band, cell };

struct ColumnChoice {
  std::string name;        ///< of the header; empty: `number` counts
  std::size_t number = 0;  ///< from 0
  std::string unit;        ///< one that is allowed for the field
  double scale = 1;        ///< value in our unit = number x scale (s, bit/s, dBm, dB)
};

struct ColumnMap {
  std::map<ColumnField, ColumnChoice> columns;
  bool time_is_row = false;  ///< time=row: the rows are a second apart
  [[nodiscard]] bool empty() const { return columns.empty() && !time_is_row; }
};

[[nodiscard]] const char* name_of(ColumnField field);

/// Errors name the part and what is allowed.
[[nodiscard]] core::Expected<ColumnMap> parse_column_map(std::string_view text);

}  // namespace wanwise::sim
