#include "adapters/cli/lack_watch.hpp"

namespace wanwise::cli {

std::vector<core::Degradation> LackWatch::look(const std::vector<Lack>& lacks, core::Instant now) {
  std::vector<core::Degradation> fresh;
  for (const Lack& lack : lacks) {
    const auto [seen, is_new] =
        m_seen.try_emplace({lack.what.code, lack.what.subject}, Seen{lack, now});
    if (is_new) fresh.push_back(lack.what);
    if (lack.count > seen->second.last.count) seen->second.grew_at = now;
    seen->second.last = lack;
  }
  return fresh;
}

std::vector<core::Degradation> LackWatch::present(core::Instant now) const {
  std::vector<core::Degradation> present;
  for (const auto& [key, seen] : m_seen) {
    if (now - seen.grew_at >= kOver) continue;
    core::Degradation told = seen.last.what;
    told.detail = std::to_string(seen.last.count) + " times, last: " + told.detail;
    present.push_back(std::move(told));
  }
  return present;
}

}  // namespace wanwise::cli
