#include "adapters/cli/render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "adapters/cli/units_text.hpp"

namespace wanwise::cli {
namespace {

constexpr const char* kAbsent = "-";

Row heading(std::vector<const char*> titles) {
  Row row;
  for (const char* title : titles) row.emplace_back(std::string{title}, Tone::heading);
  return row;
}

template <class Q>
std::string or_absent(const std::optional<Q>& quantity) {
  return quantity ? text(*quantity) : kAbsent;
}

Row router_row(const core::RouterStatus& router) {
  return {router.name.text,
          router.connected ? Cell{"connected", Tone::good} : Cell{"disconnected", Tone::bad},
          router.qos_in_place ? Cell{"in place", Tone::good} : Cell{"not in place", Tone::doubtful},
          router.change_in_flight ? "under way" : kAbsent,
          or_absent(router.health ? router.health->cpu : std::nullopt),
          or_absent(router.health ? router.health->memory_free : std::nullopt)};
}

/// "8.2 to 12.4 Mbps" with the unit once where both ends have the same.
std::string range_text(core::Bps low, core::Bps high) {
  const std::string from = text(low);
  const std::string to = text(high);
  if (from == to) return from;
  const auto unit = from.find(' ');
  const bool same_unit = from.substr(unit) == to.substr(to.find(' '));
  return fmt::format("{} to {}", same_unit ? from.substr(0, unit) : from, to);
}

Row link_row(const core::LinkStatus& link) {
  const Cell state = !link.known ? Cell{"unknown", Tone::doubtful}
                     : link.up   ? Cell{"up", Tone::good}
                                 : Cell{"down", Tone::bad};
  return {link.name.text,
          state,
          link.access == core::RadioAccess::none ? kAbsent : access_text(link.access),
          range_text(link.uplink_low, link.uplink_high),
          or_absent(link.uplink_age),
          text(link.shaper),
          text(link.tx_rate),
          or_absent(link.rtt),
          or_absent(link.rtt_base),
          link.rsrp ? dbm_text(*link.rsrp) : kAbsent,
          link.sinr ? db_text(*link.sinr) : kAbsent};
}

Row target_row(const core::TargetStatus& target) {
  Cell state = !target.known  ? Cell{"unknown", Tone::doubtful}
               : target.alive ? Cell{"alive", Tone::good}
                              : Cell{"dead", Tone::bad};
  if (target.draining) state = {state.text + ", draining", Tone::doubtful};
  return {target.name.text, state, or_absent(target.load), factor_text(target.slowdown)};
}

Row workload_row(const core::WorkloadStatus& workload) {
  std::string place = place_text(workload.target, workload.split);
  if (workload.moving) place += ", moving";
  return {workload.name.text,
          place,
          workload.rung == 0 ? Cell{rung_text(0)} : Cell{rung_text(workload.rung), Tone::doubtful},
          workload.met ? Cell{"met", Tone::good} : Cell{"not met", Tone::bad},
          text(workload.demand),
          or_absent(workload.predicted),
          or_absent(workload.observed),
          or_absent(workload.prediction_ratio)};
}

/// A titled table with one row an item; "none" where there is none.
template <class Items, class ToRow>
std::string section(std::string_view title, Row head, const Items& items, ToRow to_row,
                    Style style) {
  std::string out = "\n" + painted(title, Tone::heading, style);
  if (items.empty()) return out + ": none\n";
  std::vector<Row> rows;
  if (!head.empty()) rows.push_back(std::move(head));
  for (const auto& item : items) rows.push_back(to_row(item));
  return out + "\n" + table(rows, 2, style);
}

/// "told" or "counted": by whose word.
std::string data_plans_text(const std::vector<core::LinkStatus>& links, Style style) {
  std::vector<core::LinkStatus> capped;
  for (const core::LinkStatus& link : links) {
    if (link.data_plan) capped.push_back(link);
  }
  if (capped.empty()) return "";
  return section(
      "Data plans", heading({"link", "cap", "used", "left", "pace", "usage"}), capped,
      [](const core::LinkStatus& link) {
        const core::DataPlanStatus& plan = *link.data_plan;
        return Row{link.name.text,
                   text(plan.cap),
                   text(plan.used),
                   text(plan.left),
                   text(plan.pace),
                   plan.told ? Cell{"told", Tone::good} : Cell{"counted", Tone::doubtful}};
      },
      style);
}

std::string class_paths_text(const std::vector<core::LinkStatus>& links, Style style) {
  struct Line {
    std::string link;
    core::ClassPathStatus path;
  };
  std::vector<Line> lines;
  for (const core::LinkStatus& link : links) {
    for (const core::ClassPathStatus& path : link.classes) lines.push_back({link.name.text, path});
  }
  if (lines.empty()) return "";
  return section(
      "Classes", heading({"link", "class", "rtt", "jitter", "loss"}), lines,
      [](const Line& line) {
        return Row{line.link, line.path.service_class.text, or_absent(line.path.rtt),
                   or_absent(line.path.jitter), or_absent(line.path.loss)};
      },
      style);
}

Cell outcome_cell(const std::optional<core::Outcome>& outcome) {
  if (!outcome) return {"under way", Tone::doubtful};
  switch (*outcome) {
    case core::Outcome::done:
      return {"done", Tone::good};
    case core::Outcome::refused:
      return {"refused", Tone::bad};
    case core::Outcome::failed:
      return {"failed", Tone::bad};
    case core::Outcome::unknown:
      return {"unknown", Tone::doubtful};
  }
  return {"unknown"};
}

}  // namespace

std::string rung_text(std::int32_t rung) {
  return rung == 0 ? "full demand" : fmt::format("rung {}", rung);
}

std::string place_text(const std::optional<core::TargetName>& target) {
  return target ? target->text : "suspended";
}

std::string place_text(const std::optional<core::TargetName>& target,
                       const std::optional<core::Split>& split) {
  if (!target || !split) return place_text(target);
  return fmt::format("{} {}, {} {}", target->text, text(core::kWhole - split->share),
                     split->target.text, text(split->share));
}

std::string render_status(const core::Status& status, Style style) {
  std::string out = fmt::format("wanwise at {}: {}\n", text(status.at - core::Instant{}),
                                status.started ? "started" : "waiting for its sources");
  if (status.decision) {
    const core::DecisionStatus& it = *status.decision;
    out += fmt::format("decided at {}: {}\n", text(it.at - core::Instant{}),
                       it.proved ? "the best there is"
                                 : "within " + text(it.gap) + " of the best, as far as proved");
  }
  out += section("Routers", heading({"router", "session", "qos", "change", "cpu", "memory free"}),
                 status.routers, router_row, style);
  out += section("Links",
                 heading({"link", "state", "radio", "uplink", "age", "shaper", "sending", "rtt",
                          "idle rtt", "rsrp", "sinr"}),
                 status.links, link_row, style);
  out += class_paths_text(status.links, style);
  out += data_plans_text(status.links, style);
  out += section("Targets", heading({"target", "state", "load", "slowdown"}), status.targets,
                 target_row, style);
  out += section("Workloads",
                 heading({"workload", "runs on", "ladder", "objective", "demand", "predicted",
                          "observed", "of predicted"}),
                 status.workloads, workload_row, style);
  out += section(
      "Degradations", {}, status.degradations,
      [](const core::Degradation& d) {
        return Row{Cell{d.code, Tone::doubtful}, d.subject, d.detail};
      },
      style);
  return out;
}

std::string render_history(const std::vector<http::Move>& moves, Style style) {
  if (moves.empty()) return "no moves yet\n";
  std::vector<Row> rows{heading({"at", "workload", "move", "ladder", "outcome", "why"})};
  for (const http::Move& move : moves) {
    rows.push_back({text(move.at - core::Instant{}), move.workload.text,
                    fmt::format("{} -> {}", move.from ? move.from->text : "nowhere",
                                place_text(move.to, move.split)),
                    move.to ? rung_text(move.rung) : kAbsent, outcome_cell(move.outcome),
                    move.why});
  }
  return table(rows, 0, style);
}

}  // namespace wanwise::cli
