#include "engine/core/decide/path/topology.hpp"

#include <algorithm>
#include <optional>

#include "engine/core/check.hpp"
#include "engine/core/decide/path/site_graph.hpp"
#include "engine/core/model_index.hpp"

namespace wanwise::core {
namespace {

std::size_t at(Index index, std::size_t size) {
  WANWISE_CHECK(index >= 0 && static_cast<std::size_t>(index) < size);
  return static_cast<std::size_t>(index);
}

}  // namespace

struct Topology::State {
  explicit State(const Model& model);
  [[nodiscard]] bool carries(std::size_t link, const PathDemand& demand) const;
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

  SiteGraph graph;
  std::vector<std::vector<std::size_t>> source_routers;  ///< by workload: sorted, unique
  std::vector<Bps> rate;                                 ///< by link
  std::vector<char> drained;                             ///< by target
};

namespace {

std::vector<std::size_t> routers_of(const Site& site, const Workload& workload) {
  std::vector<std::size_t> found;
  for (const SourceName& name : workload.sources) {
    const Source& source = core::at(site.sources, index_of(site.sources, name));
    found.push_back(at(index_of(site.routers, source.router), site.routers.size()));
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace

Topology::State::State(const Model& model) : graph(model) {
  const Site& site = model.site;
  drained.assign(graph.targets(), 0);
  for (const Link& link : site.links) rate.push_back(link.uplink);
  for (const Workload& workload : model.policy.workloads) {
    source_routers.push_back(routers_of(site, workload));
  }
}

bool Topology::State::carries(std::size_t link, const PathDemand& demand) const {
  return demand.up <= rate[link] && demand.down <= graph.model().site.links[link].downlink;
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
        graph.may_leave(router, static_cast<std::size_t>(part.link), part.choice)) {
      delay = graph.reach(router, part).targets[target];
    }
    if (!delay && part.link != kNone && !first) {
      const Index via = graph.routed(router);
      if (via != kNone) delay = graph.reach(router, {via, part.choice, 0}).targets[target];
    }
    if (!delay) return std::nullopt;
    most = std::max(most, delay);
  }
  return most;
}

std::vector<Path> Topology::State::lan_paths(const std::vector<std::size_t>& from,
                                             std::size_t target, const PathDemand& demand) {
  const std::size_t level =
      demand.in_force == kNone ? 0 : graph.trunks().level(std::max(demand.up, demand.down));
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
    if (demand.in_force != part.link)
      wide.level = graph.trunks().level(std::max(demand.up, demand.down));
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
  for (std::size_t l = 0; l < graph.links(); ++l) {
    if (!graph.up(l) || !graph.may_leave(from.front(), l, choice)) continue;
    const Part part{static_cast<Index>(l), choice, 0};
    if (const auto path = wan_path(from, target, part, demand)) {
      any_carries = any_carries || !path->thin;
      found.push_back(*path);
    }
  }
  if (!any_carries) {  // then what routing takes is as good as any, and needs nobody's help
    for (Path& path : found) path.thin = path.link != graph.routed(from.front());
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
    return graph.model().site.links[static_cast<std::size_t>(path.link)].price_per_gb;
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
  SiteGraph& graph = m_state->graph;
  graph.set_link_up(at(link, graph.links()), up);
}

void Topology::set_link_rtt(Index link, Micros rtt) {
  SiteGraph& graph = m_state->graph;
  graph.set_link_rtt(at(link, graph.links()), rtt);
}

void Topology::set_link_rate(Index link, Bps rate) {
  m_state->rate[at(link, m_state->rate.size())] = rate;
}

void Topology::set_drained(Index target, bool drained) {
  m_state->drained[at(target, m_state->drained.size())] = drained ? 1 : 0;
}

bool Topology::link_up(Index link) const {
  return m_state->graph.up(at(link, m_state->graph.links()));
}

bool Topology::drained(Index target) const {
  return m_state->drained[at(target, m_state->drained.size())] != 0;
}

Index Topology::preferred_link(Index router) const {
  return m_state->graph.routed(at(router, m_state->graph.routers()));
}

Index Topology::plain_link(Index router, Index without) const {
  return m_state->graph.routed(at(router, m_state->graph.routers()), {false, without});
}

std::vector<Path> Topology::paths(Index workload, Index target, LinkChoice choice,
                                  const PathDemand& demand) {
  State& state = *m_state;
  const auto& from = source_routers(workload);
  const std::size_t t = at(target, state.graph.targets());
  if (state.drained[t] != 0 || from.empty()) return {};
  if (t < state.graph.model().site.nodes.size()) return state.lan_paths(from, t, demand);
  return state.wan_paths(from, t, choice, demand);
}

Index Topology::backup(Index workload, Index target, Index link, LinkChoice choice,
                       const PathDemand& demand) {
  State& state = *m_state;
  const auto& from = source_routers(workload);
  const std::size_t t = at(target, state.graph.targets());
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
  for (std::size_t l = 0; l < state.graph.links(); ++l) {
    const auto other = static_cast<Index>(l);
    if (other == link || !state.graph.up(l) || !state.graph.may_leave(from.front(), l, choice))
      continue;
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
  const std::size_t r = at(router, state.graph.routers());
  const std::size_t l = at(link, state.graph.links());
  if (!state.graph.may_leave(r, l, choice)) return {};
  if (state.graph.trunks().empty()) return {{router, kNone}};
  const std::size_t level =
      demand.in_force == link ? 0 : state.graph.trunks().level(std::max(demand.up, demand.down));
  const auto& wide = state.graph.reach(r, {link, choice, level}).way;
  return wide.empty() && level > 0 ? state.graph.reach(r, {link, choice, 0}).way : wide;
}

Index Topology::plain_trunk(Index router, Index link) const {
  const State& state = *m_state;
  const std::size_t r = at(router, state.graph.routers());
  return state.graph.trunks().next(r, state.graph.router_of(at(link, state.graph.links())));
}

const std::vector<std::size_t>& Topology::source_routers(Index workload) const {
  return m_state->source_routers[at(workload, m_state->source_routers.size())];
}

std::uint64_t Topology::paths_computed() const {
  return m_state->graph.runs();
}

}  // namespace wanwise::core
