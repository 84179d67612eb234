// What an importer found wrong with a recording, and what it did about it: nothing is left out or
// mended without standing here. One entry a kind and field, so its size is bounded. Value type.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wanwise::sim {

enum class DefectKind {
  gap,            ///< no row for longer than usual; rates are unknown there, radio values hold
  no_signal,      ///< -140 or -200; no value
  minus_sign,     ///< a value without its minus sign; no value unless mending was asked for
  mended_sign,    ///< the same, mended because it was asked for
  unit_mix,       ///< a value in another unit than its column's; no value
  out_of_range,   ///< no value
  time_back,      ///< a row earlier than the one before; left out
  repeated_time,  ///< another row of the same time; left out
  repeated_row,   ///< the same row again; left out
  counter_reset,  ///< a counter that fell; no rate for that stretch
  ping_shadow,    ///< within 3 s of a ping test that stalls the transfer; no rate
  idle,           ///< the recorder transferred nothing; no rate
  missing,        ///< an empty value; no value
};

[[nodiscard]] const char* name_of(DefectKind kind);
/// What was done about it.
[[nodiscard]] const char* remedy(DefectKind kind);

struct Defect {
  DefectKind kind;
  std::string field;
  std::int64_t count = 0;
  std::int64_t first_line = 0;
  std::string first_value;
};

struct ImportReport {
  std::vector<Defect> defects;       ///< in the order first met
  std::vector<std::string> remarks;  ///< facts about the recording that are no defects
  std::int64_t rows = 0;             ///< of data, blank lines not counted

  void add(DefectKind kind, std::string_view field, std::int64_t line, std::string_view value);
  [[nodiscard]] const Defect* find(DefectKind kind, std::string_view field) const;
};

/// "minus-sign rssi: 22282 rows, first line 1: '102'; no value".
[[nodiscard]] std::string line_of(const Defect& defect);

}  // namespace wanwise::sim
