// `wanwise run --timeline`: what happened, one line each, while it happens. Timeline remembers the
// last known state of each thing and speaks only of changes; no I/O. One owner at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/cli/table.hpp"
#include "engine/core/action.hpp"
#include "engine/core/event.hpp"

namespace wanwise::cli {

struct TimelineLine {
  core::Micros since_start;
  std::string word;     ///< what kind of thing, at most six letters: "move", "shaper", "radio" …
  std::string subject;  ///< whom it is about: a workload, a link, a router, a target
  std::string change;   ///< "tx2 -> cloud", "12 -> 7.8 Mbps"
  std::string detail;   ///< why, for people
  Tone tone = Tone::plain;
  bool operator==(const TimelineLine&) const = default;
};

/// "  12.3 s  move    people-counting  tx2 -> cloud    tx2 would be 142 ms at p99, wanted 100 ms"
[[nodiscard]] std::string timeline_text(const TimelineLine& line, Style style = {});

class Timeline {
 public:
  /// Sites have tens of things; what is beyond this many is shown without its history.
  static constexpr std::size_t kMaxRemembered = 4096;

  explicit Timeline(core::Instant start) : m_start(start) {}

  /// To be called with every event, before the engine has it.
  [[nodiscard]] std::vector<TimelineLine> on_event(const core::Event& event);
  /// To be called with every action of a step, at the time of the event that led to it.
  [[nodiscard]] std::vector<TimelineLine> on_action(core::Instant at, const core::Action& action);

  /// Things that were not remembered for want of room.
  [[nodiscard]] std::uint64_t overflows() const { return m_overflows; }

 private:
  struct Pending {
    core::Instant at;
    core::Action action;
  };
  struct Radio {
    bool in_service = false;
    core::RadioAccess access = core::RadioAccess::none;
    bool operator==(const Radio&) const = default;
  };
  struct Target {
    bool reachable = false;
    std::optional<core::PowerModeName> power_mode;
  };
  using Lines = std::vector<TimelineLine>;

  [[nodiscard]] core::Micros since(core::Instant at) const { return at - m_start; }
  template <class Map>
  auto remember(Map& map, const typename Map::key_type& key, typename Map::mapped_type value)
      -> std::optional<typename Map::mapped_type>;

  Lines on(core::Instant at, const core::LinkCounters& event);
  Lines on(core::Instant at, const core::RadioSample& event);
  Lines on(core::Instant at, const core::PathAlarm& event);
  Lines on(core::Instant at, const core::RouterSession& event);
  Lines on(core::Instant at, const core::RouterQosObserved& event);
  Lines on(core::Instant at, const core::TargetSample& event);
  Lines on(core::Instant at, const core::NodePort& event);
  Lines on(core::Instant at, const core::NodeObserved& event);
  Lines on(core::Instant at, const core::PlacementObserved& event);
  Lines on(core::Instant at, const core::ActionDone& event);
  Lines on(core::Instant at, const core::DrainRequested& event);
  // These come by the second and say nothing by themselves.
  Lines on(core::Instant, const core::ClassCounters&) { return {}; }
  Lines on(core::Instant, const core::ProbeSample&) { return {}; }
  Lines on(core::Instant, const core::RouterHealth&) { return {}; }
  Lines on(core::Instant, const core::LinkUsage&) { return {}; }
  Lines on(core::Instant, const core::PlacementLimits&) { return {}; }
  Lines on(core::Instant, const core::TollsSet&) { return {}; }
  Lines on(core::Instant, const core::WorkloadSample&) { return {}; }
  Lines on(core::Instant, const core::Tick&) { return {}; }

  Lines begun(core::Instant at, const core::Action& action, const core::ApplyQos& body);
  Lines begun(core::Instant at, const core::Action& action, const core::PlaceWorkload& body);

  core::Instant m_start;
  std::map<core::ActionId, Pending> m_pending;
  std::map<core::LinkName, bool> m_up;
  std::map<core::LinkName, Radio> m_radio;
  std::map<core::TargetName, Target> m_targets;
  std::map<core::TargetName, bool> m_ports, m_ready;
  std::map<core::WorkloadName, core::Place> m_places;
  std::map<core::RouterName, core::RouterQos> m_qos;
  std::map<core::RouterName, std::vector<std::string>> m_foreign;
  std::map<core::RouterName, std::vector<std::string>> m_altered;
  std::uint64_t m_overflows = 0;
};

}  // namespace wanwise::cli
