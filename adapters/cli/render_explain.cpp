// `wanwise explain` and `wanwise history WORKLOAD`: why it runs where it runs, what would change
// that, and what was predicted against what was seen.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/cli/render.hpp"
#include "adapters/cli/units_text.hpp"
#include "engine/core/decide/latency/latency.hpp"

namespace wanwise::cli {
namespace {

constexpr const char* kAbsent = "-";

std::string latency_text(core::Micros latency) {
  return latency >= core::kNever ? "never" : text(latency);
}

std::string or_absent(const std::optional<core::Micros>& latency) {
  return latency ? latency_text(*latency) : kAbsent;
}

/// "1,204"
std::string grouped(std::int64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, ",");
  return digits;
}

std::string quantile_text(core::Ppm quantile) {
  return fmt::format("p{}", quantile.count / 10'000);
}

Cell verdict_cell(core::Verdict verdict) {
  switch (verdict) {
    case core::Verdict::chosen:
      return {"chosen", Tone::good};
    case core::Verdict::possible:
      return {"possible"};
    case core::Verdict::rejected:
      return {"rejected", Tone::bad};
    case core::Verdict::unknown:
      return {"unknown", Tone::doubtful};
    case core::Verdict::held:
      return {"held", Tone::doubtful};
  }
  return {"unknown"};
}

/// A rule that does not hold says something else under each verdict: a missing input is not a "no",
/// and a stability rule only asks for patience.
Cell holds_cell(bool holds, core::Verdict verdict) {
  if (holds) return {"ok", Tone::good};
  switch (verdict) {
    case core::Verdict::unknown:
      return {"?", Tone::doubtful};
    case core::Verdict::held:
      return {"wait", Tone::doubtful};
    case core::Verdict::chosen:  // nothing better there was: the least bad still breaks the rule
    case core::Verdict::possible:
    case core::Verdict::rejected:
      return {"no", Tone::bad};
  }
  return {"no", Tone::bad};
}

std::string option_text(const core::OptionReport& option) {
  if (!option.target) return "suspended";
  const auto way = [](const std::optional<core::LinkName>& link) {
    return link ? "over " + link->text : std::string{"on the LAN"};
  };
  if (!option.split) return fmt::format("{} {}", option.target->text, way(option.link));
  return fmt::format("{} {} {}, {} {} {}", option.target->text,
                     text(core::kWhole - option.split->share), way(option.link),
                     option.split->target.text, text(option.split->share), way(option.split_link));
}

std::string findings_block(const core::OptionReport& option, const std::vector<std::size_t>& widths,
                           Style style) {
  std::vector<Row> rows;
  for (const core::Finding& finding : option.findings) {
    // Padded here so that the columns line up across the options' tables.
    rows.push_back(
        {holds_cell(finding.holds, option.verdict), padded(plain(finding.rule), widths[0]),
         padded("wanted " + plain(finding.wanted), widths[1] + 7), "got " + finding.got});
  }
  for (Row& row : rows) row[0].text = padded(row[0].text, 4);  // "wait"
  return table(rows, 6, style);
}

/// "half within 41 ms, 95% within 60 ms, 99% within 72 ms; the first after a move 310 ms"
std::string forecast_line(const core::OptionReport& option) {
  const core::Forecast& f = *option.forecast;
  if (f.p99 >= core::kNever) return "requests would pile up without end";
  std::string line = fmt::format("half within {}, 95% within {}, 99% within {}",
                                 latency_text(f.p50), latency_text(f.p95), latency_text(f.p99));
  if (option.first_request) {
    line += "; the first after a move " + latency_text(*option.first_request);
  }
  return line;
}

/// "service 13 ms + wait for the accelerator 4 ms": the parts that matter, the largest first.
std::string parts_line(const core::LatencyParts& parts) {
  std::array<std::pair<core::Micros, const char*>, 6> named{
      {{parts.path, "way there and back"},
       {parts.uplink_wait, "uplink queue"},
       {parts.uplink_send, "uplink sending"},
       {parts.downlink, "downlink"},
       {parts.target_wait, "accelerator queue"},
       {parts.service, "inference"}}};
  std::stable_sort(named.begin(), named.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::string line;
  for (const auto& [time, name] : named) {
    if (time.count <= 0) break;
    if (!line.empty()) line += " + ";
    line += time >= core::kNever ? fmt::format("{} overloaded", name)
                                 : fmt::format("{} {}", name, latency_text(time));
  }
  return line;
}

std::string numbers_block(const core::OptionReport& option) {
  std::string out;
  if (option.forecast) out += fmt::format("      {}\n", forecast_line(option));
  const std::string parts = option.parts ? parts_line(*option.parts) : "";
  if (!parts.empty()) {
    const bool overloaded = option.predicted && *option.predicted >= core::kNever;
    out += fmt::format(
        "      {}{}\n",
        overloaded || !option.predicted ? std::string{} : latency_text(*option.predicted) + " = ",
        parts);
  }
  return out;
}

/// "predicted p99 41 ms, seen 38 ms (worst sample 72 ms) over 1,204 requests, 3 late"
std::string record_text(const core::PredictionRecord& record) {
  std::string line;
  if (record.predicted) {
    line = fmt::format("predicted {} {}, ", quantile_text(record.quantile),
                       latency_text(at_quantile(*record.predicted, record.quantile)));
  }
  if (record.samples == 0) return line + "nothing seen yet";
  return line + fmt::format("seen {} (worst sample {}) over {} requests, {} late",
                            latency_text(*record.typical), latency_text(*record.worst),
                            grouped(record.requests), grouped(record.late));
}

std::string what_if_block(const std::vector<core::WhatIf>& what_ifs, Style style) {
  if (what_ifs.empty()) return {};
  std::vector<Row> rows;
  std::string same;
  for (const core::WhatIf& row : what_ifs) {
    if (row.outcome.empty()) {
      same += fmt::format("{}{} {} (now {})", same.empty() ? "" : "; ", plain(row.input),
                          plain(row.bound), plain(row.now));
      continue;
    }
    rows.push_back({"if " + row.input, row.bound, fmt::format("now {}", row.now), row.outcome});
  }
  std::string out = fmt::format("\n{}\n", painted("What would change it", Tone::heading, style));
  out += table(rows, 2, style);
  if (rows.empty()) out += "  nothing that was tried\n";
  if (!same.empty()) out += fmt::format("  no change: {}\n", same);
  return out;
}

std::string place_cell(const core::Place& place) {
  std::string told = place.target ? place.target->text : "suspended";
  if (place.split) {
    told += fmt::format(" + {} of it on {}", text(place.split->share), place.split->target.text);
  }
  return place.target && place.rung > 0 ? told + ", " + rung_text(place.rung) : told;
}

Cell end_cell(core::StayEnd end) {
  switch (end) {
    case core::StayEnd::none:
      return {"still there", Tone::good};
    case core::StayEnd::target_lost:
      return {"the place was lost", Tone::bad};
    case core::StayEnd::missed:
      return {"too many late", Tone::bad};
    case core::StayEnd::late:
      return {"would have been late", Tone::doubtful};
    case core::StayEnd::better_place:
      return {"a better place"};
    case core::StayEnd::by_others:
      return {"moved by others", Tone::doubtful};
  }
  return {"?"};
}

}  // namespace

std::string render_explanation(const core::Explanation& explanation, Style style) {
  std::string out = fmt::format(
      "{}: {}\ndecided at: {}\n", painted(plain(explanation.workload.text), Tone::heading, style),
      plain(explanation.summary), text(explanation.decided_at - core::Instant{}));
  if (explanation.present) {
    out += fmt::format("so far: {}\n", record_text(*explanation.present));
  }
  if (!explanation.would_change.empty()) {
    out += fmt::format("would change: {}\n", plain(explanation.would_change));
  }
  out += what_if_block(explanation.what_if, style);
  std::vector<Row> heads;
  std::vector<std::size_t> widths(2, 0);
  for (const core::OptionReport& option : explanation.options) {
    heads.push_back({option_text(option), option.target ? rung_text(option.rung) : "",
                     verdict_cell(option.verdict), or_absent(option.predicted)});
    for (const core::Finding& finding : option.findings) {
      widths[0] = std::max(widths[0], width(plain(finding.rule)));
      widths[1] = std::max(widths[1], width(plain(finding.wanted)));
    }
  }
  // The heads are laid out as one table, then each gets its findings below it.
  const std::string head_lines = table(heads, 2, style);
  std::string_view rest = head_lines;
  for (const core::OptionReport& option : explanation.options) {
    const auto end = rest.find('\n') + 1;
    out += fmt::format("\n{}{}{}", rest.substr(0, end), numbers_block(option),
                       findings_block(option, widths, style));
    rest.remove_prefix(end);
  }
  return out;
}

std::string render_places(const std::vector<core::PredictionRecord>& places, Style style) {
  if (places.empty()) return "it has not run anywhere yet\n";
  std::vector<Row> rows{{{"since", Tone::heading},
                         {"place", Tone::heading},
                         {"predicted", Tone::heading},
                         {"seen", Tone::heading},
                         {"worst", Tone::heading},
                         {"requests", Tone::heading},
                         {"late", Tone::heading},
                         {"until", Tone::heading},
                         {"why it left", Tone::heading}}};
  for (const core::PredictionRecord& record : places) {
    std::string predicted = kAbsent;
    if (record.predicted) {
      predicted = fmt::format("{} {}", quantile_text(record.quantile),
                              latency_text(at_quantile(*record.predicted, record.quantile)));
    }
    rows.push_back({text(record.since - core::Instant{}), place_cell(record.place), predicted,
                    or_absent(record.typical), or_absent(record.worst), grouped(record.requests),
                    grouped(record.late),
                    record.ended_at ? text(*record.ended_at - core::Instant{}) : kAbsent,
                    end_cell(record.end)});
  }
  return table(rows, 0, style);
}

}  // namespace wanwise::cli
