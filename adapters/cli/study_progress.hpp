// How far a study is, on stderr: one line that is redrawn on a terminal, a line now and then
// elsewhere. Called from the study's threads, one call at a time.
#pragma once

#include <chrono>
#include <string>

#include "sim/study/runs/run_study.hpp"

namespace wanwise::cli {

/// "runs 12/300, 3.4 runs/s, 1 min 25 s left". Pure.
[[nodiscard]] std::string study_progress_line(const sim::StudyProgress& progress,
                                              std::chrono::milliseconds since_begin);

/// Whether a line is due. Pure but for its memory.
class ProgressPace {
 public:
  explicit ProgressPace(bool terminal) : m_terminal(terminal) {}

  /// `now`: since the phase began.
  bool due(const sim::StudyProgress& progress, std::chrono::milliseconds now);

 private:
  bool m_terminal;
  bool m_pilots = false;
  std::chrono::milliseconds m_last{-1'000'000};
  std::size_t m_last_done = 0;
};

class StudyProgressPrinter {
 public:
  explicit StudyProgressPrinter(bool terminal) : m_terminal(terminal), m_pace(terminal) {}

  void show(const sim::StudyProgress& progress);
  /// Ends the line that is being redrawn.
  void end();

 private:
  bool m_terminal;
  ProgressPace m_pace;
  bool m_open = false;
  bool m_pilots = false;
  std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
};

}  // namespace wanwise::cli
