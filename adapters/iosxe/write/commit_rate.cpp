#include "adapters/iosxe/write/commit_rate.hpp"

#include <algorithm>

namespace wanwise::iosxe {

CommitRate::Instant CommitRate::next(Instant now) const {
  if (m_limit == 0 || m_last.size() < m_limit) return now;
  return std::max(now, m_last.front() + kWindow);
}

void CommitRate::note(Instant at) {
  m_last.push_back(at);
  while (m_last.size() > std::max<std::size_t>(m_limit, 1)) m_last.pop_front();
}

}  // namespace wanwise::iosxe
