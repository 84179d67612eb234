// Any text as a recording of every format: imported or refused with a reason, and what was imported
// is a trace file that reads back unchanged and has figures.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sim/traces/import.hpp"
#include "sim/traces/info.hpp"

namespace {

namespace sim = wanwise::sim;

void check(const wanwise::core::Expected<sim::ImportedTrace>& trace) {
  if (!trace) {
    if (trace.error().message.empty()) std::abort();
    return;
  }
  // Hours of seconds make figures slow, not wrong.
  if (trace->file.period > wanwise::core::seconds(100'000)) return;
  const std::string text = sim::format_trace(trace->file);
  const auto again = sim::parse_trace(text, "again");
  if (!again || sim::format_trace(*again) != text) std::abort();
  (void)sim::info_of(trace->file);
  for (const sim::Defect& defect : trace->report.defects)
    if (defect.count < 1 || defect.first_line < 1 || sim::line_of(defect).empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  sim::ImportOptions options;
  options.direction = sim::Direction::downlink;
  check(sim::import_text(text, "fuzz", options));
  for (const auto format : {sim::TraceFormat::mahimahi, sim::TraceFormat::nyu_mets}) {
    options.format = format;
    options.mend_signs = true;
    check(sim::import_text(text, "fuzz", options));
  }
  options.format = sim::TraceFormat::csv;
  for (const char* map :
       {"time=#1:ms,uplink=#2:bytes-total,rsrp=#3,rsrq=#4:dB*10,cell=#5,access=#6,band=#7",
        "time=#1:iso,downlink=#2:Mbps,rtt=#3:ms,sinr=#4", "time=row,uplink=#1:kBps"}) {
    options.columns = *sim::parse_column_map(map);
    check(sim::import_text(text, "fuzz", options));
  }
  (void)sim::parse_column_map(text);
  return 0;
}
