#include "sim/router/plant/sla_watch.hpp"

#include <algorithm>

namespace wanwise::router {

std::vector<Reaction> SlaWatch::step(const std::vector<SlaOperation>& configured,
                                     const std::vector<sim::OperationReading>& readings) {
  std::vector<Reaction> out;
  std::map<std::uint32_t, Seen> seen;
  for (const SlaOperation& operation : configured) {
    const std::uint32_t entry = operation.run.entry;
    const auto reading = std::find_if(readings.begin(), readings.end(),
                                      [&](const auto& one) { return one.entry == entry; });
    if (operation.give_up == 0 || !operation.scheduled || reading == readings.end()) continue;
    Seen now = m_seen[entry];
    const bool restarted = reading->failures < now.failures || reading->successes < now.successes;
    if (restarted) now = {};
    const bool came_back = reading->successes > now.successes;
    if (came_back) now.failures = reading->failures;
    now.successes = reading->successes;
    const bool lost = reading->failures - now.failures >= operation.give_up;
    if (lost != now.raised && (lost || came_back)) {
      now.raised = lost;
      out.push_back({entry, operation.jitter, operation.give_up, lost});
    }
    seen[entry] = now;
  }
  m_seen = std::move(seen);
  return out;
}

}  // namespace wanwise::router
