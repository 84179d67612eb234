// `wanwise trace import|info|plot|generate`: recordings and invented links as files. What each is
// asked for, and its exit code; trace.cpp fills these from the command line.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "adapters/cli/commands.hpp"
#include "engine/core/expected.hpp"
#include "sim/traces/import.hpp"

namespace wanwise::cli {

/// How files are read; the same for all four.
struct TraceInput {
  std::vector<std::string> files;
  std::string format = "auto";
  std::string map;        ///< of a table's columns
  std::string direction;  ///< up, down or empty
  std::string rates;      ///< what a table's rates are, or empty
  bool mend_signs = false;
};

struct TraceGenerate {
  std::string law;     ///< empty: lte-driving
  std::string uplink;  ///< mean; empty: the recording's or the law's
  std::string downlink;
  std::int64_t seconds = 600;
  std::uint64_t seed = 1;
  std::string report;  ///< JSON file; empty: none
};

struct TraceOptions {
  TraceInput input;
  std::string out;
  bool strict = false;
  TraceGenerate generate;
};

/// Adds `trace` and its subcommands.
void add_trace(CLI::App& app, TraceOptions& options);
/// Runs the one that was given.
int trace(const CLI::App& app, const Common& common, const TraceOptions& options);

int trace_import(const Common& common, const TraceOptions& options);
int trace_info(const Common& common, const TraceOptions& options);
int trace_plot(const Common& common, const TraceOptions& options);
int trace_generate(const Common& common, const TraceOptions& options);

/// Errors with the codes trace-map and trace-direction are the command line's.
[[nodiscard]] core::Expected<sim::ImportedTrace> read_trace(const TraceInput& input,
                                                            const std::string& file);
/// Tells the error; 2 for a wrong command line, else 1.
int trace_failed(const core::Error& error);
[[nodiscard]] core::Expected<void> write_text(const std::string& file, const std::string& text);

}  // namespace wanwise::cli
