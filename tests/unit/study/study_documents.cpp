#include "tests/unit/study/study_documents.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "engine/core/check.hpp"
#include "sim/world/kernel/random.hpp"

namespace wanwise::sim {
namespace {

namespace fs = std::filesystem;

const std::string kSource = WANWISE_SOURCE_DIR;

core::Expected<void> check_known(const PolicySpec& spec) {
  std::string lines;
  const auto add = [&](const std::string& line) { lines += (lines.empty() ? "" : "\n") + line; };
  const bool aar = spec.policy == "sdwan-aar";
  if (!aar && spec.policy != "wanwise" && spec.policy != "always-edge" &&
      spec.policy != "always-cloud")
    add("there is no policy '" + spec.policy + "'");
  for (const auto& [name, value] : spec.parameters)
    if (!aar || name != "poll-interval") add("there is no parameter '" + name + "'");
  if (lines.empty()) return {};
  return core::fail("policy-invalid", lines);
}

/// Text of numbers and words, one after the other.
class Printer {
 public:
  template <class... Values>
  void operator()(const Values&... values) {
    ((m_out << values << ' '), ...);
  }
  [[nodiscard]] std::string text() const { return m_out.str(); }

 private:
  std::ostringstream m_out;
};

void print_model(Printer& print, const core::Model& model) {
  for (const core::Workload& w : model.policy.workloads) {
    print(w.name.text, w.rate.count, w.request.count, w.response.count, w.objective.latency.count);
    for (const core::Rung& rung : w.ladder) print(rung.rate.count, rung.model.text);
  }
  for (const core::Link& l : model.site.links)
    print(l.name.text, l.uplink.count, l.uplink_floor.count, l.uplink_ceiling.count,
          l.downlink.count, l.rtt.count, l.price_per_gb.count);
  for (const core::Node& n : model.site.nodes)
    print(n.name.text, n.power_mode.text, n.lan_delay.count);
  for (const core::Cloud& c : model.site.clouds)
    print(c.name.text, c.power_mode.text, c.servers, c.beyond_probe.count, c.price_per_hour.count);
  const core::Stability& s = model.policy.stability;
  print(s.fall_back_after.count, s.return_after.count, s.min_dwell.count, s.min_gain.count,
        s.max_moves_per_hour, model.policy.when_blind.after.count);
}

void print_tuning(Printer& print, const WorldTuning& t) {
  print(t.node_start.count, t.cloud_start.count, t.modem_depth.count,
        t.modem_discard ? t.modem_discard->count : -1, t.retransmit_after.count,
        t.packet_loss.count, t.size_spread.count, t.tx_ring, t.probe_period.count,
        t.probe_timeout.count, static_cast<int>(t.detail));
  for (const SourceLaw& law : t.sources) {
    print(law.workload.text, law.source.text, law.law.process.index(),
          law.law.diurnal ? law.law.diurnal->amplitude.count : -1);
    if (const auto* gamma = std::get_if<GammaArrivals>(&law.law.process)) print(gamma->cv_milli);
  }
  for (const LinkTuning& link : t.link_tunings)
    print(link.link.text, link.hops.size(), link.loss.count, link.wred ? link.wred->most : 0);
  for (const TargetTuning& target : t.targets)
    print(target.target.text, static_cast<int>(target.discipline), static_cast<int>(target.shape),
          target.batching ? target.batching->largest : 0, target.heat ? target.heat->rise_c : 0,
          target.power ? target.power->busy_mw : 0, target.autoscale ? target.autoscale->most : 0);
}

void print_traces(Printer& print, const LinkTraces& traces) {
  Checksum sum;
  for (const RateTrace* rate : {&traces.uplink, &traces.downlink}) {
    sum.add(static_cast<std::uint64_t>(rate->period.count));
    for (const core::Micros at : rate->opportunities) sum.add(static_cast<std::uint64_t>(at.count));
  }
  if (traces.radio)
    for (const RadioPoint& point : traces.radio->points) {
      sum.add(static_cast<std::uint64_t>(point.offset.count));
      sum.add(static_cast<std::uint64_t>(point.reading.rsrp_dbm.value_or(0)));
    }
  print(traces.link.text, sum.value());
}

}  // namespace

StudyFolder::StudyFolder() {
  static int number = 0;
  m_path = fs::temp_directory_path() /
           ("wanwise-study-" + std::to_string(::getpid()) + "-" + std::to_string(++number));
  fs::create_directories(m_path);
}

StudyFolder::~StudyFolder() {
  std::error_code ignored;
  fs::remove_all(m_path, ignored);
}

std::string StudyFolder::path(const std::string& name) const {
  return (m_path / name).string();
}

std::string StudyFolder::file(const std::string& name, const std::string& text) const {
  fs::create_directories((m_path / name).parent_path());
  std::ofstream{m_path / name, std::ios::binary} << text;
  return path(name);
}

std::string valid_study() {
  return R"(study: example
question: Is it the network or the compute?
documents: [)" +
         kSource + R"(/policies]
site: harbour
horizon: 100s
warm-up: 10%
seeds: {first: 5, count: 3}
detail: requests
baseline: always-edge
policies:
  - wanwise
  - always-edge
links:
  - {link: lte, generate: lte-driving, uplink: 10Mbps, downlink: 30Mbps}
story: {steps: [{at: 20%, demand: {workload: traffic-counting, factor: 1.8}}]}
factors:
  - {name: load, set: demand, workload: all, unit: x, levels: [0.5, 1.5]}
  - {name: rtt, set: rtt, link: lte, levels: [20ms, 60ms]}
claims:
  - {id: C1, text: fewer, metric: miss-ratio, policy: wanwise, against: all, expect: less}
small: {horizon: 20s, seeds: {count: 1}, levels: {load: [1.5]}}
)";
}

std::string quick_study() {
  return with(valid_study(), "generate: lte-driving, uplink: 10Mbps", "constant: 10Mbps");
}

std::string with(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  WANWISE_CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

ReadOptions read_options() {
  ReadOptions options;
  options.schema_dir = kSource + "/yang";
  options.check_policy = check_known;
  return options;
}

LoadedStudy load_study(const std::string& text, ReadOptions options) {
  const StudyFolder folder;
  auto loaded = read_study(folder.file("s.yaml", text), options);
  if (!loaded)
    for (const auto& d : loaded.error()) ADD_FAILURE() << policy::to_string(d);
  WANWISE_CHECK(loaded.has_value());
  return std::move(*loaded);
}

std::string diagnose(const std::string& text, const ReadOptions& options) {
  const StudyFolder folder;
  const auto loaded = read_study(folder.file("s.yaml", text), options);
  if (loaded) return {};
  std::string lines;
  for (const auto& d : loaded.error()) {
    std::string line = policy::to_string(d) + '\n';
    for (std::size_t at; (at = line.find(folder.path(""))) != std::string::npos;)
      line.erase(at, folder.path("").size());
    lines += line;
  }
  return lines;
}

std::string fingerprint(const TrialConfig& config) {
  Printer print;
  print(config.policy.policy, config.policy.name, config.horizon.count, config.warm_up.count,
        config.world.seed);
  for (const auto& [name, value] : config.policy.parameters) print(name, value);
  print_model(print, config.world.model);
  print_model(print, config.believed);
  print_tuning(print, config.world.tuning);
  for (const LinkTraces& traces : config.world.links) print_traces(print, traces);
  for (const TimedDisturbance& step : config.story)
    print(step.at.count, describe(step.what), step.say);
  const Telemetry& t = config.telemetry;
  print(t.period.count, t.delay.count, t.cluster_period.count, t.write.count);
  return print.text();
}

TrialResult fake_trial(const TrialConfig& config) {
  TrialConfig world = config;
  world.policy = {};
  Stream arrivals(config.world.seed, fingerprint(world));
  Stream own(config.world.seed, fingerprint(config));
  TrialResult result;
  result.arrival_hash = arrivals.next();
  result.checksum = own.next();
  result.measured = config.horizon - config.warm_up;
  for (const core::Workload& workload : config.world.model.policy.workloads) {
    WorkloadResult w;
    w.workload = workload.name;
    w.service_class = workload.service_class;
    for (int i = 0; i < 50; ++i)
      w.latency.add(core::Micros{static_cast<std::int64_t>(own.exponential(80'000))});
    w.generated = w.completed = w.latency.count();
    result.workloads.push_back(std::move(w));
  }
  result.uplink = core::Bytes{static_cast<std::int64_t>(own.exponential(1e6))};
  result.fall_backs = {core::milliseconds(1'200)};
  result.mser5 = core::Micros{static_cast<std::int64_t>(own.uniform() * 12e6)};
  result.conserved = true;
  if (config.timeline) {
    TimelinePoint point;
    point.at = core::seconds(1);
    point.events = {"radio collapses"};
    result.timeline = {point, point};
  }
  return result;
}

}  // namespace wanwise::sim
