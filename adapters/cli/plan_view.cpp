#include "adapters/cli/plan_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include "adapters/cli/render.hpp"
#include "adapters/cli/units_text.hpp"

namespace wanwise::cli {
namespace {

std::string flow_text(const core::FlowMatch& flow) {
  return fmt::format("{} {} -> {}:{}", flow.transport == core::Transport::tcp ? "tcp" : "udp",
                     core::to_string(flow.source), core::to_string(flow.destination), flow.port);
}

std::string share_text(core::QueueKind kind, std::uint32_t percent) {
  return kind == core::QueueKind::priority
             ? fmt::format("first, at most {}% of the shaper", percent)
             : fmt::format("at least {}% of the rest", percent);
}

std::string queue_text(const core::QueueShare& queue) {
  std::string out = share_text(queue.kind, queue.percent);
  if (queue.burst.count > 0) out += fmt::format(", bursts of {} bytes", queue.burst.count);
  if (queue.queue_limit > 0) out += fmt::format(", {} packets may wait", queue.queue_limit);
  return out;
}

void add_marking(std::vector<std::string>& lines, const core::RouterQos& qos) {
  lines.push_back(fmt::format("marks on {}", qos.lan_interface));
  for (const core::MarkingRule& rule : qos.marking) {
    for (const core::FlowMatch& flow : rule.flows) {
      // Class and code point on each line: a line then means the same wherever it stands.
      lines.push_back(fmt::format("  {} {}: {}", rule.service_class.text,
                                  core::dscp_name(rule.dscp), flow_text(flow)));
    }
  }
}

void add_wan(std::vector<std::string>& lines, const core::WanQos& wan) {
  lines.push_back(fmt::format("queues on {} ({})", wan.interface, wan.link.text));
  lines.push_back(fmt::format("  shaper {} ({} bps)", text(wan.shaper), wan.shaper.count));
  for (const core::QueueShare& queue : wan.queues) {
    lines.push_back(fmt::format("  {} {}: {}", queue.service_class.text,
                                core::dscp_name(queue.dscp), queue_text(queue)));
  }
  lines.push_back(fmt::format("  class-default: {}",
                              share_text(core::QueueKind::remaining, wan.default_percent)));
}

void add_steering(std::vector<std::string>& lines, const core::RouterQos& qos) {
  if (qos.steering.empty()) return;
  const auto way = [](const core::LinkName& link, const std::optional<core::TrunkName>& trunk) {
    return link.text + (trunk ? " over " + trunk->text : "");
  };
  lines.push_back("paths");
  for (const core::SteeringRule& rule : qos.steering) {
    std::string by = "by " + way(rule.via, rule.trunk);
    if (rule.backup) by += ", else " + way(*rule.backup, rule.backup_trunk);
    for (const core::FlowMatch& flow : rule.flows) {
      lines.push_back(fmt::format("  {}: {}", by, flow_text(flow)));
    }
  }
}

/// Length of the longest common subsequence of every pair of tails.
class CommonTails {
 public:
  CommonTails(const std::vector<std::string>& a, const std::vector<std::string>& b)
      : m_columns(b.size() + 1), m_lengths((a.size() + 1) * m_columns, 0) {
    for (std::size_t i = a.size(); i-- > 0;) {
      for (std::size_t j = b.size(); j-- > 0;) {
        at(i, j) = a[i] == b[j] ? static_cast<std::uint16_t>(at(i + 1, j + 1) + 1)
                                : std::max(at(i + 1, j), at(i, j + 1));
      }
    }
  }

  std::uint16_t& at(std::size_t i, std::size_t j) { return m_lengths[i * m_columns + j]; }

 private:
  std::size_t m_columns;
  std::vector<std::uint16_t> m_lengths;
};

const core::PlaceWorkload* placement_of(const PlanView& view, const core::WorkloadName& workload,
                                        std::string& why) {
  for (const core::Action& action : view.actions) {
    const auto* place = std::get_if<core::PlaceWorkload>(&action.body);
    if (place == nullptr || place->workload != workload) continue;
    why = action.why;
    return place;
  }
  return nullptr;
}

Row place_row(const core::PlaceWorkload& place, const std::string& now, const std::string& why) {
  return {place.workload.text,
          now,
          {place_text(place.to, place.split), Tone::doubtful},
          place.to ? rung_text(place.rung) : "-",
          why};
}

/// One row a workload: those that stay too, so that the table is the whole plan.
std::string placements_text(const PlanView& view, Style style) {
  std::vector<Row> rows{{{"workload", Tone::heading},
                         {"now", Tone::heading},
                         {"then", Tone::heading},
                         {"ladder", Tone::heading},
                         {"why", Tone::heading}}};
  for (const core::PlacementObserved& placement : view.placements) {
    std::string why;
    const std::string now =
        placement.target ? place_text(placement.target, placement.split) : "nowhere";
    if (const auto* place = placement_of(view, placement.workload, why)) {
      rows.push_back(place_row(*place, now, why));
    } else {
      const std::string ladder = placement.target ? rung_text(placement.rung) : "-";
      rows.push_back({placement.workload.text, now, "same", ladder});
    }
  }
  for (const core::Action& action : view.actions) {
    const auto* place = std::get_if<core::PlaceWorkload>(&action.body);
    if (place == nullptr) continue;
    const bool listed =
        std::any_of(view.placements.begin(), view.placements.end(),
                    [&](const auto& known) { return known.workload == place->workload; });
    if (!listed) rows.push_back(place_row(*place, "nowhere", action.why));
  }
  if (rows.size() == 1) return {};
  return "\n" + painted("Placements", Tone::heading, style) + "\n" + table(rows, 2, style);
}

std::string diff_text(const std::vector<DiffLine>& diff, Style style) {
  std::string out;
  for (const DiffLine& line : diff) {
    switch (line.change) {
      case LineChange::same:
        out += "    " + plain(line.text) + "\n";
        break;
      case LineChange::removed:
        out += "  " + painted("- " + plain(line.text), Tone::bad, style) + "\n";
        break;
      case LineChange::added:
        out += "  " + painted("+ " + plain(line.text), Tone::good, style) + "\n";
        break;
    }
  }
  return out;
}

std::string router_text(const PlanView& view, const core::Action& action,
                        const core::RouterQos& desired, Style style) {
  const auto observed =
      std::find_if(view.routers.begin(), view.routers.end(),
                   [&](const core::RouterQos& qos) { return qos.router == desired.router; });
  const std::vector<std::string> before =
      observed == view.routers.end() ? std::vector<std::string>{} : qos_lines(*observed);
  return fmt::format("\n{}: {}\n{}",
                     painted("Router " + plain(desired.router.text), Tone::heading, style),
                     plain(action.why), diff_text(diff_lines(before, qos_lines(desired)), style));
}

std::string plural(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string headline(const PlanView& view) {
  const auto routers = static_cast<std::size_t>(
      std::count_if(view.actions.begin(), view.actions.end(), [](const core::Action& action) {
        return std::holds_alternative<core::ApplyQos>(action.body);
      }));
  if (view.actions.empty()) return "No change: everything is as wanted.\n";
  return fmt::format("Would change: {}, {}.\n", plural(routers, "router", "routers"),
                     plural(view.actions.size() - routers, "placement", "placements"));
}

}  // namespace

std::vector<std::string> qos_lines(const core::RouterQos& qos) {
  std::vector<std::string> lines;
  add_marking(lines, qos);
  for (const core::WanQos& wan : qos.wans) add_wan(lines, wan);
  add_steering(lines, qos);
  return lines;
}

std::vector<DiffLine> diff_lines(const std::vector<std::string>& before,
                                 const std::vector<std::string>& after) {
  std::vector<DiffLine> out;
  std::size_t i = 0;
  std::size_t j = 0;
  if (before.size() <= kMaxDiffLines && after.size() <= kMaxDiffLines) {
    CommonTails tails{before, after};
    while (i < before.size() && j < after.size()) {
      if (before[i] == after[j]) {
        out.push_back({LineChange::same, before[i++]});
        ++j;
      } else if (tails.at(i + 1, j) >= tails.at(i, j + 1)) {
        out.push_back({LineChange::removed, before[i++]});
      } else {
        out.push_back({LineChange::added, after[j++]});
      }
    }
  }
  while (i < before.size()) out.push_back({LineChange::removed, before[i++]});
  while (j < after.size()) out.push_back({LineChange::added, after[j++]});
  return out;
}

std::string render_plan(const PlanView& view, Style style) {
  std::string out = headline(view) + placements_text(view, style);
  for (const core::Action& action : view.actions) {
    if (const auto* qos = std::get_if<core::ApplyQos>(&action.body)) {
      out += router_text(view, action, qos->desired, style);
    }
  }
  return out;
}

}  // namespace wanwise::cli
