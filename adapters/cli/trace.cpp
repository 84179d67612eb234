// The command line of `wanwise trace`, and what its subcommands share.
#include <fmt/core.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "adapters/cli/table.hpp"
#include "adapters/cli/trace_commands.hpp"

namespace wanwise::cli {
namespace {

using core::Expected;

void add_reading(CLI::App& command, TraceInput& input) {
  command
      .add_option("--format", input.format,
                  "auto, wanwise, mahimahi, fjordlink, cicv5g, ucc5g, nyu-mets or csv")
      ->check(CLI::IsMember(
          {"auto", "wanwise", "mahimahi", "fjordlink", "cicv5g", "ucc5g", "nyu-mets", "csv"}))
      ->capture_default_str();
  command.add_option("--map", input.map,
                     "columns of a table: time=COL:UNIT,uplink=COL:Mbps,rtt=COL:ms,rsrp=COL,…; "
                     "COL is a name or #N; time=row: a second each");
  command.add_option("--direction", input.direction, "up or down: of a mahimahi file")
      ->check(CLI::IsMember({"up", "down"}));
  command.add_option("--rates", input.rates, "what a table's rates are")
      ->check(CLI::IsMember({"capacity", "throughput", "carried"}));
  command.add_flag("--mend-signs", input.mend_signs,
                   "take RSRP 102 for -102 (told in the report) instead of no value");
}

void add_files(CLI::App& command, TraceInput& input, const char* name) {
  command.add_option(name, input.files, "recordings, or trace files of ours; plain or gzip")
      ->required();
  add_reading(command, input);
}

void add_generate(CLI::App& trace, TraceOptions& options) {
  CLI::App* generate =
      trace.add_subcommand("generate", "invent a link, by a law or like a recording");
  TraceGenerate& g = options.generate;
  generate->add_option("--like", options.input.files, "a recording the law is fitted to")
      ->expected(1);
  add_reading(*generate, options.input);
  generate
      ->add_option("--law", g.law, "lte-driving or nr-static; with --like: where the fit begins")
      ->check(CLI::IsMember({"lte-driving", "nr-static"}));
  generate->add_option("--uplink", g.uplink, "mean rate, as 12Mbps");
  generate->add_option("--downlink", g.downlink, "mean rate, as 16Mbps");
  generate->add_option("--seconds", g.seconds, "length")
      ->check(CLI::Range(10, 86'400))
      ->capture_default_str();
  generate->add_option("--seed", g.seed, "same seed, same link")->capture_default_str();
  generate->add_option("--out", options.out, "the trace file to write")->required();
  generate->add_option("--report", g.report, "write law and goodness of fit as JSON");
}

Expected<sim::ImportOptions> import_options(const TraceInput& input) {
  sim::ImportOptions options;
  options.format = sim::to_format(input.format).value_or(sim::TraceFormat::automatic);
  options.mend_signs = input.mend_signs;
  if (!input.direction.empty())
    options.direction = input.direction == "up" ? sim::Direction::uplink : sim::Direction::downlink;
  for (const auto meaning :
       {sim::RateMeaning::capacity, sim::RateMeaning::throughput, sim::RateMeaning::carried})
    if (input.rates == name_of(meaning)) options.meaning = meaning;
  if (input.map.empty()) return options;
  auto map = sim::parse_column_map(input.map);
  if (!map) return core::Unexpected<core::Error>{map.error()};
  options.columns = std::move(*map);
  return options;
}

}  // namespace

void add_trace(CLI::App& app, TraceOptions& options) {
  CLI::App* trace =
      app.add_subcommand("trace", "recordings of links: import, figures, plots, fits");
  trace->require_subcommand(1);
  CLI::App* import = trace->add_subcommand(
      "import", "bring a recording into a trace file; tells everything that is wrong with it");
  import->add_option("FILE", options.input.files, "the recording; plain or gzip")
      ->required()
      ->expected(1);
  add_reading(*import, options.input);
  import->add_option("--out", options.out, "the trace file to write")->required();
  import->add_flag("--strict", options.strict, "defects are errors: exit 1, nothing is written");
  add_files(*trace->add_subcommand("info", "figures of recordings"), options.input, "FILE");
  CLI::App* plot = trace->add_subcommand("plot", "one HTML page of recordings, readable offline");
  add_files(*plot, options.input, "FILE");
  plot->add_option("--out", options.out, "the page to write")->required();
  add_generate(*trace, options);
}

int trace(const CLI::App& app, const Common& common, const TraceOptions& options) {
  const CLI::App* trace = app.get_subcommand("trace");
  if (trace->got_subcommand("import")) return trace_import(common, options);
  if (trace->got_subcommand("info")) return trace_info(common, options);
  if (trace->got_subcommand("plot")) return trace_plot(common, options);
  return trace_generate(common, options);
}

Expected<sim::ImportedTrace> read_trace(const TraceInput& input, const std::string& file) {
  const auto options = import_options(input);
  if (!options) return core::Unexpected<core::Error>{options.error()};
  return sim::import_file(file, *options);
}

int trace_failed(const core::Error& error) {
  fmt::print(stderr, "wanwise: {}: {}\n", error.code, plain(error.message));
  return error.code == "trace-map" || error.code == "trace-direction" ? kUsage : kFailed;
}

Expected<void> write_text(const std::string& file, const std::string& text) {
  errno = 0;
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) return core::fail("trace-unwritable", file + ": " + std::strerror(errno));
  return {};
}

}  // namespace wanwise::cli
