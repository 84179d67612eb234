// Who reaches what, and how far it is: a directed graph (Boost.Graph) of a site's sources, routers,
// nodes, links (the internet side of each is a vertex of its own) and clouds, with the state of
// links and targets. Shortest paths by delay, one for each WAN link, cached until a delay changes.
// One owner; the Model must outlive it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/core/decide/situation.hpp"
#include "engine/core/model.hpp"

namespace wanwise::core {

/// One way from a workload's sources to a target. `fixed` is the delay of both directions together,
/// without queues and transmission.
struct Path {
  Index link = kNone;  ///< kNone: on the LAN
  Micros fixed;
  bool operator==(const Path&) const = default;
};

enum class LinkChoice : std::uint8_t {
  preferred,  ///< what the router's own routing takes: the link that is up with the lowest metric
  all,        ///< every link that is up: for path steering and benchmarks
};

class Topology {
 public:
  explicit Topology(const Model& model);
  ~Topology();
  Topology(Topology&&) noexcept;
  Topology& operator=(Topology&&) noexcept;

  void set_link_up(Index link, bool up);
  /// Round trip from the router to the link's probe target while nothing queues; the Model's at
  /// first.
  void set_link_rtt(Index link, Micros rtt);
  void set_drained(Index target, bool drained);

  [[nodiscard]] bool link_up(Index link) const;
  [[nodiscard]] bool drained(Index target) const;
  /// The link that is up with the lowest metric, then the lower index; kNone when none is up.
  [[nodiscard]] Index preferred_link(Index router) const;

  /// Ways from the workload to the target (nodes first, then clouds), the shortest first, then by
  /// link. Empty: drained, no link up, or on another router's LAN. Where the sources stand on
  /// several routers all of them must reach the target; the way is then that of the first router,
  /// with the longest of their delays.
  [[nodiscard]] std::vector<Path> paths(Index workload, Index target,
                                        LinkChoice choice = LinkChoice::preferred);

  /// Shortest-path runs so far.
  [[nodiscard]] std::uint64_t paths_computed() const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace wanwise::core
