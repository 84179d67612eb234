// Who reaches what, and how far it is: a directed graph (Boost.Graph) of a site's sources, routers,
// trunks between them, nodes, links (the internet side of each is a vertex of its own) and clouds,
// with the state of links and targets. One owner; the Model must outlive it.
//
// Ways are constrained shortest paths: one Dijkstra run by delay for each WAN link, on the part of
// the graph whose routers would forward towards that link and whose trunks carry the demand. That
// is exact, labels (r_c_shortest_paths) would find nothing more: bandwidth is a bottleneck, so
// leaving out the edges below the demand keeps exactly the ways that carry it; and money is paid on
// the WAN link alone, which a way has one of, so for each link the fastest way is the only one that
// is optimal in (delay, price). Runs are kept until a delay, or with trunks a link's state,
// changes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/core/decide/situation.hpp"
#include "engine/core/model.hpp"

namespace wanwise::core {

/// One way from a workload's sources to a target. `fixed` is the delay of both directions together,
/// without queues and transmission.
struct Path {
  Index link = kNone;  ///< kNone: on the LAN
  Micros fixed;
  bool thin = false;  ///< cannot carry the demand while another way can: not to be chosen
  bool operator==(const Path&) const = default;
};

/// One step of a way through the site: where a router hands packets to.
struct RouterStep {
  Index router = kNone;
  Index trunk = kNone;  ///< kNone: out by its own WAN link
  bool operator==(const RouterStep&) const = default;
};

enum class LinkChoice : std::uint8_t {
  preferred,  ///< what routing takes by itself: preferred_link()
  steered,    ///< and what the routers that steer can be told
  all,        ///< as if every router steered: for benchmarks and references
};

/// What a way has to carry, and the one in force, which is never called thin.
struct PathDemand {
  Bps up{};
  Bps down{};
  std::optional<Index> in_force{};  ///< a link, or kNone for the LAN; absent: none to this target
};

class Topology {
 public:
  /// Most ways that are told for one workload and target: with four, as many as a large site's
  /// router has WAN ports, the search stays as deep as with two. Of more, the layers of the
  /// (delay, price) Pareto order go first. A slower and dearer link is told too: the joint choice
  /// needs it when the better one is full.
  static constexpr std::size_t kMaxPaths = 4;

  explicit Topology(const Model& model);
  ~Topology();
  Topology(Topology&&) noexcept;
  Topology& operator=(Topology&&) noexcept;

  void set_link_up(Index link, bool up);
  /// Round trip from the router to the link's probe target while nothing queues; the Model's at
  /// first.
  void set_link_rtt(Index link, Micros rtt);
  /// What the uplink surely carries; the Model's expected rate at first.
  void set_link_rate(Index link, Bps rate);
  void set_drained(Index target, bool drained);

  [[nodiscard]] bool link_up(Index link) const;
  [[nodiscard]] bool drained(Index target) const;
  /// What the router's routing takes: of its own links that are up the one with the lowest metric,
  /// then the lower index; without one, what the router does that is nearest by trunks and has one
  /// (then the lower index). kNone: no link can be reached.
  [[nodiscard]] Index preferred_link(Index router) const;
  /// The same with every link up but `without`.
  [[nodiscard]] Index plain_link(Index router, Index without = kNone) const;

  /// Ways from the workload to the target (nodes first, then clouds), the shortest first, then by
  /// link. Empty: drained, no link up, or on a LAN that no trunk leads to. Where the sources stand
  /// on several routers all of them must reach the target: by the first router's link where they
  /// can, else by what they prefer; the delay is the longest of theirs.
  [[nodiscard]] std::vector<Path> paths(Index workload, Index target,
                                        LinkChoice choice = LinkChoice::preferred,
                                        const PathDemand& demand = {});
  /// The link to take when `link` fails: of the other ways one that carries the demand, shares no
  /// trunk with it, is the fastest, in this order; then by link. kNone: there is none.
  [[nodiscard]] Index backup(Index workload, Index target, Index link, LinkChoice choice,
                             const PathDemand& demand);
  /// The routers that packets of a source on `router` pass to leave by `link`, itself first; empty:
  /// it cannot be.
  [[nodiscard]] std::vector<RouterStep> way(Index router, Index link, LinkChoice choice,
                                            const PathDemand& demand);
  /// The trunk by which plain routing on `router` sends towards `link`; kNone: its own link.
  [[nodiscard]] Index plain_trunk(Index router, Index link) const;
  /// Routers of the workload's sources: sorted, unique.
  [[nodiscard]] const std::vector<std::size_t>& source_routers(Index workload) const;

  /// Shortest-path runs so far.
  [[nodiscard]] std::uint64_t paths_computed() const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace wanwise::core
