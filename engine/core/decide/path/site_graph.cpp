#include "engine/core/decide/path/site_graph.hpp"

#include <algorithm>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/graph/filtered_graph.hpp>

#include "engine/core/check.hpp"
#include "engine/core/model_index.hpp"

namespace wanwise::core {
namespace {

/// Lets pass the LAN and one WAN link: all there is to choose without trunks.
struct OnlyLink {
  const Graph* graph = nullptr;
  Index link = kNone;
  bool operator()(const Edge& edge) const {
    const Index other = (*graph)[edge].link;
    return other == kNone || other == link;
  }
};

/// Lets pass what SiteGraph::passes() does.
struct PartFilter {
  const SiteGraph* graph = nullptr;
  Part part;
  bool operator()(const Edge& edge) const { return graph->passes(edge, part); }
};

std::size_t router_position(const Site& site, const RouterName& name) {
  const Index index = index_of(site.routers, name);
  WANWISE_CHECK(index != kNone);
  return static_cast<std::size_t>(index);
}

}  // namespace

SiteGraph::SiteGraph(const Model& model) : m_model(model), m_trunks(model.site) {
  const Site& site = model.site;
  m_up.assign(site.links.size(), 1);
  add_lan();
  add_trunks();
  add_wan();
  const std::size_t parts = m_trunks.empty() ? 1 : 3 * m_trunks.levels();
  m_cache.resize(parts * site.routers.size() * (site.links.size() + 1));
}

void SiteGraph::add_lan() {
  const Site& site = m_model.site;
  for (std::size_t r = 0; r < site.routers.size(); ++r) {
    m_routers.push_back(boost::add_vertex(m_graph));
  }
  for (const Source& source : site.sources) {
    boost::add_edge(boost::add_vertex(m_graph), m_routers[router_position(site, source.router)],
                    Hop{}, m_graph);
  }
  for (const Node& node : site.nodes) {
    m_targets.push_back(boost::add_vertex(m_graph));
    boost::add_edge(m_routers[router_position(site, node.router)], m_targets.back(),
                    Hop{2 * node.lan_delay.count, kNone, kNone, 0}, m_graph);
  }
}

void SiteGraph::add_trunks() {
  const Site& site = m_model.site;
  for (std::size_t t = 0; t < site.trunks.size(); ++t) {
    const std::size_t a = router_position(site, site.trunks[t].a);
    const std::size_t b = router_position(site, site.trunks[t].b);
    const std::int64_t delay = 2 * TrunkMap::delay_of(site.trunks[t]);
    const auto trunk = static_cast<Index>(t);
    boost::add_edge(m_routers[a], m_routers[b], Hop{delay, kNone, trunk, a}, m_graph);
    boost::add_edge(m_routers[b], m_routers[a], Hop{delay, kNone, trunk, b}, m_graph);
  }
}

void SiteGraph::add_wan() {
  const Site& site = m_model.site;
  std::vector<Vertex> clouds;
  for (std::size_t c = 0; c < site.clouds.size(); ++c) {
    clouds.push_back(boost::add_vertex(m_graph));
    m_targets.push_back(clouds.back());
  }
  for (std::size_t l = 0; l < site.links.size(); ++l) {
    const Link& link = site.links[l];
    m_link_router.push_back(router_position(site, link.router));
    const Vertex beyond = boost::add_vertex(m_graph);
    const Hop hop{link.rtt.count, static_cast<Index>(l), kNone, m_link_router.back()};
    m_wan.push_back(boost::add_edge(m_routers[m_link_router.back()], beyond, hop, m_graph).first);
    for (std::size_t c = 0; c < site.clouds.size(); ++c) {
      boost::add_edge(beyond, clouds[c], Hop{site.clouds[c].beyond_probe.count, kNone, kNone, 0},
                      m_graph);
    }
  }
}

void SiteGraph::set_link_up(std::size_t link, bool up) {
  if (m_up[link] == (up ? 1 : 0)) return;
  m_up[link] = up ? 1 : 0;
  // What routers on the way prefer has changed, and so who forwards to which link.
  if (!m_trunks.empty()) clear_wan();
}

void SiteGraph::set_link_rtt(std::size_t link, Micros rtt) {
  Hop& hop = m_graph[m_wan[link]];
  const std::int64_t delay = std::max<std::int64_t>(0, rtt.count);
  if (hop.delay == delay) return;
  hop.delay = delay;
  clear_link(link);
}

// ---- routing

bool SiteGraph::usable(std::size_t link, const Usable& links) const {
  return (m_up[link] != 0 || !links.up_only) && static_cast<Index>(link) != links.without;
}

Index SiteGraph::own(std::size_t router, const Usable& usable_links) const {
  const std::vector<Link>& links = m_model.site.links;
  Index best = kNone;
  for (std::size_t l = 0; l < m_up.size(); ++l) {
    if (m_link_router[l] != router || !usable(l, usable_links)) continue;
    if (best == kNone || links[l].metric < links[static_cast<std::size_t>(best)].metric) {
      best = static_cast<Index>(l);
    }
  }
  return best;
}

Index SiteGraph::routed(std::size_t router, const Usable& links) const {
  const Index mine = own(router, links);
  if (mine != kNone || m_trunks.empty()) return mine;
  Index best = kNone;
  std::int64_t nearest = TrunkMap::kFar;
  for (std::size_t r = 0; r < m_routers.size(); ++r) {
    const std::int64_t distance = m_trunks.distance(router, r);
    if (distance >= nearest) continue;
    if (const Index link = own(r, links); link != kNone) {
      best = link;
      nearest = distance;
    }
  }
  return best;
}

/// Would the router hand on to `link` what comes to it?
bool SiteGraph::forwards(std::size_t router, Index link, LinkChoice choice) const {
  switch (choice) {
    case LinkChoice::all:
      return true;
    case LinkChoice::steered:
      if (m_model.site.routers[router].steers) return true;
      break;
    case LinkChoice::preferred:
      break;
  }
  return routed(router) == link;
}

bool SiteGraph::passes(const Edge& edge, const Part& part) const {
  const Hop& hop = m_graph[edge];
  if (hop.trunk != kNone) {
    return m_trunks.wide_enough(hop.trunk, part.level) &&
           (part.link == kNone || forwards(hop.router, part.link, part.choice));
  }
  if (hop.link == kNone) return true;
  return hop.link == part.link && forwards(hop.router, hop.link, part.choice);
}

bool SiteGraph::may_leave(std::size_t router, std::size_t link, LinkChoice choice) const {
  if (m_trunks.empty() && m_link_router[link] != router) return false;
  return forwards(router, static_cast<Index>(link), choice);
}

// ---- runs

/// Which link may be used and by whom matters only where trunks lead to other routers.
std::size_t SiteGraph::slot(std::size_t router, const Part& part) const {
  std::size_t index = 0;
  if (!m_trunks.empty()) {
    index = static_cast<std::size_t>(part.choice) * m_trunks.levels() + part.level;
  }
  return (index * m_routers.size() + router) * (m_up.size() + 1) +
         static_cast<std::size_t>(part.link - kNone);  // kNone is -1
}

void SiteGraph::clear_link(std::size_t link) {
  for (std::size_t i = link + 1; i < m_cache.size(); i += m_up.size() + 1) m_cache[i].reset();
}

void SiteGraph::clear_wan() {
  for (std::size_t link = 0; link < m_up.size(); ++link) clear_link(link);
}

const Reach& SiteGraph::reach(std::size_t router, const Part& part) {
  std::optional<Reach>& kept = m_cache[slot(router, part)];
  if (!kept) {
    ++m_runs;
    kept = run(router, part);
  }
  return *kept;
}

std::vector<std::optional<Micros>> SiteGraph::to_targets(
    const std::vector<std::int64_t>& distance) const {
  std::vector<std::optional<Micros>> found;
  found.reserve(m_targets.size());
  for (const Vertex target : m_targets) {
    found.push_back(distance[target] == INT64_MAX ? std::nullopt
                                                  : std::optional(Micros{distance[target]}));
  }
  return found;
}

/// Without trunks there is one router on the way, and the link is its own.
Reach SiteGraph::run_alone(std::size_t router, Index link) const {
  const boost::filtered_graph<Graph, OnlyLink> view(m_graph, OnlyLink{&m_graph, link});
  std::vector<std::int64_t> distance(boost::num_vertices(m_graph));
  boost::dijkstra_shortest_paths(
      view, m_routers[router],
      boost::weight_map(boost::get(&Hop::delay, view))
          .distance_map(boost::make_iterator_property_map(distance.begin(),
                                                          boost::get(boost::vertex_index, m_graph)))
          .distance_inf(INT64_MAX));
  return {to_targets(distance), {}};
}

Reach SiteGraph::run(std::size_t router, const Part& part) const {
  if (m_trunks.empty()) return run_alone(router, part.link);
  const boost::filtered_graph<Graph, PartFilter> view(m_graph, PartFilter{this, part});
  const auto index = boost::get(boost::vertex_index, m_graph);
  std::vector<std::int64_t> distance(boost::num_vertices(m_graph));
  std::vector<Vertex> before(boost::num_vertices(m_graph));
  boost::dijkstra_shortest_paths(
      view, m_routers[router],
      boost::weight_map(boost::get(&Hop::delay, view))
          .distance_map(boost::make_iterator_property_map(distance.begin(), index))
          .predecessor_map(boost::make_iterator_property_map(before.begin(), index))
          .distance_inf(INT64_MAX));
  Reach found{to_targets(distance), {}};
  if (part.link == kNone) return found;
  const std::size_t exit = m_link_router[static_cast<std::size_t>(part.link)];
  Vertex here = m_routers[exit];
  if (distance[here] == INT64_MAX) return found;
  found.way.push_back({static_cast<Index>(exit), kNone});
  // Vertices of routers are numbered first, in their order.
  for (; here != m_routers[router]; here = before[here]) {
    const Index trunk = m_trunks.between(before[here], here, part.level);
    found.way.push_back({static_cast<Index>(before[here]), trunk});
  }
  std::reverse(found.way.begin(), found.way.end());
  return found;
}

}  // namespace wanwise::core
