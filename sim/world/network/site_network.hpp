// What lies between a source and the WAN link its packets leave by: the trunks between a site's
// routers, and each router's word on where flows go next: its policy-based routing first, then its
// routing table. Owns the packets inside trunks. One owner; not thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/core/decide/path/trunk_map.hpp"
#include "engine/core/model.hpp"
#include "sim/world/network/hops.hpp"
#include "sim/world/network/qos_config.hpp"

namespace wanwise::sim {

class SiteNetworkOwner {
 public:
  /// The packet came out of the line at its far end.
  virtual void crossed(Nanos now, std::uint32_t line, const Packet& packet) = 0;
  /// The line's buffer had no room for it.
  virtual void lost_on_trunk(Nanos now, const Packet& packet) = 0;

  virtual ~SiteNetworkOwner() = default;
};

/// From a router to a WAN link: `lines` in order; a trunk has two, one each way.
struct SiteRoute {
  std::vector<std::uint32_t> lines;
  std::uint32_t link = 0;
  bool operator==(const SiteRoute&) const = default;
};

class SiteNetwork {
 public:
  using LinkUp = std::function<bool(std::size_t link)>;

  /// `site` must outlive this.
  SiteNetwork(EventQueue& events, const core::Site& site, SiteNetworkOwner& owner);

  void steer(std::vector<SteerRule> rules) { m_rules = std::move(rules); }
  /// Every router uses its own links and nothing else: nobody needs to ask.
  [[nodiscard]] bool trivial() const { return m_map.empty() && m_rules.empty(); }

  /// The way of a flow that enters at `router`, as the routers have it now; nothing: there is none.
  [[nodiscard]] std::optional<SiteRoute> route(std::size_t router, const core::FlowMatch& flow,
                                               const LinkUp& up) const;
  /// One way over trunks between two routers; nothing: no trunks lead there.
  [[nodiscard]] std::optional<Nanos> delay(std::size_t from, std::size_t to) const;
  void send(Nanos now, std::uint32_t line, const Packet& packet);

 private:
  struct Line final : PacketSink {
    Line(EventQueue& events, const core::Trunk& trunk, std::uint32_t index, SiteNetworkOwner& owner,
         PacketSink& dropped);
    void accept(Nanos now, const Packet& packet) override;

    SiteNetworkOwner& owner;
    std::uint32_t index;
    Hops hops;
  };
  struct Dropped final : PacketSink {
    explicit Dropped(SiteNetworkOwner& o) : owner(o) {}
    void accept(Nanos now, const Packet& packet) override { owner.lost_on_trunk(now, packet); }

    SiteNetworkOwner& owner;
  };
  /// Where a router sends to: the link it aims at, and the trunk, or its own link.
  struct Turn {
    core::Index link = core::kNone;
    core::Index trunk = core::kNone;
  };

  [[nodiscard]] Turn turn(core::Index router, const core::FlowMatch& flow, const LinkUp& up) const;
  [[nodiscard]] std::optional<Turn> towards(core::Index router, const core::LinkName& link,
                                            const std::optional<core::TrunkName>& trunk,
                                            const LinkUp& up) const;
  [[nodiscard]] core::Index own(core::Index router, const LinkUp& up) const;
  [[nodiscard]] Turn plain(core::Index router, const LinkUp& up) const;

  const core::Site& m_site;
  core::TrunkMap m_map;
  Dropped m_dropped;
  std::vector<std::unique_ptr<Line>> m_lines;  ///< by trunk: from a to b, and back
  std::vector<SteerRule> m_rules;
};

}  // namespace wanwise::sim
