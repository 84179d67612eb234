#include <fmt/core.h>

#include <boost/json.hpp>

#include "adapters/cli/table.hpp"
#include "adapters/cli/trace_commands.hpp"

namespace wanwise::cli {
namespace {

namespace json = boost::json;

json::object to_json(const sim::ImportedTrace& trace) {
  json::array defects;
  for (const sim::Defect& d : trace.report.defects)
    defects.push_back({{"kind", name_of(d.kind)},
                       {"field", d.field},
                       {"count", d.count},
                       {"first_line", d.first_line},
                       {"first_value", plain(d.first_value)},
                       {"remedy", remedy(d.kind)}});
  json::array remarks;
  for (const std::string& remark : trace.report.remarks) remarks.push_back(json::string(remark));
  return {{"origin", plain(trace.file.origin)},
          {"format", trace.file.source},
          {"licence", trace.file.licence},
          {"rates", name_of(trace.file.meaning)},
          {"rows", trace.report.rows},
          {"seconds", static_cast<double>(trace.file.period.count) / 1e6},
          {"defects", std::move(defects)},
          {"remarks", std::move(remarks)}};
}

void print_report(const sim::ImportedTrace& trace) {
  fmt::print("{}: {}, {} rows, {:.1f} s\n", plain(trace.file.origin), trace.file.source,
             trace.report.rows, static_cast<double>(trace.file.period.count) / 1e6);
  if (!trace.file.licence.empty()) fmt::print("licence: {}\n", trace.file.licence);
  fmt::print("defects:{}\n", trace.report.defects.empty() ? " none" : "");
  for (const sim::Defect& d : trace.report.defects) fmt::print("  {}\n", plain(line_of(d)));
  for (const std::string& remark : trace.report.remarks) fmt::print("note: {}\n", remark);
}

}  // namespace

int trace_import(const Common& common, const TraceOptions& options) {
  const auto trace = read_trace(options.input, options.input.files.front());
  if (!trace) return trace_failed(trace.error());
  const bool refused = options.strict && !trace->report.defects.empty();
  if (!refused)
    if (const auto written = write_text(options.out, format_trace(trace->file)); !written)
      return trace_failed(written.error());
  if (common.json) {
    json::object object = to_json(*trace);
    object["out"] = refused ? json::value() : json::value(options.out);
    fmt::print("{}\n", json::serialize(object));
  } else {
    print_report(*trace);
    fmt::print("{}\n", refused ? "not written: --strict" : "written: " + options.out);
  }
  return refused ? kFailed : kOk;
}

}  // namespace wanwise::cli
