// What `wanwise run` remembers and tells while the loop works: the time line for people, the last
// moves, and the answers of the northbound API. The loop's thread only.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "adapters/cli/timeline.hpp"
#include "adapters/http/source.hpp"
#include "engine/runtime/loop.hpp"

namespace wanwise::cli {

class Daemon final : public runtime::StepObserver, public http::Source {
 public:
  /// Moves that `wanwise history` can show: about a week of a site at its usual budget of 6 an
  /// hour.
  static constexpr std::size_t kHistory = 1'000;

  struct Hooks {
    std::function<void(const TimelineLine&)> line;  ///< empty: no time line
    std::function<void()> started;                  ///< once, when the engine begins to act
    std::function<void(const core::Event&)> event;  ///< every one, after its step
    /// What the adapters work around, beyond what the engine knows of.
    std::function<std::vector<core::Degradation>()> adapter_degradations;
  };

  Daemon(runtime::Loop& loop, core::Instant start, Hooks hooks);
  ~Daemon() override;
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  void on_step(const core::Event& event, const core::Step& step) override;

  [[nodiscard]] core::Status status() const override;
  [[nodiscard]] std::optional<core::Explanation> explain(
      const core::WorkloadName& workload) const override;
  [[nodiscard]] core::Counters counters() const override { return m_loop.engine().totals(); }
  [[nodiscard]] std::vector<http::Move> history() const override;
  [[nodiscard]] std::optional<std::vector<core::PredictionRecord>> predictions(
      const core::WorkloadName& workload) const override;
  [[nodiscard]] bool drain(const core::TargetName& target, bool drain) override;
  [[nodiscard]] bool usage(const core::LinkName& link, core::Bytes used,
                           core::Micros left) override;
  [[nodiscard]] std::vector<http::NamedCounter> more_counters() const override;

 private:
  struct Recorded {
    core::ActionId id = 0;
    http::Move move;
  };

  void tell(const std::vector<TimelineLine>& lines) const;
  void remember(const core::Event& event, const core::Step& step);

  runtime::Loop& m_loop;
  Timeline m_timeline;
  Hooks m_hooks;
  bool m_started = false;
  std::deque<Recorded> m_history;
};

}  // namespace wanwise::cli
