#include "engine/core/decide/path/topology.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/graph/filtered_graph.hpp>
#include <optional>

#include "engine/core/check.hpp"
#include "engine/core/decide/path/trunk_map.hpp"

namespace wanwise::core {
namespace {

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

/// Lets pass the LAN and one WAN link: all there is to choose without trunks.
struct OnlyLink {
  const Graph* graph = nullptr;
  Index link = kNone;
  bool operator()(const Edge& edge) const {
    const Index other = (*graph)[edge].link;
    return other == kNone || other == link;
  }
};

/// What one Dijkstra run found out.
struct Reach {
  std::vector<std::optional<Micros>> targets;  ///< delay; absent where it cannot be reached
  std::vector<RouterStep> way;                 ///< to the WAN link; empty for the LAN
};

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

}  // namespace

struct Topology::State {
  explicit State(const Model& m);
  void add_lan();
  void add_trunks();
  void add_wan();
  void find_source_routers();
  void clear_link(std::size_t link);
  void clear_wan();
  [[nodiscard]] bool passes(const Edge& edge, const Part& part) const;
  [[nodiscard]] bool forwards(std::size_t router, Index link, LinkChoice choice) const;
  [[nodiscard]] bool may_leave(std::size_t router, std::size_t link, LinkChoice choice) const;
  [[nodiscard]] bool carries(std::size_t link, const PathDemand& demand) const;
  [[nodiscard]] std::size_t slot(std::size_t router, const Part& part) const;
  const Reach& reach(std::size_t router, const Part& part);
  Reach run(std::size_t router, const Part& part);
  Reach run_alone(std::size_t router, Index link);
  [[nodiscard]] std::vector<std::optional<Micros>> to_targets(
      const std::vector<std::int64_t>& distance) const;
  std::optional<Micros> longest(const std::vector<std::size_t>& from, std::size_t target,
                                const Part& part);
  [[nodiscard]] std::vector<Path> lan_paths(const std::vector<std::size_t>& from,
                                            std::size_t target, const PathDemand& demand);
  [[nodiscard]] std::vector<Path> wan_paths(const std::vector<std::size_t>& from,
                                            std::size_t target, LinkChoice choice,
                                            const PathDemand& demand);
  [[nodiscard]] std::optional<Path> wan_path(const std::vector<std::size_t>& from,
                                             std::size_t target, const Part& part,
                                             const PathDemand& demand);
  void keep_best(std::vector<Path>& found, const PathDemand& demand) const;
  [[nodiscard]] bool usable(std::size_t link, const Usable& links) const;
  [[nodiscard]] Index own(std::size_t router, const Usable& links) const;
  [[nodiscard]] Index routed(std::size_t router, const Usable& links) const;
  [[nodiscard]] Index preferred(std::size_t router) const { return routed(router, {}); }

  const Model* model;
  Graph graph;
  TrunkMap trunks;
  std::vector<Vertex> routers;
  std::vector<Vertex> targets;  ///< nodes, then clouds
  std::vector<Edge> wan;        ///< by link
  std::vector<std::size_t> link_router;
  std::vector<std::vector<std::size_t>> source_routers;  ///< by workload: sorted, unique
  std::vector<char> up;
  std::vector<Bps> rate;  ///< by link
  std::vector<char> drained;
  std::vector<std::optional<Reach>> cache;  ///< see slot()
  std::uint64_t runs = 0;
};

namespace {

/// Lets pass what Topology::State::passes() does.
template <class State>
struct Filter {
  const State* state = nullptr;
  Part part;
  bool operator()(const Edge& edge) const { return state->passes(edge, part); }
};

}  // namespace

Topology::State::State(const Model& m) : model(&m), trunks(m.site) {
  const Site& site = m.site;
  up.assign(site.links.size(), 1);
  drained.assign(site.nodes.size() + site.clouds.size(), 0);
  for (const Link& link : site.links) rate.push_back(link.uplink);
  add_lan();
  add_trunks();
  add_wan();
  find_source_routers();
  const std::size_t parts = trunks.empty() ? 1 : 3 * trunks.levels();
  cache.resize(parts * site.routers.size() * (site.links.size() + 1));
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
                    Hop{2 * node.lan_delay.count, kNone, kNone, 0}, graph);
  }
}

void Topology::State::add_trunks() {
  const Site& site = model->site;
  for (std::size_t t = 0; t < site.trunks.size(); ++t) {
    const std::size_t a = position(site.routers, site.trunks[t].a);
    const std::size_t b = position(site.routers, site.trunks[t].b);
    const std::int64_t delay = 2 * TrunkMap::delay_of(site.trunks[t]);
    const auto trunk = static_cast<Index>(t);
    boost::add_edge(routers[a], routers[b], Hop{delay, kNone, trunk, a}, graph);
    boost::add_edge(routers[b], routers[a], Hop{delay, kNone, trunk, b}, graph);
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
    const Hop hop{link.rtt.count, static_cast<Index>(l), kNone, link_router.back()};
    wan.push_back(boost::add_edge(routers[link_router.back()], beyond, hop, graph).first);
    for (std::size_t c = 0; c < site.clouds.size(); ++c) {
      boost::add_edge(beyond, clouds[c], Hop{site.clouds[c].beyond_probe.count, kNone, kNone, 0},
                      graph);
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

// ---- routing

bool Topology::State::usable(std::size_t link, const Usable& links) const {
  return (up[link] != 0 || !links.up_only) && static_cast<Index>(link) != links.without;
}

Index Topology::State::own(std::size_t router, const Usable& usable_links) const {
  const std::vector<Link>& links = model->site.links;
  Index best = kNone;
  for (std::size_t l = 0; l < up.size(); ++l) {
    if (link_router[l] != router || !usable(l, usable_links)) continue;
    if (best == kNone || links[l].metric < links[static_cast<std::size_t>(best)].metric) {
      best = static_cast<Index>(l);
    }
  }
  return best;
}

Index Topology::State::routed(std::size_t router, const Usable& links) const {
  const Index mine = own(router, links);
  if (mine != kNone || trunks.empty()) return mine;
  Index best = kNone;
  std::int64_t nearest = TrunkMap::kFar;
  for (std::size_t r = 0; r < routers.size(); ++r) {
    const std::int64_t distance = trunks.distance(router, r);
    if (distance >= nearest) continue;
    if (const Index link = own(r, links); link != kNone) {
      best = link;
      nearest = distance;
    }
  }
  return best;
}

/// Would the router hand on to `link` what comes to it?
bool Topology::State::forwards(std::size_t router, Index link, LinkChoice choice) const {
  switch (choice) {
    case LinkChoice::all:
      return true;
    case LinkChoice::steered:
      if (model->site.routers[router].steers) return true;
      break;
    case LinkChoice::preferred:
      break;
  }
  return preferred(router) == link;
}

bool Topology::State::passes(const Edge& edge, const Part& part) const {
  const Hop& hop = graph[edge];
  if (hop.trunk != kNone) {
    return trunks.wide_enough(hop.trunk, part.level) &&
           (part.link == kNone || forwards(hop.router, part.link, part.choice));
  }
  if (hop.link == kNone) return true;
  return hop.link == part.link && forwards(hop.router, hop.link, part.choice);
}

bool Topology::State::may_leave(std::size_t router, std::size_t link, LinkChoice choice) const {
  if (trunks.empty() && link_router[link] != router) return false;
  return forwards(router, static_cast<Index>(link), choice);
}

bool Topology::State::carries(std::size_t link, const PathDemand& demand) const {
  return demand.up <= rate[link] && demand.down <= model->site.links[link].downlink;
}

// ---- runs

/// Which link may be used and by whom matters only where trunks lead to other routers.
std::size_t Topology::State::slot(std::size_t router, const Part& part) const {
  std::size_t index = 0;
  if (!trunks.empty()) {
    index = static_cast<std::size_t>(part.choice) * trunks.levels() + part.level;
  }
  return (index * routers.size() + router) * (up.size() + 1) +
         static_cast<std::size_t>(part.link - kNone);  // kNone is -1
}

void Topology::State::clear_link(std::size_t link) {
  for (std::size_t i = link + 1; i < cache.size(); i += up.size() + 1) cache[i].reset();
}

void Topology::State::clear_wan() {
  for (std::size_t link = 0; link < up.size(); ++link) clear_link(link);
}

const Reach& Topology::State::reach(std::size_t router, const Part& part) {
  std::optional<Reach>& kept = cache[slot(router, part)];
  if (!kept) {
    ++runs;
    kept = run(router, part);
  }
  return *kept;
}

std::vector<std::optional<Micros>> Topology::State::to_targets(
    const std::vector<std::int64_t>& distance) const {
  std::vector<std::optional<Micros>> found;
  found.reserve(targets.size());
  for (const Vertex target : targets) {
    found.push_back(distance[target] == INT64_MAX ? std::nullopt
                                                  : std::optional(Micros{distance[target]}));
  }
  return found;
}

/// Without trunks there is one router on the way, and the link is its own.
Reach Topology::State::run_alone(std::size_t router, Index link) {
  const boost::filtered_graph<Graph, OnlyLink> view(graph, OnlyLink{&graph, link});
  std::vector<std::int64_t> distance(boost::num_vertices(graph));
  boost::dijkstra_shortest_paths(view, routers[router],
                                 boost::weight_map(boost::get(&Hop::delay, view))
                                     .distance_map(boost::make_iterator_property_map(
                                         distance.begin(), boost::get(boost::vertex_index, graph)))
                                     .distance_inf(INT64_MAX));
  return {to_targets(distance), {}};
}

Reach Topology::State::run(std::size_t router, const Part& part) {
  if (trunks.empty()) return run_alone(router, part.link);
  const boost::filtered_graph<Graph, Filter<State>> view(graph, Filter<State>{this, part});
  const auto index = boost::get(boost::vertex_index, graph);
  std::vector<std::int64_t> distance(boost::num_vertices(graph));
  std::vector<Vertex> before(boost::num_vertices(graph));
  boost::dijkstra_shortest_paths(
      view, routers[router],
      boost::weight_map(boost::get(&Hop::delay, view))
          .distance_map(boost::make_iterator_property_map(distance.begin(), index))
          .predecessor_map(boost::make_iterator_property_map(before.begin(), index))
          .distance_inf(INT64_MAX));
  Reach found{to_targets(distance), {}};
  if (part.link == kNone) return found;
  const std::size_t exit = link_router[static_cast<std::size_t>(part.link)];
  Vertex here = routers[exit];
  if (distance[here] == INT64_MAX) return found;
  found.way.push_back({static_cast<Index>(exit), kNone});
  // Vertices of routers are numbered first, in their order.
  for (; here != routers[router]; here = before[here]) {
    const Index trunk = trunks.between(before[here], here, part.level);
    found.way.push_back({static_cast<Index>(before[here]), trunk});
  }
  std::reverse(found.way.begin(), found.way.end());
  return found;
}

/// Longest delay of all routers in `from`: by the part's link where they may, else by what they
/// prefer.
std::optional<Micros> Topology::State::longest(const std::vector<std::size_t>& from,
                                               std::size_t target, const Part& part) {
  std::optional<Micros> most;
  for (const std::size_t router : from) {
    std::optional<Micros> delay;
    const bool first = router == from.front();
    if (part.link == kNone || first ||
        may_leave(router, static_cast<std::size_t>(part.link), part.choice)) {
      delay = reach(router, part).targets[target];
    }
    if (!delay && part.link != kNone && !first) {
      const Index via = preferred(router);
      if (via != kNone) delay = reach(router, {via, part.choice, 0}).targets[target];
    }
    if (!delay) return std::nullopt;
    most = std::max(most, delay);
  }
  return most;
}

std::vector<Path> Topology::State::lan_paths(const std::vector<std::size_t>& from,
                                             std::size_t target, const PathDemand& demand) {
  const std::size_t level =
      demand.in_force == kNone ? 0 : trunks.level(std::max(demand.up, demand.down));
  const auto delay = longest(from, target, {kNone, LinkChoice::preferred, level});
  if (!delay) return {};
  return {{kNone, *delay}};
}

std::optional<Path> Topology::State::wan_path(const std::vector<std::size_t>& from,
                                              std::size_t target, const Part& part,
                                              const PathDemand& demand) {
  const auto link = static_cast<std::size_t>(part.link);
  if (carries(link, demand) || demand.in_force == part.link) {
    Part wide = part;
    if (demand.in_force != part.link) wide.level = trunks.level(std::max(demand.up, demand.down));
    if (const auto delay = longest(from, target, wide)) return Path{part.link, *delay};
  }
  if (const auto delay = longest(from, target, part)) return Path{part.link, *delay, true};
  return std::nullopt;
}

std::vector<Path> Topology::State::wan_paths(const std::vector<std::size_t>& from,
                                             std::size_t target, LinkChoice choice,
                                             const PathDemand& demand) {
  std::vector<Path> found;
  found.reserve(kMaxPaths);
  bool any_carries = false;
  for (std::size_t l = 0; l < up.size(); ++l) {
    if (up[l] == 0 || !may_leave(from.front(), l, choice)) continue;
    const Part part{static_cast<Index>(l), choice, 0};
    if (const auto path = wan_path(from, target, part, demand)) {
      any_carries = any_carries || !path->thin;
      found.push_back(*path);
    }
  }
  if (!any_carries) {  // then what routing takes is as good as any, and needs nobody's help
    for (Path& path : found) path.thin = path.link != preferred(from.front());
  }
  keep_best(found, demand);
  std::sort(found.begin(), found.end(), [](const Path& a, const Path& b) {
    return a.fixed != b.fixed ? a.fixed < b.fixed : a.link < b.link;
  });
  return found;
}

/// Cuts to kMaxPaths, the way in force first, then by layers of the Pareto order.
void Topology::State::keep_best(std::vector<Path>& found, const PathDemand& demand) const {
  if (found.size() <= kMaxPaths) return;
  const auto price = [this](const Path& path) {
    return model->site.links[static_cast<std::size_t>(path.link)].price_per_gb;
  };
  const auto beats = [&](const Path& a, const Path& b) {
    if (a.thin != b.thin) return b.thin;
    return a.fixed <= b.fixed && price(a) <= price(b) && (a.fixed < b.fixed || price(a) < price(b));
  };
  std::vector<Path> kept;
  while (kept.size() < kMaxPaths && !found.empty()) {
    std::vector<Path> layer;
    std::vector<Path> rest;
    for (const Path& path : found) {
      const bool first = demand.in_force == path.link && kept.empty();
      const bool beaten = !first && std::any_of(found.begin(), found.end(), [&](const Path& other) {
        return beats(other, path);
      });
      (beaten ? rest : layer).push_back(path);
    }
    std::stable_sort(layer.begin(), layer.end(), [&](const Path& a, const Path& b) {
      const bool in_force = demand.in_force == a.link;
      return in_force != (demand.in_force == b.link) ? in_force : a.fixed < b.fixed;
    });
    kept.insert(kept.end(), layer.begin(), layer.end());
    found = std::move(rest);
  }
  kept.resize(std::min(kept.size(), kMaxPaths));
  std::sort(kept.begin(), kept.end(), [](const Path& a, const Path& b) { return a.link < b.link; });
  found = std::move(kept);
}

// ---- doors

Topology::Topology(const Model& model) : m_state(std::make_unique<State>(model)) {}
Topology::~Topology() = default;
Topology::Topology(Topology&&) noexcept = default;
Topology& Topology::operator=(Topology&&) noexcept = default;

void Topology::set_link_up(Index link, bool up) {
  char& kept = m_state->up[at(link, m_state->up.size())];
  if (kept == (up ? 1 : 0)) return;
  kept = up ? 1 : 0;
  // What routers on the way prefer has changed, and so who forwards to which link.
  if (!m_state->trunks.empty()) m_state->clear_wan();
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
  state.clear_link(l);
}

void Topology::set_link_rate(Index link, Bps rate) {
  m_state->rate[at(link, m_state->rate.size())] = rate;
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

Index Topology::plain_link(Index router, Index without) const {
  return m_state->routed(at(router, m_state->routers.size()), {false, without});
}

std::vector<Path> Topology::paths(Index workload, Index target, LinkChoice choice,
                                  const PathDemand& demand) {
  State& state = *m_state;
  const auto& from = source_routers(workload);
  const std::size_t t = at(target, state.targets.size());
  if (state.drained[t] != 0 || from.empty()) return {};
  if (t < state.model->site.nodes.size()) return state.lan_paths(from, t, demand);
  return state.wan_paths(from, t, choice, demand);
}

Index Topology::backup(Index workload, Index target, Index link, LinkChoice choice,
                       const PathDemand& demand) {
  State& state = *m_state;
  const auto& from = source_routers(workload);
  const std::size_t t = at(target, state.targets.size());
  const auto first = static_cast<Index>(from.front());
  const std::vector<RouterStep> mine = way(first, link, choice, demand);
  const auto shares = [&](Index other) {
    const std::vector<RouterStep> theirs = way(first, other, choice, demand);
    return std::any_of(theirs.begin(), theirs.end(), [&](const RouterStep& step) {
      return step.trunk != kNone && std::any_of(mine.begin(), mine.end(), [&](const auto& own) {
               return own.trunk == step.trunk;
             });
    });
  };
  struct Rank {
    bool thin = false;
    bool shares = false;
    Micros delay;
    Index link = kNone;
    auto operator<=>(const Rank&) const = default;
  };
  std::optional<Rank> best;
  for (std::size_t l = 0; l < state.up.size(); ++l) {
    const auto other = static_cast<Index>(l);
    if (other == link || state.up[l] == 0 || !state.may_leave(from.front(), l, choice)) continue;
    const auto path = state.wan_path(from, t, {other, choice, 0}, {demand.up, demand.down, {}});
    if (!path) continue;
    const Rank rank{path->thin, shares(other), path->fixed, other};
    if (!best || rank < *best) best = rank;
  }
  return best ? best->link : kNone;
}

std::vector<RouterStep> Topology::way(Index router, Index link, LinkChoice choice,
                                      const PathDemand& demand) {
  State& state = *m_state;
  const std::size_t r = at(router, state.routers.size());
  const std::size_t l = at(link, state.up.size());
  if (!state.may_leave(r, l, choice)) return {};
  if (state.trunks.empty()) return {{router, kNone}};
  const std::size_t level =
      demand.in_force == link ? 0 : state.trunks.level(std::max(demand.up, demand.down));
  const auto& wide = state.reach(r, {link, choice, level}).way;
  return wide.empty() && level > 0 ? state.reach(r, {link, choice, 0}).way : wide;
}

Index Topology::plain_trunk(Index router, Index link) const {
  const State& state = *m_state;
  const std::size_t r = at(router, state.routers.size());
  return state.trunks.next(r, state.link_router[at(link, state.up.size())]);
}

const std::vector<std::size_t>& Topology::source_routers(Index workload) const {
  return m_state->source_routers[at(workload, m_state->source_routers.size())];
}

std::uint64_t Topology::paths_computed() const {
  return m_state->runs;
}

}  // namespace wanwise::core
