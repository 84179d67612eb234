#include "adapters/cli/study_progress.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>

namespace wanwise::cli {
namespace {

using std::chrono::milliseconds;

// A terminal is redrawn as often as the eye follows; a log file gets a line every 10 s or 5 %.
constexpr milliseconds kRedraw{100};
constexpr milliseconds kLogEvery{10'000};
constexpr std::size_t kLogParts = 20;

std::string duration_text(double seconds) {
  const auto s = static_cast<long>(seconds + 0.5);
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {} s", s / 60, s % 60);
  return fmt::format("{} h {} min", s / 3600, s % 3600 / 60);
}

}  // namespace

std::string study_progress_line(const sim::StudyProgress& progress, milliseconds since_begin) {
  std::string line =
      fmt::format("{} {}/{}", progress.pilots ? "pilots" : "runs", progress.done, progress.total);
  const std::size_t made = progress.done - progress.skipped;
  if (progress.skipped > 0) line += fmt::format(" ({} recorded before)", progress.skipped);
  const double seconds = static_cast<double>(since_begin.count()) * 1e-3;
  if (made == 0 || seconds <= 0) return line;
  const double rate = static_cast<double>(made) / seconds;
  line += fmt::format(", {:.{}f} runs/s", rate, rate < 10 ? 2 : 0);
  if (progress.done == progress.total) return line + ", done";
  const double left = static_cast<double>(progress.total - progress.done) / rate;
  return line + ", " + duration_text(left) + " left";
}

bool ProgressPace::due(const sim::StudyProgress& progress, milliseconds now) {
  const bool another_phase = progress.pilots != m_pilots;
  const bool last = progress.done == progress.total;
  const bool part = (progress.done - std::min(m_last_done, progress.done)) * kLogParts >=
                    std::max<std::size_t>(progress.total, 1);
  const bool time = now - m_last >= (m_terminal ? kRedraw : kLogEvery);
  if (!another_phase && !last && !time && (m_terminal || !part)) return false;
  m_pilots = progress.pilots;
  m_last = now;
  m_last_done = progress.done;
  return true;
}

void StudyProgressPrinter::show(const sim::StudyProgress& progress) {
  const auto now = std::chrono::steady_clock::now();
  if (progress.pilots != m_pilots || progress.done == progress.skipped) {
    end();
    m_pilots = progress.pilots;
    m_begin = now;
    m_pace = ProgressPace(m_terminal);
  }
  const auto since = std::chrono::duration_cast<milliseconds>(now - m_begin);
  if (!m_pace.due(progress, since)) return;
  const std::string line = study_progress_line(progress, since);
  // \x1b[K: erase what a longer line left behind.
  fmt::print(stderr, "{}{}{}", m_terminal ? "\r" : "", line, m_terminal ? "\x1b[K" : "\n");
  std::fflush(stderr);
  m_open = m_terminal;
}

void StudyProgressPrinter::end() {
  if (m_open) fmt::print(stderr, "\n");
  m_open = false;
}

}  // namespace wanwise::cli
