#include "adapters/http/metrics.hpp"

#include <fmt/format.h>

#include <iterator>
#include <set>
#include <string_view>
#include <type_traits>
#include <utility>

#include "adapters/http/json_names.hpp"
#include "adapters/http/utf8.hpp"
#include "engine/core/decide/latency/latency.hpp"

namespace wanwise::http {
namespace {

using Labels = std::vector<std::pair<std::string_view, std::string>>;

/// Label values escape backslash, double quote and line feed, and nothing else.
std::string escape_label(std::string_view value) {
  std::string out;
  for (const char c : valid_utf8(value)) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '"') {
      out += "\\\"";
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

/// `count` divided by 10^digits, exactly.
std::string decimal(std::int64_t count, int digits) {
  const bool negative = count < 0;
  // Negation in unsigned arithmetic is defined for INT64_MIN too.
  const auto bits = static_cast<std::uint64_t>(count);
  std::string text = fmt::format("{:0{}}", negative ? 0 - bits : bits, digits + 1);
  if (digits > 0) {
    text.insert(text.size() - static_cast<std::size_t>(digits), ".");
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return negative ? "-" + text : text;
}

std::string of(bool value) {
  return value ? "1" : "0";
}
std::string of(core::Bps rate) {
  return decimal(rate.count, 0);
}
std::string of(core::Bytes size) {
  return decimal(size.count, 0);
}
std::string of(core::Micros duration) {
  return decimal(duration.count, 6);
}
std::string of(core::Ppm share) {
  return decimal(share.count, 6);
}
std::string of(core::MilliHz rate) {
  return decimal(rate.count, 3);
}
std::string of(core::MilliDb level) {
  return decimal(level.count, 3);
}

class Page {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    m_name = name;
    fmt::format_to(std::back_inserter(m_text), "# HELP {} {}\n# TYPE {} {}\n", name, help, name,
                   type);
  }

  void sample(const Labels& labels, std::string_view value) {
    m_text += m_name;
    const char* separator = "{";
    for (const auto& [key, text] : labels) {
      fmt::format_to(std::back_inserter(m_text), "{}{}=\"{}\"", separator, key, escape_label(text));
      separator = ",";
    }
    fmt::format_to(std::back_inserter(m_text), "{} {}\n", labels.empty() ? "" : "}", value);
  }

  /// One gauge per item, labelled with its name; `read` returns a value or an optional one.
  template <class Items, class Read>
  void gauges(const Items& items, std::string_view label, std::string_view name,
              std::string_view help, Read read) {
    family(name, "gauge", help);
    for (const auto& item : items) put(Labels{{label, item.name.text}}, read(item));
  }

  std::string take() && { return std::move(m_text); }

 private:
  template <class T>
  void put(const Labels& labels, const T& value) {
    sample(labels, of(value));
  }
  template <class T>
  void put(const Labels& labels, const std::optional<T>& value) {
    if (value) sample(labels, of(*value));
  }

  std::string m_name;
  std::string m_text;
};

void add_routers(Page& page, const std::vector<core::RouterStatus>& routers) {
  using Router = core::RouterStatus;
  const auto gauge = [&](std::string_view name, std::string_view help, auto read) {
    page.gauges(routers, "router", name, help, read);
  };
  gauge("wanwise_router_connected", "Management session with the router is up.",
        [](const Router& r) { return r.connected; });
  gauge("wanwise_router_qos_in_place", "The router's QoS is what wanwise wants.",
        [](const Router& r) { return r.qos_in_place; });
  gauge("wanwise_router_change_in_flight", "A change of the router's QoS is under way.",
        [](const Router& r) { return r.change_in_flight; });
  const auto health = [&](std::string_view name, std::string_view help, auto member) {
    gauge(name, help, [member](const Router& r) {
      using Value = std::remove_cvref_t<decltype((*r.health).*member)>;
      return r.health ? (*r.health).*member : Value{};
    });
  };
  health("wanwise_router_cpu_ratio", "Busy share of the router's CPU, last five seconds.",
         &core::RouterHealth::cpu);
  health("wanwise_router_memory_free_bytes", "Free memory of the router.",
         &core::RouterHealth::memory_free);
  health("wanwise_router_app_cpu_free_ratio", "CPU quota left for hosted applications.",
         &core::RouterHealth::app_cpu_free);
  health("wanwise_router_app_memory_free_bytes", "Memory quota left for hosted applications.",
         &core::RouterHealth::app_memory_free);
}

void add_link_rates(Page& page, const std::vector<core::LinkStatus>& links) {
  using Link = core::LinkStatus;
  const auto gauge = [&](std::string_view name, std::string_view help, auto read) {
    page.gauges(links, "link", name, help, read);
  };
  gauge("wanwise_link_known", "The link's samples are fresh.",
        [](const Link& l) { return l.known; });
  gauge("wanwise_link_up", "The link's interface is up.", [](const Link& l) { return l.up; });
  gauge("wanwise_link_uplink_low_bps", "Lower end of the uplink estimate.",
        [](const Link& l) { return l.uplink_low; });
  gauge("wanwise_link_uplink_high_bps", "Upper end of the uplink estimate.",
        [](const Link& l) { return l.uplink_high; });
  gauge("wanwise_link_shaper_bps", "Shaper rate wanted on the router.",
        [](const Link& l) { return l.shaper; });
  gauge("wanwise_link_tx_rate_bps", "Measured sending rate.",
        [](const Link& l) { return l.tx_rate; });
}

void add_link_quality(Page& page, const std::vector<core::LinkStatus>& links) {
  using Link = core::LinkStatus;
  const auto gauge = [&](std::string_view name, std::string_view help, auto read) {
    page.gauges(links, "link", name, help, read);
  };
  gauge("wanwise_link_rtt_seconds", "Last round trip of the link's probe.",
        [](const Link& l) { return l.rtt; });
  gauge("wanwise_link_rtt_base_seconds", "Round trip of the idle link.",
        [](const Link& l) { return l.rtt_base; });
  gauge("wanwise_link_rsrp_dbm", "Reference signal received power.",
        [](const Link& l) { return l.rsrp; });
  gauge("wanwise_link_sinr_db", "Signal to interference and noise ratio.",
        [](const Link& l) { return l.sinr; });
  page.family("wanwise_link_access", "gauge", "Radio access technology of the link, as a label.");
  for (const Link& link : links) {
    page.sample(
        {{"link", link.name.text}, {"access", std::string{name_of(kAccessNames, link.access)}}},
        "1");
  }
}

void add_class_paths(Page& page, const std::vector<core::LinkStatus>& links) {
  const auto gauge = [&](std::string_view name, std::string_view help, auto member) {
    page.family(name, "gauge", help);
    for (const core::LinkStatus& link : links) {
      for (const core::ClassPathStatus& path : link.classes) {
        if (const auto& value = path.*member)
          page.sample({{"link", link.name.text}, {"class", path.service_class.text}}, of(*value));
      }
    }
  };
  gauge("wanwise_class_rtt_seconds", "Last round trip of the class' own probe.",
        &core::ClassPathStatus::rtt);
  gauge("wanwise_class_jitter_seconds", "Jitter in the class' queue.",
        &core::ClassPathStatus::jitter);
  gauge("wanwise_class_loss_ratio", "Share of the class' probe packets lost.",
        &core::ClassPathStatus::loss);
}

void add_data_plans(Page& page, const std::vector<core::LinkStatus>& links) {
  using Plan = core::DataPlanStatus;
  const auto gauge = [&](std::string_view name, std::string_view help, auto read) {
    page.family(name, "gauge", help);
    for (const core::LinkStatus& link : links) {
      if (link.data_plan) page.sample({{"link", link.name.text}}, of(read(*link.data_plan)));
    }
  };
  gauge("wanwise_link_data_cap_bytes", "What the link's data plan may carry in a period.",
        [](const Plan& p) { return p.cap; });
  gauge("wanwise_link_data_used_bytes", "Used of the data plan in the period under way.",
        [](const Plan& p) { return p.used; });
  gauge("wanwise_link_data_left_seconds", "Time until the data plan's period ends.",
        [](const Plan& p) { return p.left; });
  gauge("wanwise_link_data_pace_bps", "Rate that the data plan allows from now on.",
        [](const Plan& p) { return p.pace; });
}

void add_targets(Page& page, const std::vector<core::TargetStatus>& targets) {
  using Target = core::TargetStatus;
  const auto gauge = [&](std::string_view name, std::string_view help, auto read) {
    page.gauges(targets, "target", name, help, read);
  };
  gauge("wanwise_target_known", "The target's samples are fresh.",
        [](const Target& t) { return t.known; });
  gauge("wanwise_target_alive", "The target answers.", [](const Target& t) { return t.alive; });
  gauge("wanwise_target_draining", "An operator took the target out of use.",
        [](const Target& t) { return t.draining; });
  gauge("wanwise_target_load_ratio", "Busy share of the accelerator.",
        [](const Target& t) { return t.load; });
  gauge("wanwise_target_slowdown_ratio", "Service time relative to the reference power mode.",
        [](const Target& t) { return t.slowdown; });
  gauge("wanwise_target_port_up", "The router's port to the node is up.",
        [](const Target& t) { return t.port_up; });
  gauge("wanwise_target_node_ready", "The cluster says that the node is ready.",
        [](const Target& t) { return t.node_ready; });
  gauge("wanwise_target_heartbeat_age_seconds", "Since the node's last heartbeat to the cluster.",
        [](const Target& t) { return t.heartbeat_age; });
}

void add_workloads(Page& page, const std::vector<core::WorkloadStatus>& workloads) {
  using Workload = core::WorkloadStatus;
  const auto gauge = [&](std::string_view name, std::string_view help, auto read) {
    page.gauges(workloads, "workload", name, help, read);
  };
  gauge("wanwise_workload_met", "The prediction holds the objective on the full demand.",
        [](const Workload& w) { return w.met; });
  gauge("wanwise_workload_moving", "A placement of the workload is under way.",
        [](const Workload& w) { return w.moving; });
  gauge("wanwise_workload_demand_per_second", "Request rate decided on.",
        [](const Workload& w) { return w.demand; });
  gauge("wanwise_workload_predicted_seconds", "Predicted latency at the objective's quantile.",
        [](const Workload& w) { return w.predicted; });
  gauge("wanwise_workload_observed_seconds", "Observed latency at the objective's quantile.",
        [](const Workload& w) { return w.observed; });
  page.family("wanwise_workload_rung", "gauge",
              "Rung of the degradation ladder; 0 is full demand.");
  for (const Workload& w : workloads) {
    page.sample({{"workload", w.name.text}}, std::to_string(w.rung));
  }
  page.family("wanwise_workload_target", "gauge", "Where the workload runs, as a label.");
  for (const Workload& w : workloads) {
    if (w.target) page.sample({{"workload", w.name.text}, {"target", w.target->text}}, "1");
    if (w.split) page.sample({{"workload", w.name.text}, {"target", w.split->target.text}}, "1");
  }
  page.family("wanwise_workload_share_ratio", "gauge",
              "Share of the workload's requests that the target serves.");
  for (const Workload& w : workloads) {
    if (!w.target) continue;
    const core::Ppm spilled = w.split ? w.split->share : core::Ppm{0};
    page.sample({{"workload", w.name.text}, {"target", w.target->text}},
                of(core::kWhole - spilled));
    if (w.split) {
      page.sample({{"workload", w.name.text}, {"target", w.split->target.text}}, of(spilled));
    }
  }
}

/// What predictions say and how far reality is from them.
void add_predictions(Page& page, const std::vector<core::WorkloadStatus>& workloads) {
  page.family("wanwise_workload_forecast_seconds", "gauge",
              "Predicted latency at three quantiles; absent while it would grow without end.");
  for (const core::WorkloadStatus& w : workloads) {
    if (!w.forecast || w.forecast->p99 >= core::kNever) continue;
    page.sample({{"workload", w.name.text}, {"quantile", "0.5"}}, of(w.forecast->p50));
    page.sample({{"workload", w.name.text}, {"quantile", "0.95"}}, of(w.forecast->p95));
    page.sample({{"workload", w.name.text}, {"quantile", "0.99"}}, of(w.forecast->p99));
  }
  page.family("wanwise_prediction_ratio", "gauge",
              "Observed latency relative to the predicted, where it runs; 1 is a perfect model.");
  for (const core::WorkloadStatus& w : workloads) {
    if (!w.prediction_ratio || !w.target) continue;
    page.sample({{"workload", w.name.text}, {"target", w.target->text}}, of(*w.prediction_ratio));
  }
}

void add_degradations(Page& page, const std::vector<core::Degradation>& degradations) {
  page.family("wanwise_degradation", "gauge", "A named lack that wanwise works around.");
  // A series may stand once in a page; two details of one lack are one series.
  std::set<std::pair<std::string, std::string>> seen;
  for (const core::Degradation& d : degradations) {
    if (seen.emplace(d.code, d.subject).second) {
      page.sample({{"code", d.code}, {"subject", d.subject}}, "1");
    }
  }
}

void add_counter(Page& page, std::string_view name, std::string_view help, std::uint64_t value) {
  page.family(name, "counter", help);
  page.sample({}, std::to_string(value));
}

void add_counters(Page& page, const core::Counters& counters) {
  add_counter(page, "wanwise_engine_events_total", "Events applied.", counters.events);
  add_counter(page, "wanwise_engine_decisions_total", "Joint decisions taken.", counters.decisions);
  add_counter(page, "wanwise_engine_nodes_visited_total", "Nodes of the search tree visited.",
              counters.nodes_visited);
  add_counter(page, "wanwise_engine_options_evaluated_total", "Options evaluated.",
              counters.options_evaluated);
  add_counter(page, "wanwise_engine_paths_computed_total", "Paths computed.",
              counters.paths_computed);
}

}  // namespace

std::string to_prometheus(const core::Status& status, const core::Counters& counters,
                          const std::vector<NamedCounter>& more) {
  Page page;
  page.family("wanwise_started", "gauge",
              "Every source has reported, or the start deadline has passed.");
  page.sample({}, of(status.started));
  add_routers(page, status.routers);
  add_link_rates(page, status.links);
  add_link_quality(page, status.links);
  add_class_paths(page, status.links);
  add_data_plans(page, status.links);
  add_targets(page, status.targets);
  add_workloads(page, status.workloads);
  add_predictions(page, status.workloads);
  add_degradations(page, status.degradations);
  add_counters(page, counters);
  for (const NamedCounter& counter : more) {
    add_counter(page, counter.name, counter.help, counter.value);
  }
  return std::move(page).take();
}

}  // namespace wanwise::http
