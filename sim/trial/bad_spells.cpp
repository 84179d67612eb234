#include "sim/trial/bad_spells.hpp"

namespace wanwise::sim {
namespace {
constexpr std::int64_t kBadDivisor = 4;
constexpr int kBeginsAfter = 2;
constexpr int kEndsAfter = 5;
}  // namespace

void BadSpells::second(const Second& what) {
  if (what.missed == 0) {
    m_bad = 0;
    if (++m_quiet >= kEndsAfter || !m_open) m_since.reset();
    if (m_quiet >= kEndsAfter) m_open = false;
    return;
  }
  m_quiet = 0;
  if (what.missed * kBadDivisor <= what.ended) return;
  if (!m_since) m_since = what.first_miss;
  if (++m_bad == kBeginsAfter) m_open = true;
}

void BadSpells::moved(core::Instant at) {
  if (!m_open || !m_since) return;
  m_answered.push_back(at - *m_since);
  m_open = false;
}

}  // namespace wanwise::sim
