// The engine: events in, actions out. Pure: no clock, no I/O, no threads, no randomness; the same
// events give the same steps on every platform. One owner at a time; not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/core/action.hpp"
#include "engine/core/cost.hpp"
#include "engine/core/counters.hpp"
#include "engine/core/event.hpp"
#include "engine/core/explain.hpp"
#include "engine/core/model.hpp"
#include "engine/core/prediction.hpp"
#include "engine/core/status.hpp"
#include "engine/core/toll.hpp"

namespace wanwise::core {

/// What a site would cost and use.
struct SiteOffer {
  Cost bound;  ///< tolls included: no joint choice of the site costs less
  SiteUse use;
  Cost cost;  ///< of the choice that uses so much, tolls aside
};

/// What one event led to.
struct Step {
  std::vector<Action> actions;
  std::vector<Explanation> explanations;  ///< of the workloads whose answer changed in this step
  Counters counters;                      ///< work done in this step
};

class Solver;

class Engine {
 public:
  explicit Engine(Model model);
  /// `solver`: the working memory of decisions, which engines of one owner may share.
  Engine(Model model, std::shared_ptr<Solver> solver);
  ~Engine();
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;

  /// `event.at` must not run backwards; where it does, the last time counts and the event is noted
  /// as out of order. Samples about names the model lacks are counted and dropped.
  [[nodiscard]] Step apply(const Event& event);

  /// When the engine wants a Tick at the latest; nothing when only news can change its mind.
  [[nodiscard]] std::optional<Instant> next_wakeup() const;

  /// Hash over every event applied and every action emitted so far, in order. Equal histories,
  /// equal digests.
  [[nodiscard]] std::uint64_t digest() const;

  [[nodiscard]] const Model& model() const;
  [[nodiscard]] Status status() const;
  [[nodiscard]] std::optional<Explanation> explain(const WorkloadName& workload) const;
  /// What its places were chosen for and what became of it, oldest first, the last few; nothing for
  /// a name the model lacks.
  [[nodiscard]] std::optional<std::vector<PredictionRecord>> history(
      const WorkloadName& workload) const;
  [[nodiscard]] Counters totals() const;

  // For a fleet that shares clouds or data plans between sites (engine/core/fleet):

  /// Counts the decisions: what offer() says holds until it changes.
  [[nodiscard]] std::uint64_t revision() const;
  /// What the present decision uses.
  [[nodiscard]] const SiteUse& use() const;
  /// What the present decision costs, tolls aside.
  [[nodiscard]] const Cost& cost() const;
  /// What the site would do under these tolls, were it free to move; decides nothing.
  [[nodiscard]] SiteOffer offer(const SiteTolls& tolls);

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace wanwise::core
