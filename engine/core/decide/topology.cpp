#include "engine/core/decide/topology.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/graph/filtered_graph.hpp>
#include <optional>

#include "engine/core/check.hpp"

namespace wanwise::core {
namespace {

/// Both directions of one hop.
struct Hop {
  std::int64_t delay = 0;
  Index link = kNone;  ///< the WAN link this hop is, or kNone
};

using Graph =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property, Hop>;
using Vertex = boost::graph_traits<Graph>::vertex_descriptor;
using Edge = boost::graph_traits<Graph>::edge_descriptor;

/// Lets pass the LAN and one WAN link.
struct OnlyLink {
  const Graph* graph = nullptr;
  Index link = kNone;
  bool operator()(const Edge& edge) const {
    const Index other = (*graph)[edge].link;
    return other == kNone || other == link;
  }
};

/// Delay to each target; absent where it cannot be reached.
using Distances = std::vector<std::optional<Micros>>;

std::size_t at(Index index, std::size_t size) {
  WANWISE_CHECK(index >= 0 && static_cast<std::size_t>(index) < size);
  return static_cast<std::size_t>(index);
}

template <class Things, class NameType>
std::size_t position(const Things& things, const NameType& name) {
  const auto found = std::find_if(things.begin(), things.end(),
                                  [&name](const auto& thing) { return thing.name == name; });
  WANWISE_CHECK(found != things.end());
  return static_cast<std::size_t>(found - things.begin());
}

}  // namespace

struct Topology::State {
  explicit State(const Model& m);
  void add_lan();
  void add_wan();
  void find_source_routers();
  const Distances& distances(std::size_t router, Index link);
  std::optional<Micros> longest(const std::vector<std::size_t>& from, std::size_t target,
                                LinkChoice choice, Index link);
  Index preferred(std::size_t router) const;

  const Model* model;
  Graph graph;
  std::vector<Vertex> routers;
  std::vector<Vertex> targets;  ///< nodes, then clouds
  std::vector<Edge> wan;        ///< by link
  std::vector<std::size_t> link_router;
  std::vector<std::vector<std::size_t>> source_routers;  ///< by workload: sorted, unique
  std::vector<char> up;
  std::vector<char> drained;
  std::vector<std::optional<Distances>> cache;  ///< by router, then LAN and each link
  std::uint64_t runs = 0;
};

Topology::State::State(const Model& m) : model(&m) {
  const Site& site = m.site;
  up.assign(site.links.size(), 1);
  drained.assign(site.nodes.size() + site.clouds.size(), 0);
  cache.resize(site.routers.size() * (site.links.size() + 1));
  add_lan();
  add_wan();
  find_source_routers();
}

void Topology::State::add_lan() {
  const Site& site = model->site;
  for (std::size_t r = 0; r < site.routers.size(); ++r) {
    routers.push_back(boost::add_vertex(graph));
  }
  for (const Source& source : site.sources) {
    boost::add_edge(boost::add_vertex(graph), routers[position(site.routers, source.router)], Hop{},
                    graph);
  }
  for (const Node& node : site.nodes) {
    targets.push_back(boost::add_vertex(graph));
    boost::add_edge(routers[position(site.routers, node.router)], targets.back(),
                    Hop{2 * node.lan_delay.count, kNone}, graph);
  }
}

void Topology::State::add_wan() {
  const Site& site = model->site;
  std::vector<Vertex> clouds;
  for (std::size_t c = 0; c < site.clouds.size(); ++c) {
    clouds.push_back(boost::add_vertex(graph));
    targets.push_back(clouds.back());
  }
  for (std::size_t l = 0; l < site.links.size(); ++l) {
    const Link& link = site.links[l];
    link_router.push_back(position(site.routers, link.router));
    const Vertex beyond = boost::add_vertex(graph);
    wan.push_back(boost::add_edge(routers[link_router.back()], beyond,
                                  Hop{link.rtt.count, static_cast<Index>(l)}, graph)
                      .first);
    for (std::size_t c = 0; c < site.clouds.size(); ++c) {
      boost::add_edge(beyond, clouds[c], Hop{site.clouds[c].beyond_probe.count, kNone}, graph);
    }
  }
}

void Topology::State::find_source_routers() {
  const Site& site = model->site;
  for (const Workload& workload : model->policy.workloads) {
    std::vector<std::size_t> from;
    for (const SourceName& name : workload.sources) {
      const Source& source = site.sources[position(site.sources, name)];
      from.push_back(position(site.routers, source.router));
    }
    std::sort(from.begin(), from.end());
    from.erase(std::unique(from.begin(), from.end()), from.end());
    source_routers.push_back(std::move(from));
  }
}

const Distances& Topology::State::distances(std::size_t router, Index link) {
  const std::size_t slot =
      router * (up.size() + 1) + static_cast<std::size_t>(link - kNone);  // kNone is -1
  std::optional<Distances>& kept = cache[slot];
  if (kept) {
    return *kept;
  }
  ++runs;
  const boost::filtered_graph<Graph, OnlyLink> view(graph, OnlyLink{&graph, link});
  std::vector<std::int64_t> distance(boost::num_vertices(graph));
  boost::dijkstra_shortest_paths(view, routers[router],
                                 boost::weight_map(boost::get(&Hop::delay, view))
                                     .distance_map(boost::make_iterator_property_map(
                                         distance.begin(), boost::get(boost::vertex_index, graph)))
                                     .distance_inf(INT64_MAX));
  kept.emplace();
  for (const Vertex target : targets) {
    kept->push_back(distance[target] == INT64_MAX ? std::nullopt
                                                  : std::optional(Micros{distance[target]}));
  }
  return *kept;
}

Index Topology::State::preferred(std::size_t router) const {
  Index best = kNone;
  for (std::size_t l = 0; l < up.size(); ++l) {
    if (up[l] == 0 || link_router[l] != router) {
      continue;
    }
    const std::vector<Link>& links = model->site.links;
    if (best == kNone || links[l].metric < links[static_cast<std::size_t>(best)].metric) {
      best = static_cast<Index>(l);
    }
  }
  return best;
}

/// Longest delay of all routers in `from`; the first takes `link`, the others what they prefer.
std::optional<Micros> Topology::State::longest(const std::vector<std::size_t>& from,
                                               std::size_t target, LinkChoice choice, Index link) {
  WANWISE_CHECK(choice == LinkChoice::all || link == kNone || link == preferred(from.front()));
  std::optional<Micros> most;
  for (const std::size_t router : from) {
    const bool first = router == from.front();
    const Index via = first || link == kNone ? link : preferred(router);
    if (!first && link != kNone && via == kNone) {
      return std::nullopt;
    }
    const std::optional<Micros> delay = distances(router, via)[target];
    if (!delay) {
      return std::nullopt;
    }
    most = std::max(most, delay);
  }
  return most;
}

Topology::Topology(const Model& model) : m_state(std::make_unique<State>(model)) {}
Topology::~Topology() = default;
Topology::Topology(Topology&&) noexcept = default;
Topology& Topology::operator=(Topology&&) noexcept = default;

void Topology::set_link_up(Index link, bool up) {
  m_state->up[at(link, m_state->up.size())] = up ? 1 : 0;
}

void Topology::set_link_rtt(Index link, Micros rtt) {
  State& state = *m_state;
  const std::size_t l = at(link, state.wan.size());
  Hop& hop = state.graph[state.wan[l]];
  const std::int64_t delay = std::max<std::int64_t>(0, rtt.count);
  if (hop.delay == delay) {
    return;
  }
  hop.delay = delay;
  for (std::size_t r = 0; r < state.routers.size(); ++r) {
    state.cache[r * (state.up.size() + 1) + l + 1].reset();
  }
}

void Topology::set_drained(Index target, bool drained) {
  m_state->drained[at(target, m_state->drained.size())] = drained ? 1 : 0;
}

bool Topology::link_up(Index link) const {
  return m_state->up[at(link, m_state->up.size())] != 0;
}

bool Topology::drained(Index target) const {
  return m_state->drained[at(target, m_state->drained.size())] != 0;
}

Index Topology::preferred_link(Index router) const {
  return m_state->preferred(at(router, m_state->routers.size()));
}

std::vector<Path> Topology::paths(Index workload, Index target, LinkChoice choice) {
  State& state = *m_state;
  const auto& from = state.source_routers[at(workload, state.source_routers.size())];
  const std::size_t t = at(target, state.targets.size());
  std::vector<Path> found;
  if (state.drained[t] != 0 || from.empty()) {
    return found;
  }
  if (t < state.model->site.nodes.size()) {
    if (const auto delay = state.longest(from, t, choice, kNone)) {
      found.push_back({kNone, *delay});
    }
    return found;
  }
  const Index preferred = state.preferred(from.front());
  for (std::size_t l = 0; l < state.up.size(); ++l) {
    const auto link = static_cast<Index>(l);
    const bool usable = state.up[l] != 0 && state.link_router[l] == from.front();
    if (!usable || (choice == LinkChoice::preferred && link != preferred)) {
      continue;
    }
    if (const auto delay = state.longest(from, t, choice, link)) {
      found.push_back({link, *delay});
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Path& a, const Path& b) { return a.fixed < b.fixed; });
  return found;
}

std::uint64_t Topology::paths_computed() const {
  return m_state->runs;
}

}  // namespace wanwise::core
