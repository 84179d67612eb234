#include "sim/world/network/site_network.hpp"

#include <algorithm>

#include "engine/core/model_index.hpp"
#include "sim/world/network/flow_match.hpp"

namespace wanwise::sim {

using core::at;
using core::count;
using core::Index;
using core::kNone;

SiteNetwork::Line::Line(EventQueue& events, const core::Trunk& trunk, std::uint32_t line_index,
                        SiteNetworkOwner& line_owner, PacketSink& dropped)
    : owner(line_owner),
      index(line_index),
      hops(events, {{trunk.rate, trunk.delay}}, *this, dropped) {}

void SiteNetwork::Line::accept(Nanos now, const Packet& packet) {
  owner.crossed(now, index, packet);
}

SiteNetwork::SiteNetwork(EventQueue& events, const core::Site& site, SiteNetworkOwner& owner)
    : m_site(site), m_map(site), m_dropped(owner) {
  for (const core::Trunk& trunk : site.trunks) {
    for (int direction = 0; direction < 2; ++direction) {
      const auto index = static_cast<std::uint32_t>(m_lines.size());
      m_lines.push_back(std::make_unique<Line>(events, trunk, index, owner, m_dropped));
    }
  }
}

void SiteNetwork::send(Nanos now, std::uint32_t line, const Packet& packet) {
  m_lines[line]->hops.accept(now, packet);
}

std::optional<Nanos> SiteNetwork::delay(std::size_t from, std::size_t to) const {
  const std::int64_t micros = m_map.distance(from, to);
  if (micros >= core::TrunkMap::kFar) return std::nullopt;
  return to_nanos(core::Micros{micros});
}

Index SiteNetwork::own(Index router, const LinkUp& up) const {
  Index best = kNone;
  for (Index l = 0; l < count(m_site.links); ++l) {
    const core::Link& link = at(m_site.links, l);
    if (link.router != at(m_site.routers, router).name || !up(static_cast<std::size_t>(l))) {
      continue;
    }
    if (best == kNone || link.metric < at(m_site.links, best).metric) best = l;
  }
  return best;
}

SiteNetwork::Turn SiteNetwork::plain(Index router, const LinkUp& up) const {
  if (const Index link = own(router, up); link != kNone) return {link, kNone};
  Turn best;
  std::int64_t nearest = core::TrunkMap::kFar;
  for (Index r = 0; r < count(m_site.routers); ++r) {
    const auto from = static_cast<std::size_t>(router);
    const auto to = static_cast<std::size_t>(r);
    if (m_map.distance(from, to) >= nearest) continue;
    if (const Index link = own(r, up); link != kNone) {
      best = {link, m_map.next(from, to)};
      nearest = m_map.distance(from, to);
    }
  }
  return best;
}

/// Nothing where the link is down: then the rule's next word counts.
std::optional<SiteNetwork::Turn> SiteNetwork::towards(Index router, const core::LinkName& link,
                                                      const std::optional<core::TrunkName>& trunk,
                                                      const LinkUp& up) const {
  const Index l = core::index_of(m_site.links, link);
  if (l == kNone || !up(static_cast<std::size_t>(l))) return std::nullopt;
  const bool mine = at(m_site.links, l).router == at(m_site.routers, router).name;
  if (mine) return Turn{l, kNone};
  if (!trunk) return std::nullopt;
  return Turn{l, core::index_of(m_site.trunks, *trunk)};
}

SiteNetwork::Turn SiteNetwork::turn(Index router, const core::FlowMatch& flow,
                                    const LinkUp& up) const {
  for (const SteerRule& rule : m_rules) {
    if (rule.router != at(m_site.routers, router).name || !covers(rule.flow, flow)) continue;
    if (const auto turn = towards(router, rule.via, rule.trunk, up)) return *turn;
    if (rule.backup) {
      if (const auto turn = towards(router, *rule.backup, rule.backup_trunk, up)) return *turn;
    }
    break;
  }
  return plain(router, up);
}

std::optional<SiteRoute> SiteNetwork::route(std::size_t router, const core::FlowMatch& flow,
                                            const LinkUp& up) const {
  SiteRoute route;
  auto here = static_cast<Index>(router);
  // Rules that send a packet in circles lose it, as its time to live would.
  while (route.lines.size() < m_site.routers.size()) {
    const Turn turn = this->turn(here, flow, up);
    if (turn.link == kNone) return std::nullopt;
    if (turn.trunk == kNone) {
      route.link = static_cast<std::uint32_t>(turn.link);
      return route;
    }
    const core::Trunk& trunk = at(m_site.trunks, turn.trunk);
    const bool forward = trunk.a == at(m_site.routers, here).name;
    if (!forward && trunk.b != at(m_site.routers, here).name) return std::nullopt;
    route.lines.push_back(static_cast<std::uint32_t>(2 * turn.trunk + (forward ? 0 : 1)));
    here = core::index_of(m_site.routers, forward ? trunk.b : trunk.a);
  }
  return std::nullopt;
}

}  // namespace wanwise::sim
