#include "adapters/cli/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "adapters/cli/units_text.hpp"

namespace wanwise::cli {
namespace {

std::string link_text(const core::LinkStatus& link) {
  if (!link.known) return link.name.text + " blind";
  if (!link.up) return link.name.text + " down";
  const std::string rtt = link.rtt ? ", rtt " + text(*link.rtt) : "";
  return fmt::format("{} carries {} of {}{}", link.name.text, text(link.tx_rate), text(link.shaper),
                     rtt);
}

std::string target_text(const core::TargetStatus& target) {
  if (!target.alive) return target.name.text + " dead";
  return target.load ? fmt::format("{} {} busy", target.name.text, text(*target.load)) : "";
}

}  // namespace

TimelineLine progress_line(const core::Status& status, core::Micros since_start,
                           std::optional<core::Micros> total) {
  TimelineLine line;
  line.since_start = since_start;
  line.word = "state";
  const auto met = std::count_if(status.workloads.begin(), status.workloads.end(),
                                 [](const core::WorkloadStatus& w) { return w.met; });
  line.subject = fmt::format("{} of {} met", met, status.workloads.size());
  if (total && total->count > 0) {
    line.change = fmt::format("{}% of the run", since_start.count * 100 / total->count);
  }
  std::vector<std::string> parts;
  for (const core::LinkStatus& link : status.links) parts.push_back(link_text(link));
  for (const core::TargetStatus& target : status.targets) parts.push_back(target_text(target));
  std::erase(parts, std::string{});
  line.detail = fmt::format("{}", fmt::join(parts, "; "));
  return line;
}

}  // namespace wanwise::cli
