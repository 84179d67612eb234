// The graph behind Topology, what routing does on it, and shortest-path runs on parts of it. One
// owner; the Model must outlive it.
#pragma once

#include <boost/graph/adjacency_list.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/decide/path/topology.hpp"
#include "engine/core/decide/path/trunk_map.hpp"
#include "engine/core/model.hpp"

namespace wanwise::core {

/// Both directions of one hop.
struct Hop {
  std::int64_t delay = 0;
  Index link = kNone;      ///< the WAN link this hop is, or kNone
  Index trunk = kNone;     ///< the trunk this hop is, or kNone
  std::size_t router = 0;  ///< where a trunk or a WAN link begins
};

using Graph =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property, Hop>;
using Vertex = boost::graph_traits<Graph>::vertex_descriptor;
using Edge = boost::graph_traits<Graph>::edge_descriptor;

/// What one Dijkstra run found out.
struct Reach {
  std::vector<std::optional<Micros>> targets;  ///< delay; absent where it cannot be reached
  std::vector<RouterStep> way;                 ///< to the WAN link; empty for the LAN
};

/// Which part of the graph a run may use.
struct Part {
  Index link = kNone;
  LinkChoice choice = LinkChoice::all;
  std::size_t level = 0;  ///< of TrunkMap: trunks below it are too thin
};

/// Which links routing may take.
struct Usable {
  bool up_only = true;
  Index without = kNone;
};

class SiteGraph {
 public:
  explicit SiteGraph(const Model& model);

  void set_link_up(std::size_t link, bool up);
  void set_link_rtt(std::size_t link, Micros rtt);

  [[nodiscard]] const Model& model() const { return m_model; }
  [[nodiscard]] const TrunkMap& trunks() const { return m_trunks; }
  [[nodiscard]] std::size_t routers() const { return m_routers.size(); }
  [[nodiscard]] std::size_t targets() const { return m_targets.size(); }
  [[nodiscard]] std::size_t links() const { return m_up.size(); }
  [[nodiscard]] bool up(std::size_t link) const { return m_up[link] != 0; }
  [[nodiscard]] std::size_t router_of(std::size_t link) const { return m_link_router[link]; }

  /// The link that routing takes on `router`; see Topology::preferred_link().
  [[nodiscard]] Index routed(std::size_t router, const Usable& links = {}) const;
  /// May packets of a source on `router` leave by `link`?
  [[nodiscard]] bool may_leave(std::size_t router, std::size_t link, LinkChoice choice) const;
  /// How far everything is from `router`; kept until a delay, or with trunks a link's state,
  /// changes.
  const Reach& reach(std::size_t router, const Part& part);
  [[nodiscard]] std::uint64_t runs() const { return m_runs; }

  /// Would a run on `part` go over `edge`?
  [[nodiscard]] bool passes(const Edge& edge, const Part& part) const;

 private:
  void add_lan();
  void add_trunks();
  void add_wan();
  [[nodiscard]] bool usable(std::size_t link, const Usable& links) const;
  [[nodiscard]] Index own(std::size_t router, const Usable& links) const;
  [[nodiscard]] bool forwards(std::size_t router, Index link, LinkChoice choice) const;
  [[nodiscard]] std::size_t slot(std::size_t router, const Part& part) const;
  void clear_link(std::size_t link);
  void clear_wan();
  [[nodiscard]] Reach run(std::size_t router, const Part& part) const;
  [[nodiscard]] Reach run_alone(std::size_t router, Index link) const;
  [[nodiscard]] std::vector<std::optional<Micros>> to_targets(
      const std::vector<std::int64_t>& distance) const;

  const Model& m_model;
  Graph m_graph;
  TrunkMap m_trunks;
  std::vector<Vertex> m_routers;
  std::vector<Vertex> m_targets;  ///< nodes, then clouds
  std::vector<Edge> m_wan;        ///< by link
  std::vector<std::size_t> m_link_router;
  std::vector<char> m_up;
  std::vector<std::optional<Reach>> m_cache;  ///< see slot()
  std::uint64_t m_runs = 0;
};

}  // namespace wanwise::core
