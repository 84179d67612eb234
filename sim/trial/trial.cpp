#include "sim/trial/trial.hpp"

#include "engine/core/check.hpp"

namespace wanwise::sim {

TrialResult run_trial(const TrialConfig&) {
  WANWISE_CHECK(false);
  return {};
}

}  // namespace wanwise::sim
