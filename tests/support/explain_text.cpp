// Explanations as golden files hold them: every finding, in the engine's own words.
#include <fmt/format.h>

#include "engine/core/decide/latency/latency.hpp"
#include "tests/support/event_json.hpp"

namespace wanwise::testing {
namespace {

const char* verdict_name(core::Verdict verdict) {
  switch (verdict) {
    case core::Verdict::chosen:
      return "chosen";
    case core::Verdict::possible:
      return "possible";
    case core::Verdict::rejected:
      return "rejected";
    case core::Verdict::unknown:
      return "unknown";
    case core::Verdict::held:
      return "held";
  }
  return "?";
}

std::string milliseconds(std::int64_t micros) {
  return fmt::format("{}.{:03} ms", micros / 1'000, micros % 1'000);
}

std::string to_text(const core::LatencyParts& parts) {
  const auto part = [](core::Micros time) {
    return time >= core::kNever ? std::string{"overloaded"} : milliseconds(time.count);
  };
  return fmt::format(
      "    path {}, uplink wait {} send {}, downlink {}, target wait {} service {}\n",
      part(parts.path), part(parts.uplink_wait), part(parts.uplink_send), part(parts.downlink),
      part(parts.target_wait), part(parts.service));
}

}  // namespace

std::string to_text(const core::Explanation& explanation) {
  std::string out = fmt::format("{} {}: {}\n", milliseconds(explanation.decided_at.micros),
                                explanation.workload.text, explanation.summary);
  if (!explanation.would_change.empty()) {
    out += fmt::format("  would change: {}\n", explanation.would_change);
  }
  for (const core::OptionReport& option : explanation.options) {
    out += fmt::format("  {:<8} {} {}", verdict_name(option.verdict),
                       option.target ? option.target->text : "suspended",
                       option.link ? "over " + option.link->text : "on the site");
    if (option.split) {
      out += fmt::format(" and {} ppm {} {}", option.split->share.count, option.split->target.text,
                         option.split_link ? "over " + option.split_link->text : "on the site");
    }
    out += fmt::format(" rung {}", option.rung);
    if (option.predicted) out += ", predicted " + milliseconds(option.predicted->count);
    out += '\n';
    if (option.forecast && option.forecast->p99 < core::kNever) {
      out += fmt::format("    p50 {}, p95 {}, p99 {}", milliseconds(option.forecast->p50.count),
                         milliseconds(option.forecast->p95.count),
                         milliseconds(option.forecast->p99.count));
      if (option.first_request) {
        out += ", first request " + milliseconds(option.first_request->count);
      }
      out += '\n';
    }
    if (option.parts) out += to_text(*option.parts);
    for (const core::Finding& finding : option.findings) {
      out += fmt::format("    {} {}: wanted {}, got {}\n", finding.holds ? "+" : "-", finding.rule,
                         finding.wanted, finding.got);
    }
  }
  return out;
}

}  // namespace wanwise::testing
