// Smallest value of the recent past: a monotone queue over a time window, bounded in length.
// Value type; one owner. Times must not run backwards (the caller drops late samples).
#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include "engine/core/units.hpp"

namespace wanwise::core {

class WindowedMin {
 public:
  /// `limit`: most candidates kept. A full queue merges its two youngest into the smaller, so the
  /// minimum stays right and only expires a little early or late.
  WindowedMin(Micros window, std::size_t limit);

  void add(Instant at, Micros value);
  /// Forgets everything but what is added from now on.
  void clear() { m_candidates.clear(); }
  /// Of the samples within the window before the latest one; nothing before the first.
  [[nodiscard]] std::optional<Micros> value() const;
  [[nodiscard]] std::size_t size() const { return m_candidates.size(); }

 private:
  struct Candidate {
    Instant at;
    Micros value;
  };
  Micros m_window;
  std::size_t m_limit;
  std::deque<Candidate> m_candidates;  ///< ascending in time and in value; front is the minimum
};

}  // namespace wanwise::core
