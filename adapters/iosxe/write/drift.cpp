#include "adapters/iosxe/write/drift.hpp"

#include "adapters/iosxe/mqc/mqc_words.hpp"

namespace wanwise::iosxe {

void Drift::wrote(const Mqc& own) {
  m_own = own;
  m_attempted.reset();
}

void Drift::may_have_written(const Mqc& own) {
  m_attempted = own;
}

std::vector<std::string> Drift::altered(const Mqc& seen) {
  // The attempt stays possible: a router that lost us inside a confirmed commit may take it back
  // later. It ends with the next write.
  if (!m_own || (m_attempted && seen == *m_attempted)) m_own = seen;
  auto words = differences(*m_own, seen);
  return words.empty() ? not_ours_in(seen) : words;
}

}  // namespace wanwise::iosxe
