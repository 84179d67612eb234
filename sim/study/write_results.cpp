#include "sim/study/write_results.hpp"

namespace wanwise::sim {

core::Expected<void> write_results(const Study&, const std::vector<RunRecord>&,
                                   const std::string&) {
  return {};
}

}  // namespace wanwise::sim
