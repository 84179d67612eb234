#include "sim/world/compute/tuning_check.hpp"

#include <algorithm>
#include <string>
#include <variant>

#include "sim/world/compute/heat_state.hpp"

namespace wanwise::sim {
namespace {

// Longest spell, period or window: thirty days, so that no sum of times can overflow.
constexpr core::Micros kLongest = core::seconds(std::int64_t{30} * 86'400);
// Most recorded requests: a week at 100 a second.
constexpr std::size_t kMostOffsets = std::size_t{1} << 26;
// Most servers of a cloud, as many as an accelerator can number.
constexpr std::int32_t kMostServers = 100'000;
// Most syncs in a stabilisation window: 300 s at one a second, with much room.
constexpr std::int64_t kMostSyncs = 10'000;

/// Collects what is wrong with one law, each line beginning with whose it is.
class Complaints {
 public:
  void about(std::string whose) { m_whose = std::move(whose); }
  void add(const std::string& what) {
    if (!m_text.empty()) m_text += '\n';
    m_text += m_whose;
    m_text += ": ";
    m_text += what;
  }
  void range(const char* name, std::int64_t value, std::int64_t least, std::int64_t most) {
    if (value >= least && value <= most) return;
    add(std::string(name) + " " + std::to_string(value) + " (allowed: " + std::to_string(least) +
        " to " + std::to_string(most) + ")");
  }
  void time(const char* name, core::Micros value, core::Micros least) {
    if (value >= least && value <= kLongest) return;
    add(std::string(name) + " " + std::to_string(value.count) + " us (allowed: " +
        std::to_string(least.count) + " to " + std::to_string(kLongest.count) + " us)");
  }
  [[nodiscard]] core::Expected<void> result() const {
    if (m_text.empty()) return {};
    return core::fail("tuning-invalid", m_text);
  }

 private:
  std::string m_whose;
  std::string m_text;
};

constexpr core::Micros kMicro{1};

void check(const PeriodicArrivals& law, Complaints& said) {
  said.range("jitter (ppm)", law.jitter.count, 0, 500'000);
  if (!law.gate) return;
  said.time("mean time of motion", law.gate->mean_moving, kMicro);
  said.time("mean time of stillness", law.gate->mean_still, kMicro);
}

void check(const PoissonArrivals&, Complaints&) {}

void check(const GammaArrivals& law, Complaints& said) {
  said.range("coefficient of variation (1/1000)", law.cv_milli, 50, 20'000);
}

void check(const Mmpp2Arrivals& law, Complaints& said) {
  said.range("low rate (ppm of the mean)", law.low.count, 0, 999'999);
  said.time("mean stay in the low state", law.mean_low, kMicro);
  said.time("mean stay in the high state", law.mean_high, kMicro);
}

void check(const ReplayedArrivals& law, Complaints& said) {
  said.time("period", law.period, kMicro);
  if (law.offsets.empty() || law.offsets.size() > kMostOffsets) {
    said.add("holds " + std::to_string(law.offsets.size()) + " offsets (allowed: 1 to " +
             std::to_string(kMostOffsets) + ")");
    return;
  }
  if (!std::is_sorted(law.offsets.begin(), law.offsets.end())) said.add("offsets go back in time");
  if (law.offsets.front().count < 0 || law.offsets.back() >= law.period)
    said.add("offsets outside the period");
}

void check_sources(const core::Model& model, const WorldTuning& tuning, Complaints& said) {
  for (auto law = tuning.sources.begin(); law != tuning.sources.end(); ++law) {
    said.about("source law of " + law->workload.text + "/" + law->source.text);
    const auto& workloads = model.policy.workloads;
    const auto workload = std::find_if(workloads.begin(), workloads.end(),
                                       [&](const auto& w) { return w.name == law->workload; });
    if (workload == workloads.end()) {
      said.add("no such workload");
    } else if (std::find(workload->sources.begin(), workload->sources.end(), law->source) ==
               workload->sources.end()) {
      said.add("the workload has no such source");
    }
    if (std::any_of(tuning.sources.begin(), law, [&](const SourceLaw& other) {
          return other.workload == law->workload && other.source == law->source;
        }))
      said.add("said twice");
    std::visit([&](const auto& process) { check(process, said); }, law->law.process);
    if (!law->law.diurnal) continue;
    said.time("period of the day", law->law.diurnal->period, core::seconds(1));
    said.time("peak of the day", law->law.diurnal->peak, core::Micros{0});
    said.range("amplitude of the day (ppm)", law->law.diurnal->amplitude.count, 0, 1'000'000);
  }
}

void check(const Heat& heat, Complaints& said) {
  said.range("ambient temperature", heat.ambient_c, -40, 85);
  said.range("rise of temperature", heat.rise_c, 0, 200);
  said.time("time constant", heat.time_constant, core::seconds(1));
  said.range("temperature that throttles", heat.throttle_at_c, heat.release_at_c, 200);
  said.range("temperature that releases", heat.release_at_c, -40, 200);
  said.range("slowdown (ppm)", heat.slowdown.count, core::kWhole.count, 100 * core::kWhole.count);
}

void check(const Autoscale& rule, bool cloud, Complaints& said) {
  if (!cloud) said.add("only a cloud can be scaled");
  said.range("least servers", rule.least, 1, kMostServers);
  said.range("most servers", rule.most, rule.least, kMostServers);
  said.range("target load (ppm)", rule.target_load.count, 10'000, core::kWhole.count);
  said.time("sync period", rule.period, core::milliseconds(100));
  said.time("start of a server", rule.start, core::Micros{0});
  said.time("stabilisation window", rule.stabilisation, core::Micros{0});
  if (rule.period.count > 0 && rule.stabilisation.count / rule.period.count > kMostSyncs)
    said.add("more than " + std::to_string(kMostSyncs) + " syncs in the stabilisation window");
}

void check(const TargetTuning& target, bool cloud, Complaints& said) {
  const bool fifo = target.discipline == Discipline::fifo;
  if (target.batching) {
    if (!fifo) said.add("batching needs the fifo discipline");
    said.range("largest batch", target.batching->largest, 1, 128);
    said.time("longest wait for a batch", target.batching->longest_wait, core::Micros{0});
    said.range("marginal cost (ppm)", target.batching->marginal.count, 0, core::kWhole.count);
  }
  if (target.heat) check(*target.heat, said);
  if (target.power) {
    said.range("idle power (mW)", target.power->idle_mw, 0, 100'000'000);
    said.range("busy power (mW)", target.power->busy_mw, 0, 100'000'000);
  }
  if (!target.autoscale) return;
  if (!fifo) said.add("autoscaling needs the fifo discipline");
  check(*target.autoscale, cloud, said);
}

}  // namespace

core::Expected<void> check_compute(const core::Model& model, const WorldTuning& tuning) {
  Complaints said;
  check_sources(model, tuning, said);
  const auto named = [](const auto& items, const core::TargetName& name) {
    return std::any_of(items.begin(), items.end(),
                       [&](const auto& item) { return item.name == name; });
  };
  for (auto target = tuning.targets.begin(); target != tuning.targets.end(); ++target) {
    said.about("tuning of " + target->target.text);
    const bool cloud = named(model.site.clouds, target->target);
    if (!cloud && !named(model.site.nodes, target->target)) said.add("no such target");
    if (std::any_of(tuning.targets.begin(), target,
                    [&](const TargetTuning& other) { return other.target == target->target; }))
      said.add("said twice");
    check(*target, cloud, said);
  }
  return said.result();
}

}  // namespace wanwise::sim
