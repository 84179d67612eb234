#include "sim/traces/import.hpp"

#include <array>
#include <filesystem>

#include "sim/traces/import_rows.hpp"

namespace wanwise::sim {
namespace {

struct Known {
  TraceFormat format;
  const char* name;
  const char* licence;
  Import* import;
};

/// Licences as the recordings' own repositories state them.
constexpr std::array<Known, 6> kKnown{{
    {TraceFormat::mahimahi, "mahimahi",
     "GPL-3.0-or-later if it comes from ravinet/mahimahi (Winstein et al., NSDI'13)",
     &import_mahimahi},
    {TraceFormat::fjordlink, "fjordlink", "CC BY 4.0 (ds-kiel/FjordLink)", &import_fjordlink},
    {TraceFormat::cicv5g, "cicv5g", "CC BY 4.0 (zxr805/CICV5G, doi 10.5281/zenodo.17475688)",
     &import_cicv5g},
    {TraceFormat::ucc5g, "ucc5g", "GPL-3.0 (uccmisl/5Gdataset; Raca et al., MMSys'20)",
     &import_ucc5g},
    {TraceFormat::nyu_mets, "nyu-mets",
     "ODbL 1.0, contents DbCL 1.0 (NYU-METS/Main; Mei et al., PAM'19)", &import_nyu_mets},
    {TraceFormat::csv, "csv", "", &import_csv},
}};

const Known* known(TraceFormat format) {
  for (const Known& k : kKnown)
    if (k.format == format) return &k;
  return nullptr;
}

bool looks_like_nyu(std::string_view line) {
  const Fields f = split_fields(line, ',');
  if (f.size() == 2) return to_number(f[0]).has_value() && f[1].ends_with("bits/sec");
  if (f.size() != 8) return false;
  for (const std::string_view field : f)
    if (!to_number(field)) return false;
  return true;
}

}  // namespace

const char* name_of(TraceFormat format) {
  if (format == TraceFormat::automatic) return "auto";
  if (format == TraceFormat::wanwise) return "wanwise";
  return known(format)->name;
}

std::optional<TraceFormat> to_format(std::string_view name) {
  for (const auto format : {TraceFormat::automatic, TraceFormat::wanwise})
    if (name == name_of(format)) return format;
  for (const Known& k : kKnown)
    if (name == k.name) return k.format;
  return std::nullopt;
}

std::string licence_of(TraceFormat format) {
  const Known* found = known(format);
  return found == nullptr ? "" : found->licence;
}

TraceFormat recognise_format(std::string_view text) {
  if (is_trace_file(text)) return TraceFormat::wanwise;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line) && trimmed(line).empty()) {
  }
  if (line.starts_with("t_s,")) return TraceFormat::fjordlink;
  if (line.starts_with("pub_time(ms)")) return TraceFormat::cicv5g;
  if (line.starts_with("Timestamp,Longitude,Latitude,Speed,Operatorname"))
    return TraceFormat::ucc5g;
  if (looks_like_nyu(line)) return TraceFormat::nyu_mets;
  if (to_integer(trimmed(line))) return TraceFormat::mahimahi;
  return TraceFormat::automatic;
}

core::Expected<ImportedTrace> import_text(std::string_view text, const std::string& name,
                                          const ImportOptions& options) {
  TraceFormat format = options.format;
  if (format == TraceFormat::automatic)
    format = options.columns.empty() ? recognise_format(text) : TraceFormat::csv;
  if (format == TraceFormat::wanwise) {
    auto file = parse_trace(text, name);
    if (!file) return core::Unexpected<core::Error>{file.error()};
    return ImportedTrace{std::move(*file), {}};
  }
  const Known* importer = known(format);
  if (importer == nullptr)
    return core::fail("trace-invalid",
                      name +
                          ": its format is not recognised (allowed: mahimahi, fjordlink, "
                          "cicv5g, ucc5g, nyu-mets, or csv with a map of its columns)");
  if (!options.columns.empty() && format != TraceFormat::csv)
    return core::fail("trace-map", "a map of columns goes with --format csv only");
  auto result = importer->import(text, name, options);
  if (!result) return result;
  result->file.source = importer->name;
  result->file.licence = importer->licence;
  result->file.origin = std::filesystem::path(name).filename().string();
  return result;
}

core::Expected<ImportedTrace> import_file(const std::string& path, const ImportOptions& options) {
  const auto text = read_text(path);
  if (!text) return core::Unexpected<core::Error>{text.error()};
  return import_text(*text, path, options);
}

}  // namespace wanwise::sim
