#include "tests/unit/report/synthetic_study.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace wanwise::test {
namespace {

using core::Micros;
using namespace std::string_literals;

/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): the same numbers on every machine.
class Noise {
 public:
  explicit Noise(std::uint64_t seed) : m_state(seed) {}

  double uniform() {
    m_state += 0x9E3779B97F4A7C15U;
    std::uint64_t z = m_state;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return static_cast<double>((z ^ (z >> 31U)) >> 11U) * 0x1.0p-53;
  }
  /// About standard normal, by the sum of twelve.
  double normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += uniform();
    return sum;
  }

 private:
  std::uint64_t m_state;
};

struct Contender {
  const char* name;
  const char* policy;
  double miss;   ///< percent at the best uplink
  double knee;   ///< Mb/s below which it misses more
  double cloud;  ///< share of video in the cloud
  double moves;  ///< an hour
};

constexpr Contender kContenders[] = {
    {"always-edge", "always-edge", 12, 0, 0, 0},
    {"wanwise", "wanwise", 0.8, 1, 0.6, 4},
    {"always-cloud", "always-cloud", 3, 9, 1, 0},
    {"least-queue", "least-queue", 5, 4, 0.5, 40},
    {"lowest-rtt", "lowest-rtt", 6, 6, 0.8, 25},
    {"sdwan-aar", "sdwan-aar", 4, 5, 0.7, 3},
    {"kubernetes", "kubernetes", 11.8, 0, 0.1, 1},
    {"karmada", "karmada", 11.9, 0, 0.1, 1},
    {"qos-only", "qos-only", 10, 0, 0, 0},
    {"round-robin", "round-robin", 7, 7, 0.5, 0},
    {"oracle", "oracle", 0.6, 0.5, 0.6, 3},
    {"wanwise, no radio", "wanwise-no-radio", 1.1, 1.5, 0.6, 5},
    {"wanwise, no probe", "wanwise-no-probe", 1.6, 2, 0.6, 9},
    {"wanwise, no admission", "wanwise-no-admission", 0.9, 1, 0.6, 4},
    {"wanwise, no shaper", "wanwise-no-shaper", 2.5, 4, 0.6, 6},
};

constexpr double kUplinks[] = {1, 2, 5, 10, 20};
constexpr std::int64_t kRequests = 6'000;

struct Load {
  const char* workload;
  const char* service_class;
  double base_ms;
  double share;  ///< of the misses
  bool movable;
};
constexpr Load kLoads[] = {{"collision-avoidance", "realtime", 14, 0.5, false},
                           {"number-plates", "video", 38, 1.5, true},
                           {"crowd-count", "video", 55, 1.2, true},
                           {"archive", "bulk", 160, 0.8, true}};

sim::WorkloadResult made_workload(const Load& load, const Contender& by, double uplink,
                                  Noise& shared, Noise& own) {
  sim::WorkloadResult out;
  out.workload = core::WorkloadName{load.workload};
  out.service_class = core::ClassName{load.service_class};
  out.generated = kRequests;
  const double pressure = by.knee > uplink ? (by.knee - uplink) / by.knee * 30 * by.cloud : 0;
  const double percent = std::clamp(
      (by.miss + pressure) * load.share * (1 + 0.15 * shared.normal() + 0.03 * own.normal()), 0.0,
      90.0);
  const auto missed = static_cast<std::int64_t>(percent / 100 * kRequests);
  out.lost = missed / 5;
  out.skipped = missed / 10;
  out.late = missed - out.lost - out.skipped;
  out.completed = out.generated - out.lost - out.skipped;
  out.in_cloud =
      load.movable ? static_cast<std::int64_t>(by.cloud * static_cast<double>(out.completed)) : 0;
  out.on_site = out.completed - out.in_cloud;
  for (std::int64_t i = 0; i < 300; ++i) {
    const double slow = 1 + percent / 12;
    const double ms = load.base_ms * slow * std::exp(0.35 * own.normal() + 0.08 * by.cloud);
    out.latency.add(Micros{static_cast<std::int64_t>(ms * 1e3)}, out.completed / 300);
  }
  return out;
}

std::vector<sim::TimelinePoint> made_timeline(const Contender& by, double uplink, Noise& own) {
  std::vector<sim::TimelinePoint> out;
  bool in_cloud = by.cloud > 0.3;
  for (int second = 1; second <= 1800; ++second) {
    const bool outage = second > 600 && second <= 720;
    const double rate = outage ? 0.3 : uplink * (1 + 0.3 * std::sin(second / 40.0));
    sim::TimelinePoint point;
    point.at = core::seconds(second);
    point.uplink_rate = core::Bps{static_cast<std::int64_t>(rate * 1e6)};
    point.uplink_used = core::Bps{static_cast<std::int64_t>(rate * 1e6 * (in_cloud ? 0.8 : 0.1) *
                                                            (0.9 + 0.1 * own.uniform()))};
    point.shaper = core::Bps{by.policy == "wanwise"s ? static_cast<std::int64_t>(rate * 0.9e6) : 0};
    point.ended = 40;
    point.missed = outage && in_cloud ? 20 : own.uniform() < by.miss / 100 ? 2 : 0;
    point.worst = core::milliseconds(outage && in_cloud ? 900 : 80);
    if (second == 601) point.events.push_back("radio collapses");
    if (second == 721) point.events.push_back("radio is back");
    if (by.moves > 2 && second == 604) in_cloud = false, point.events.push_back("video -> edge");
    if (by.moves > 2 && second == 790) in_cloud = true, point.events.push_back("video -> cloud");
    point.in_cloud = in_cloud ? 3 : 0;
    out.push_back(point);
  }
  return out;
}

sim::TrialResult made_result(const Contender& by, std::size_t cell, std::uint64_t seed) {
  const double uplink = kUplinks[cell];
  Noise shared{seed * 977 + cell};
  Noise own{seed * 31 + cell * 7 + static_cast<std::uint64_t>(by.miss * 1000)};
  sim::TrialResult out;
  out.arrival_hash = seed * 1'000'003 + cell;
  out.checksum = seed ^ static_cast<std::uint64_t>(by.knee);
  out.measured = core::seconds(1710);
  for (const Load& load : kLoads)
    out.workloads.push_back(made_workload(load, by, uplink, shared, own));
  const double cloud = by.cloud;
  out.uplink = core::Bytes{static_cast<std::int64_t>(3.2e8 * cloud + 2e6 * own.uniform())};
  out.downlink = core::Bytes{static_cast<std::int64_t>(2.1e7 * cloud)};
  out.link_cost = core::NanoUsd{out.uplink.count * 4};
  out.cloud_cost = core::NanoUsd{static_cast<std::int64_t>(cloud * 2.5e8)};
  out.energy_mj = static_cast<std::int64_t>((12.4 - 5 * cloud + 0.2 * own.uniform()) * 1710e3);
  out.moves = static_cast<std::int64_t>(by.moves / 2 + own.uniform());
  out.router_writes = out.moves * 3;
  if (by.moves > 2) {
    out.fall_backs = {core::milliseconds(2'800 + static_cast<std::int64_t>(400 * own.uniform()))};
    out.returns = {core::seconds(61)};
  }
  out.mser5 = core::seconds(40 + static_cast<std::int64_t>(seed % 5));
  out.conserved = true;
  out.little_error = core::Ppm{1'200};
  if (seed == 1) out.timeline = made_timeline(by, uplink, own);
  return out;
}

std::vector<sim::Claim> made_claims() {
  std::vector<sim::Claim> out(3);
  out[0].id = "C1";
  out[0].text = "wanwise misses fewer deadlines than staying on the edge, on every uplink.";
  out[0].against = {"always-edge", "qos-only"};
  out[1].id = "C2";
  out[1].text = "wanwise costs no more than always using the cloud.";
  out[1].metric = "total-cost";
  out[1].relation = sim::Relation::not_more;
  out[1].against = {"always-cloud"};
  out[2].id = "C3";
  out[2].text = "wanwise misses fewer deadlines than a clairvoyant.";
  out[2].against = {"oracle"};
  for (sim::Claim& claim : out) {
    claim.policy = "wanwise";
    if (claim.metric.empty()) claim.metric = "miss-ratio";
  }
  return out;
}

}  // namespace

sim::TrialResult plain_run(std::int64_t generated, std::int64_t late) {
  sim::TrialResult out;
  out.arrival_hash = 42;
  out.measured = core::seconds(100);
  out.conserved = true;
  sim::WorkloadResult workload;
  workload.workload = core::WorkloadName{"detector"};
  workload.service_class = core::ClassName{"realtime"};
  workload.generated = workload.completed = workload.on_site = generated;
  workload.late = late;
  workload.latency.add(core::milliseconds(20), generated - late);
  workload.latency.add(core::milliseconds(80), late);
  out.workloads.push_back(workload);
  return out;
}

MadeStudy tiny_study() {
  MadeStudy made;
  made.study.name = "tiny";
  made.study.question = "Which is better, \"a\" or b?";
  made.study.hash = "0123456789abcdef";
  made.study.baseline = "a, plain";
  made.study.policies = {{"always-edge", "a, plain", {}}, {"wanwise", "b", {}}};
  made.study.seeds = {1, 2};
  made.study.horizon = core::seconds(110);
  made.study.warm_up = core::seconds(10);
  made.study.class_names = {"realtime"};
  const std::int64_t late[2][2] = {{10, 14}, {6, 8}};
  for (std::size_t policy = 0; policy < 2; ++policy) {
    for (std::size_t seed = 0; seed < 2; ++seed) {
      sim::RunRecord run;
      run.policy = policy;
      run.seed = seed + 1;
      run.result = plain_run(100, late[policy][seed]);
      run.result.energy_mj = 500'000;
      made.runs.push_back(run);
    }
  }
  return made;
}

MadeStudy drive_study(std::size_t seeds, std::size_t policies) {
  MadeStudy made;
  sim::Study& study = made.study;
  study.name = "A drive through the city";
  study.question = "Is it the network or the compute that helps on an LTE uplink, and by how much?";
  study.hash = "5f2c9e1a77b04d36";
  study.baseline = "always-edge";
  for (std::size_t p = 0; p < policies; ++p)
    study.policies.push_back({kContenders[p].policy, kContenders[p].name, {}});
  sim::Factor uplink{.name = "uplink", .unit = "Mb/s", .levels = {}};
  for (const double rate : kUplinks)
    uplink.levels.push_back({std::to_string(static_cast<int>(rate)) + " Mb/s", rate});
  study.factors = {uplink};
  for (std::size_t seed = 1; seed <= seeds; ++seed) study.seeds.push_back(seed);
  study.horizon = core::seconds(1800);
  study.warm_up = core::seconds(90);
  study.class_names = {"realtime", "video", "bulk"};
  if (policies == std::size(kContenders)) study.claims = made_claims();
  for (std::size_t cell = 0; cell < std::size(kUplinks); ++cell) {
    for (std::size_t policy = 0; policy < policies; ++policy) {
      for (const std::uint64_t seed : study.seeds) {
        sim::RunRecord run;
        run.cell = cell;
        run.policy = policy;
        run.seed = seed;
        run.result = made_result(kContenders[policy], cell, seed);
        made.runs.push_back(run);
      }
    }
  }
  return made;
}

}  // namespace wanwise::test
