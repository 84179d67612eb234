// The summary for scripts and for people.
#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <iterator>

#include "engine/runtime/summary.hpp"

namespace wanwise::runtime {
namespace {

namespace json = boost::json;

json::value name_or_null(const std::optional<core::TargetName>& name) {
  if (!name) return nullptr;
  return json::value(name->text);
}

json::value ms_or_null(std::optional<std::int64_t> micros) {
  if (!micros) return nullptr;
  return static_cast<double>(*micros) / 1e3;
}

std::string name_or(const std::optional<core::TargetName>& name, const char* absent) {
  return name ? name->text : absent;
}

std::string place_text(const Move& move) {
  if (!move.to || !move.split) return name_or(move.to, "suspended");
  return fmt::format("{}, {:.0f} % {} ", move.to->text,
                     static_cast<double>(move.split->share.count) / 1e4, move.split->target.text);
}

std::string ms_text(std::optional<std::int64_t> micros) {
  return micros ? fmt::format("{:.1f} ms", static_cast<double>(*micros) / 1e3) : "none measured";
}

}  // namespace

std::string to_json(const Summary& summary, bool replay_digest_equal) {
  json::array moves;
  for (const Move& move : summary.moves) {
    json::object told{{"at_ms", move.at_ms},
                      {"workload", move.workload.text},
                      {"from", name_or_null(move.from)},
                      {"to", name_or_null(move.to)},
                      {"why", move.why}};
    if (move.split) {
      told["split"] =
          json::object{{"target", move.split->target.text}, {"share_ppm", move.split->share.count}};
    }
    moves.push_back(std::move(told));
  }
  json::array shaper;
  for (const auto& [at_ms, bps] : summary.shaper_bps) shaper.push_back(json::array{at_ms, bps});
  json::object met;
  for (const auto& [workload, ppm] : summary.objective_met_ppm) met[workload.text] = ppm;

  const json::object out{{"seconds", static_cast<double>(summary.micros) / 1e6},
                         {"samples", summary.samples},
                         {"decisions", summary.decisions},
                         {"moves", std::move(moves)},
                         {"router_commits", summary.router_commits},
                         {"router_refusals", summary.router_refusals},
                         {"shaper_bps", std::move(shaper)},
                         {"objective_met_ppm", std::move(met)},
                         {"reaction_ms",
                          {{"p50", ms_or_null(summary.reaction_p50_us)},
                           {"p99", ms_or_null(summary.reaction_p99_us)}}},
                         {"rss_kib", summary.rss_kib},
                         {"replay_digest_equal", replay_digest_equal}};
  return json::serialize(out);
}

std::string to_text(const Summary& summary, bool replay_digest_equal) {
  std::string text;
  const auto line = std::back_inserter(text);
  const auto row = [&line](const char* name, const std::string& value) {
    fmt::format_to(line, "{:<22}{}\n", name, value);
  };
  row("run", fmt::format("{:.1f} s", static_cast<double>(summary.micros) / 1e6));
  row("telemetry samples", fmt::format("{}", summary.samples));
  row("joint decisions", fmt::format("{}", summary.decisions));
  row("router commits",
      fmt::format("{}, refused {}", summary.router_commits, summary.router_refusals));
  row("reaction p50 / p99",
      ms_text(summary.reaction_p50_us) + " / " + ms_text(summary.reaction_p99_us));
  row("memory", summary.rss_kib == 0
                    ? "not noted"
                    : fmt::format("{:.1f} MiB", static_cast<double>(summary.rss_kib) / 1024));
  row("replay", replay_digest_equal ? "same digest" : "ANOTHER DIGEST");
  for (const std::string& note : summary.notes) row("note", note);

  fmt::format_to(line, "\nmoves ({})\n", summary.moves.size());
  for (const Move& move : summary.moves) {
    fmt::format_to(line, "  {:>8.1f} s  {:<24}{:>8} -> {:<10}{}\n",
                   static_cast<double>(move.at_ms) / 1e3, move.workload.text,
                   name_or(move.from, "nowhere"), place_text(move), move.why);
  }
  if (!summary.shaper_bps.empty()) {
    fmt::format_to(line, "\nshaper of {}\n", summary.shaper_link.text);
    for (const auto& [at_ms, bps] : summary.shaper_bps) {
      fmt::format_to(line, "  {:>8.1f} s  {:>8.3f} Mbps\n", static_cast<double>(at_ms) / 1e3,
                     static_cast<double>(bps) / 1e6);
    }
  }
  fmt::format_to(line, "\nrequests within their objective\n");
  for (const auto& [workload, ppm] : summary.objective_met_ppm) {
    fmt::format_to(line, "  {:<24}{:>8.2f} %\n", workload.text, static_cast<double>(ppm) / 1e4);
  }
  return text;
}

}  // namespace wanwise::runtime
