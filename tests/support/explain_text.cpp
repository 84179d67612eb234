// Explanations as golden files hold them: every finding, in the engine's own words.
#include <fmt/format.h>

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
    for (const core::Finding& finding : option.findings) {
      out += fmt::format("    {} {}: wanted {}, got {}\n", finding.holds ? "+" : "-", finding.rule,
                         finding.wanted, finding.got);
    }
  }
  return out;
}

}  // namespace wanwise::testing
