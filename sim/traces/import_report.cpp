#include "sim/traces/import_report.hpp"

#include <algorithm>

#include "sim/world/kernel/text_file.hpp"

namespace wanwise::sim {

const char* name_of(DefectKind kind) {
  switch (kind) {
    case DefectKind::gap:
      return "gap";
    case DefectKind::no_signal:
      return "no-signal";
    case DefectKind::minus_sign:
      return "minus-sign";
    case DefectKind::mended_sign:
      return "mended-sign";
    case DefectKind::unit_mix:
      return "unit-mix";
    case DefectKind::out_of_range:
      return "out-of-range";
    case DefectKind::time_back:
      return "time-back";
    case DefectKind::repeated_time:
      return "repeated-time";
    case DefectKind::repeated_row:
      return "repeated-row";
    case DefectKind::counter_reset:
      return "counter-reset";
    case DefectKind::ping_shadow:
      return "ping-shadow";
    case DefectKind::idle:
      return "idle";
    case DefectKind::missing:
      return "missing";
  }
  return "";
}

const char* remedy(DefectKind kind) {
  switch (kind) {
    case DefectKind::gap:
      return "rates unknown there, radio values hold";
    case DefectKind::no_signal:
    case DefectKind::minus_sign:
    case DefectKind::unit_mix:
    case DefectKind::out_of_range:
    case DefectKind::missing:
      return "no value";
    case DefectKind::mended_sign:
      return "sign turned, as asked for";
    case DefectKind::time_back:
    case DefectKind::repeated_time:
    case DefectKind::repeated_row:
      return "row left out";
    case DefectKind::counter_reset:
    case DefectKind::ping_shadow:
    case DefectKind::idle:
      return "no rate there";
  }
  return "";
}

void ImportReport::add(DefectKind kind, std::string_view field, std::int64_t line,
                       std::string_view value) {
  const auto same = [&](const Defect& d) { return d.kind == kind && d.field == field; };
  const auto known = std::find_if(defects.begin(), defects.end(), same);
  if (known != defects.end()) {
    ++known->count;
    return;
  }
  defects.push_back({kind, std::string(field), 1, line, std::string(value.substr(0, 60))});
}

const Defect* ImportReport::find(DefectKind kind, std::string_view field) const {
  for (const Defect& d : defects)
    if (d.kind == kind && d.field == field) return &d;
  return nullptr;
}

std::string line_of(const Defect& defect) {
  std::string text = name_of(defect.kind);
  text += " " + defect.field + ": " + std::to_string(defect.count) +
          (defect.count == 1 ? " row, line " : " rows, first line ") +
          std::to_string(defect.first_line);
  if (!defect.first_value.empty()) text += ": " + quoted(defect.first_value);
  text += std::string("; ") + remedy(defect.kind);
  return text;
}

}  // namespace wanwise::sim
