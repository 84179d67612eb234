#include "tests/support/brute_force.hpp"

#include "engine/core/decide/latency/latency.hpp"
#include "engine/core/decide/search/solver.hpp"
#include "engine/core/decide/shared_use.hpp"

namespace wanwise::test {
namespace {

using core::kNone;

bool may_stay_off(const core::WorkloadInput& workload) {
  for (const core::Option& option : workload.options) {
    if (option.target == kNone) {
      return false;
    }
  }
  return true;
}

/// The definition of Cost once more, in the plainest words and independent of evaluate(), but for
/// the latencies.
class Walk {
 public:
  explicit Walk(const core::Situation& situation) : m_situation(situation), m_load(situation) {
    m_chosen.resize(situation.workloads.size(), kNone);
  }

  Exhausted run() {
    visit(0);
    return m_result;
  }

 private:
  void visit(std::size_t w) {
    if (w == m_situation.workloads.size()) {
      judge();
      return;
    }
    const core::WorkloadInput& workload = m_situation.workloads[w];
    for (std::size_t o = 0; o < workload.options.size(); ++o) {
      m_chosen[w] = static_cast<core::Index>(o);
      m_load.add(workload, workload.options[o]);
      visit(w + 1);
      m_load.remove(workload, workload.options[o]);
    }
    if (may_stay_off(workload)) {
      m_chosen[w] = kNone;
      visit(w + 1);
    }
  }

  void judge() {
    ++m_result.tried;
    for (std::size_t t = 0; t < m_situation.targets.size(); ++t) {
      if (!m_load.memory_fits(static_cast<core::Index>(t))) {
        return;
      }
    }
    const core::Cost cost = cost_of_chosen();
    if (m_result.chosen.empty() || cost < m_result.cost) {
      m_result.cost = cost;
      m_result.chosen = m_chosen;
    }
  }

  core::Cost cost_of_chosen() const {
    core::Cost cost;
    std::vector<char> paid(m_situation.targets.size());
    const auto pay = [&](core::Index target) {
      if (target == kNone || paid[static_cast<std::size_t>(target)]++ != 0) return;
      cost[core::Goal::money] +=
          m_situation.targets[static_cast<std::size_t>(target)].price_per_hour.count;
    };
    std::vector<std::int64_t> used(m_situation.links.size());
    for (std::size_t w = 0; w < m_chosen.size(); ++w) {
      const core::WorkloadInput& workload = m_situation.workloads[w];
      std::int64_t& unmet = cost[core::unmet_goal(workload.priority)];
      cost[core::Goal::switches] += m_chosen[w] != workload.current;
      if (m_chosen[w] == kNone) {
        unmet += core::kNotRun;
        cost[core::Goal::latency] += core::kLatencyLimit;
        continue;
      }
      const core::Option& option = workload.options[static_cast<std::size_t>(m_chosen[w])];
      const core::Micros latency = m_load.latency(workload, option);
      unmet += core::unmet_cost(workload, option, latency);
      cost[core::Goal::money] += core::transfer_cost(m_situation, workload, option).count;
      cost[core::Goal::preference] += option.rank;
      cost[core::Goal::latency] += std::min(latency.count, core::kLatencyLimit);
      cost += core::tolls_on(m_situation, workload, option);
      pay(option.target);
      const std::int64_t spilt = option.spill.share.count;
      count_bits(workload, option.link, option.rate.count - option.rate.count * spilt / 1'000'000,
                 used);
      if (option.target == kNone || spilt == 0) continue;
      pay(option.spill.target);
      count_bits(workload, option.spill.link, option.rate.count * spilt / 1'000'000, used);
    }
    for (std::size_t l = 0; l < used.size(); ++l) {
      const std::int64_t quota = m_situation.links[l].quota.count;
      if (used[l] > quota) cost[core::Goal::over_quota] += used[l] - quota;
    }
    return cost;
  }

  static void count_bits(const core::WorkloadInput& workload, core::Index link, std::int64_t rate,
                         std::vector<std::int64_t>& used) {
    if (link == kNone) return;
    const std::int64_t bytes =
        core::wire_bytes(workload.request) + core::wire_bytes(workload.response);
    used[static_cast<std::size_t>(link)] += (rate * bytes * 8 + 999) / 1'000;
  }

  const core::Situation& m_situation;
  core::Load m_load;
  core::Assignment m_chosen;
  Exhausted m_result;
};

}  // namespace

Exhausted brute_force(const core::Situation& situation) {
  return Walk(situation).run();
}

}  // namespace wanwise::test
