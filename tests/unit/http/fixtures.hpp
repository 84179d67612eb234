// One small site as the engine would tell it, and a Source that serves it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "adapters/http/source.hpp"

namespace wanwise::http {

inline core::Status example_status() {
  core::Status status;
  status.at = core::Instant{12'300'000};
  status.started = true;
  status.routers = {{core::RouterName{"ir1101"}, true, true, false}};
  status.routers[0].health = core::RouterHealth{
      core::RouterName{"ir1101"}, {}, core::Ppm{120'000}, core::Bytes{912'000'000},
      core::Ppm{400'000},         {}};
  core::LinkStatus lte;
  lte.name = core::LinkName{"lte"};
  lte.known = lte.up = true;
  lte.uplink_low = core::Bps{8'200'000};
  lte.uplink_high = core::Bps{12'400'000};
  lte.uplink_age = core::milliseconds(1'500);
  lte.shaper = core::Bps{7'800'000};
  lte.tx_rate = core::Bps{3'100'000};
  lte.rtt = core::Micros{45'000};
  lte.rtt_base = core::Micros{38'500};
  lte.access = core::RadioAccess::lte;
  lte.rsrp = core::MilliDb{-97'500};
  lte.sinr = core::MilliDb{12'000};
  lte.classes = {
      {core::ClassName{"video"}, core::milliseconds(61), core::milliseconds(4), core::Ppm{10'000}}};
  lte.data_plan = core::DataPlanStatus{core::Bytes{20'000'000'000}, core::Bytes{7'500'000'000},
                                       core::seconds(864'000), core::Bps{115'000}, true};
  core::LinkStatus wired;
  wired.name = core::LinkName{"wired"};
  status.links = {lte, wired};
  core::TargetStatus cloud{core::TargetName{"cloud"}, true, true, false, {}, core::kWhole};
  core::TargetStatus tx2{core::TargetName{"tx2"}, true, true, true, core::Ppm{620'000},
                         core::Ppm{1'350'000}};
  tx2.port_up = false;
  tx2.node_ready = true;
  tx2.heartbeat_age = core::milliseconds(4'200);
  status.targets = {cloud, tx2};
  core::WorkloadStatus counting;
  counting.name = core::WorkloadName{"people-counting"};
  counting.target = core::TargetName{"cloud"};
  counting.met = true;
  counting.demand = core::MilliHz{4'000};
  counting.predicted = core::Micros{72'000};
  counting.observed = core::Micros{69'400};
  counting.forecast =
      core::Forecast{core::Micros{41'000}, core::Micros{60'000}, core::Micros{72'000}};
  counting.prediction_ratio = core::Ppm{920'000};
  core::WorkloadStatus voice;
  voice.name = core::WorkloadName{"voice"};
  voice.rung = 2;
  voice.moving = true;
  voice.demand = core::MilliHz{500};
  status.workloads = {counting, voice};
  status.degradations = {{"link-blind", "wired", "no sample since the start"}};
  return status;
}

inline std::vector<core::PredictionRecord> example_places() {
  core::PredictionRecord tx2;
  tx2.decided_at = core::Instant{1'000'000};
  tx2.since = core::Instant{1'500'000};
  tx2.place.target = core::TargetName{"tx2"};
  tx2.objective = core::Micros{100'000};
  tx2.predicted = core::Forecast{core::Micros{50'000}, core::Micros{80'000}, core::Micros{95'000}};
  tx2.ended_at = core::Instant{12'000'000};
  tx2.end = core::StayEnd::late;
  core::PredictionRecord cloud;
  cloud.decided_at = core::Instant{12'000'000};
  cloud.since = core::Instant{14'000'000};
  cloud.place = {core::TargetName{"cloud"}, 1,
                 core::Split{core::TargetName{"tx2"}, core::Ppm{300'000}}};
  cloud.objective = core::Micros{100'000};
  cloud.predicted =
      core::Forecast{core::Micros{41'000}, core::Micros{60'000}, core::Micros{72'000}};
  cloud.requests = 1'204;
  cloud.late = 3;
  cloud.samples = 120;
  cloud.typical = core::Micros{66'000};
  cloud.worst = core::Micros{140'000};
  return {tx2, cloud};
}

inline core::Explanation example_explanation() {
  core::Explanation explanation;
  explanation.workload = core::WorkloadName{"people-counting"};
  explanation.decided_at = core::Instant{12'000'000};
  explanation.summary = "cloud, because tx2 would be 142 ms at p99";
  explanation.would_change = "tx2 below 100 ms at p99 for 1 min";
  core::OptionReport tx2;
  tx2.target = core::TargetName{"tx2"};
  tx2.verdict = core::Verdict::rejected;
  tx2.predicted = core::Micros{142'000};
  tx2.first_request = core::Micros{375'000};
  tx2.forecast = core::Forecast{core::Micros{60'000}, core::Micros{110'000}, core::Micros{142'000}};
  tx2.findings = {{"latency p99", "≤ 100 ms", "142 ms", false},
                  {"memory", "≤ 4 GB", "900 MB", true}};
  core::OptionReport cloud;
  cloud.target = core::TargetName{"cloud"};
  cloud.link = core::LinkName{"lte"};
  cloud.verdict = core::Verdict::chosen;
  cloud.predicted = core::Micros{72'000};
  cloud.forecast = core::Forecast{core::Micros{41'000}, core::Micros{60'000}, core::Micros{72'000}};
  cloud.parts = core::LatencyParts{core::Micros{44'000}, core::Micros{6'000}, core::Micros{16'000},
                                   core::Micros{1'000},  core::Micros{0},     core::Micros{5'000}};
  cloud.findings = {{"latency p99", "≤ 100 ms", "72 ms", true}};
  core::OptionReport wired;
  wired.target = core::TargetName{"cloud"};
  wired.link = core::LinkName{"wired"};
  wired.verdict = core::Verdict::unknown;
  wired.findings = {{"link up", "fresh sample", "none since the start", false}};
  core::OptionReport suspended;
  suspended.rung = 3;
  suspended.verdict = core::Verdict::possible;
  explanation.options = {tx2, cloud, wired, suspended};
  explanation.what_if = {{"demand", "≤ 2/s", "4/s", "tx2, 80 ms at p99"},
                         {"lte", "down", "up", "tx2, 142 ms at p99"},
                         {"uplink of lte", "down to 200 kbps", "8.2 Mbps", ""}};
  explanation.present = example_places().back();
  return explanation;
}

inline std::vector<Move> example_history() {
  return {{core::Instant{9'000'000}, core::WorkloadName{"voice"}, core::TargetName{"tx2"},
           std::nullopt, 2, core::Outcome::refused, "low priority"},
          {core::Instant{12'000'000}, core::WorkloadName{"people-counting"},
           core::TargetName{"tx2"}, core::TargetName{"cloud"}, 0, std::nullopt, "tx2 too slow"}};
}

inline core::RouterQos example_qos() {
  core::RouterQos qos;
  qos.router = core::RouterName{"ir1101"};
  qos.lan_interface = "Vlan1";
  const core::FlowMatch flow{core::Transport::tcp, *core::parse_ipv4_prefix("192.168.50.0/24"),
                             *core::parse_ipv4_prefix("203.0.113.10"), 8443};
  qos.marking = {{core::ClassName{"realtime"}, core::Dscp{46}, {flow}}};
  core::WanQos wan;
  wan.link = core::LinkName{"lte"};
  wan.interface = "Cellular0/1/0";
  wan.shaper = core::Bps{7'800'000};
  wan.queues = {{core::ClassName{"realtime"}, core::Dscp{46}, core::QueueKind::priority, 30},
                {core::ClassName{"video"}, core::Dscp{34}, core::QueueKind::remaining, 60}};
  wan.default_percent = 40;
  qos.wans = {wan};
  return qos;
}

class FakeSource : public Source {
 public:
  core::Status told = example_status();
  std::vector<std::pair<std::string, bool>> drained;
  std::vector<std::pair<core::Bytes, core::Micros>> told_usage;
  mutable int asked = 0;

  [[nodiscard]] core::Status status() const override { return ++asked, told; }
  [[nodiscard]] std::optional<core::Explanation> explain(
      const core::WorkloadName& workload) const override {
    ++asked;
    if (workload.text != "people-counting") return std::nullopt;
    return example_explanation();
  }
  [[nodiscard]] core::Counters counters() const override { return {5, 4, 3, 2, 1}; }
  [[nodiscard]] std::vector<Move> history() const override { return example_history(); }
  [[nodiscard]] std::optional<std::vector<core::PredictionRecord>> predictions(
      const core::WorkloadName& workload) const override {
    if (workload.text != "people-counting") return std::nullopt;
    return example_places();
  }
  [[nodiscard]] bool drain(const core::TargetName& target, bool drain) override {
    if (target.text != "tx2") return false;
    drained.emplace_back(target.text, drain);
    return true;
  }
  [[nodiscard]] bool usage(const core::LinkName& link, core::Bytes used,
                           core::Micros left) override {
    if (link.text != "lte") return false;
    told_usage.emplace_back(used, left);
    return true;
  }
  [[nodiscard]] std::vector<NamedCounter> more_counters() const override {
    return {{"wanwise_queue_overflows_total", "Events dropped.", 7}};
  }
};

}  // namespace wanwise::http
