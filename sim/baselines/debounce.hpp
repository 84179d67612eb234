// A verdict that flips only after the contrary has been seen for a while without interruption, with
// a time of its own for each direction. Value type; one owner.
#pragma once

#include <optional>

#include "engine/core/units.hpp"

namespace wanwise::sim {

class Debounce {
 public:
  /// Good at first.
  Debounce(core::Micros until_bad, core::Micros until_good)
      : m_until_bad(until_bad), m_until_good(until_good) {}

  void observe(bool good, core::Instant now) {
    if (good == m_good) {
      m_contrary_since.reset();
      return;
    }
    if (!m_contrary_since) m_contrary_since = now;
    if (now - *m_contrary_since < (m_good ? m_until_bad : m_until_good)) return;
    m_good = good;
    m_since = now;
    m_contrary_since.reset();
  }

  [[nodiscard]] bool good() const { return m_good; }
  /// When the verdict flipped last.
  [[nodiscard]] std::optional<core::Instant> since() const { return m_since; }
  /// When it flips if what was seen last goes on.
  [[nodiscard]] std::optional<core::Instant> flips_at() const {
    if (!m_contrary_since) return std::nullopt;
    return *m_contrary_since + (m_good ? m_until_bad : m_until_good);
  }

 private:
  core::Micros m_until_bad;
  core::Micros m_until_good;
  bool m_good = true;
  std::optional<core::Instant> m_contrary_since;
  std::optional<core::Instant> m_since;
};

}  // namespace wanwise::sim
