// QoS of a small site, for the tests of the IOS XE codecs, and a seeded generator of others.
#pragma once

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "adapters/iosxe/config.hpp"
#include "engine/core/decide/probe_plan.hpp"
#include "engine/core/qos.hpp"

namespace wanwise::iosxe::samples {

inline core::Ipv4Prefix prefix(const std::string& text) {
  return core::parse_ipv4_prefix(text).value();
}

inline core::FlowMatch tcp(const std::string& from, const std::string& to, std::uint16_t port) {
  return {core::Transport::tcp, prefix(from), prefix(to), port};
}

inline core::RouterQos site_qos() {
  const core::ClassName realtime{"realtime"};
  const core::ClassName video{"video"};
  const core::Dscp ef{46};
  const core::Dscp af41{34};
  core::RouterQos qos{core::RouterName{"edge-1"}, "Vlan1", {}, {}};
  qos.marking = {{realtime, ef, {tcp("192.168.50.0/24", "203.0.113.10", 8443)}},
                 {video, af41, {tcp("192.168.50.20", "203.0.113.10", 80)}}};
  qos.wans = {{core::LinkName{"lte"},
               "Cellular0/1/0",
               core::Bps{8'000'000},
               {{realtime, ef, core::QueueKind::priority, 30},
                {video, af41, core::QueueKind::remaining, 40}},
               60},
              {core::LinkName{"wired"},
               "GigabitEthernet0/0/0",
               core::Bps{50'000'000},
               {{realtime, ef, core::QueueKind::priority, 20}},
               100}};
  return qos;
}

inline RouterConfig config() {
  RouterConfig config;
  config.router = core::RouterName{"edge-1"};
  config.lan_interface = "Vlan1";
  config.links = {{core::LinkName{"lte"}, "Cellular0/1/0", core::LinkKind::cellular, 9101},
                  {core::LinkName{"wired"}, "GigabitEthernet0/0/0", core::LinkKind::wired, 9102}};
  for (const char* name : {"bulk", "realtime", "video"}) config.classes.emplace_back(name);
  return config;
}

/// A router with a measured LTE link and a wired one that somebody else measures; it steers.
inline RouterConfig provisioned_config() {
  RouterConfig made = config();
  made.steers = true;
  made.links[0].probe = 904;
  made.links[0].next_hop = "192.0.2.65";
  made.links[1].next_hop = "192.0.2.1";
  return made;
}

/// All that wanwise sets up on it.
inline core::RouterQos provisioned() {
  core::RouterQos qos = site_qos();
  for (core::WanQos& wan : qos.wans) wan.load_interval = 30;
  core::ProbeRule echo;
  echo.link = core::LinkName{"lte"};
  echo.entry = 904;
  echo.target = prefix("198.51.100.1").address;
  echo.source_interface = "Cellular0/1/0";
  echo.period = core::seconds(5);
  echo.timeout = core::seconds(1);
  echo.tracked = true;
  core::ProbeRule jitter = echo;
  jitter.kind = core::ProbeKind::udp_jitter;
  jitter.service_class = core::ClassName{"realtime"};
  jitter.entry = 904'612;
  jitter.port = 16384;
  jitter.dscp = {46};
  jitter.source_interface.clear();
  jitter.tracked = false;
  qos.probes = {echo, jitter};
  qos.steering = {{core::LinkName{"lte"},
                   {},
                   core::LinkName{"wired"},
                   {},
                   {tcp("192.168.50.0/24", "203.0.113.10", 8443)}}};
  return qos;
}

/// Any RouterQos the adapter accepts, and the configuration it belongs to.
class Generator {
 public:
  explicit Generator(std::uint32_t seed) : m_random(seed) {}

  core::RouterQos qos(RouterConfig& config) {
    config = samples::config();
    config.classes.clear();
    const auto classes = class_names(below(5));
    for (const auto& name : classes) config.classes.push_back(name);
    core::RouterQos made{config.router, "Vlan" + std::to_string(1 + below(4094)), {}, {}};
    config.lan_interface = made.lan_interface;
    for (const auto& name : classes) {
      if (below(4) > 0) made.marking.push_back({name, dscp(), flows()});
    }
    const std::size_t links = below(3);
    for (std::size_t i = 0; i < links; ++i) made.wans.push_back(wan(config.links[i], classes));
    for (auto& wan : made.wans)
      wan.load_interval = below(2) == 0 ? 0 : static_cast<std::uint32_t>(30 * (1 + below(20)));
    for (std::size_t i = 0; i < config.links.size(); ++i) {
      if (below(2) == 0) add_probes(config.links[i], static_cast<std::uint32_t>(i), classes, made);
    }
    std::sort(made.probes.begin(), made.probes.end(),
              [](const auto& a, const auto& b) { return a.entry < b.entry; });
    for (auto& wan : made.wans) {  // one code point per class on the whole router
      for (auto& queue : wan.queues) queue.dscp = m_dscps.at(queue.service_class.text);
    }
    return made;
  }

  /// The same with flows that are steered, where `config` has what that takes.
  core::RouterQos steered(RouterConfig& config) {
    core::RouterQos made = qos(config);
    config.steers = true;
    for (std::size_t i = 0; i < config.links.size(); ++i)
      config.links[i].next_hop = "192.0.2." + std::to_string(1 + 64 * i);
    for (auto& rule : made.probes) rule.tracked = rule.kind == core::ProbeKind::icmp_echo;
    for (std::size_t via = 0; via < config.links.size(); ++via) {
      for (const bool backed : {false, true}) {
        core::SteeringRule rule{config.links[via].name, {}, {}, {}, flows()};
        if (backed) rule.backup = config.links[1 - via].name;
        if (!rule.flows.empty()) made.steering.push_back(rule);
      }
    }
    return made;
  }

 private:
  void add_probes(LinkConfig& link, std::uint32_t slot, const std::set<core::ClassName>& classes,
                  core::RouterQos& made) {
    core::ProbeRule own;
    own.link = link.name;
    own.entry = core::kFirstLinkProbe + slot * core::kNumbersPerLink +
                static_cast<std::uint32_t>(below(core::kNumbersPerLink));
    own.target = static_cast<std::uint32_t>(m_random());
    own.source_interface = link.interface;
    own.dscp = dscp();
    own.period = core::seconds(1 + static_cast<int>(below(604'800)));
    own.timeout = core::milliseconds(1 + static_cast<int>(below(1000)));
    own.tracked = below(2) == 0;
    link.probe = own.entry;
    made.probes.push_back(own);
    std::uint32_t at = core::kFirstClassProbe + slot * core::kNumbersPerLinkClasses;
    for (const auto& name : classes) {
      core::ProbeRule rule = own;
      rule.service_class = name;
      rule.kind = core::ProbeKind::udp_jitter;
      rule.entry = at += 1 + static_cast<std::uint32_t>(below(1'000));
      rule.port = static_cast<std::uint16_t>(1 + below(65'535));
      rule.source_interface.clear();
      rule.tracked = false;
      if (below(3) == 0) continue;
      made.probes.push_back(rule);
      link.class_probes.push_back({rule.entry, name});
    }
  }

  std::size_t below(std::size_t bound) { return m_random() % bound; }
  /// Half of the classes have the router's defaults.
  std::uint32_t limit() {
    return below(2) == 0 ? 0 : static_cast<std::uint32_t>(1 + below(8'192'000));
  }
  core::Bytes burst() {
    return core::Bytes{below(2) == 0 ? 0 : static_cast<std::int64_t>(32 + below(1'999'969))};
  }
  core::Dscp dscp() { return {static_cast<std::uint8_t>(below(64))}; }

  std::set<core::ClassName> class_names(std::size_t count) {
    static const std::vector<std::string> kPool{
        "realtime", "video",   "video-in",      "a.b",  "a_b", "Voice",
        "bulk",     "x-child", "sehr/lang und", "bulk", "ü",   std::string(90, 'n')};
    std::set<core::ClassName> names;
    for (std::size_t i = 0; i < count; ++i) names.emplace(kPool[below(kPool.size())]);
    m_dscps.clear();
    for (const auto& name : names) m_dscps[name.text] = dscp();
    return names;
  }

  core::Ipv4Prefix any_prefix() {
    const auto length = static_cast<std::uint8_t>(below(33));
    const std::uint32_t mask = length == 0 ? 0 : ~std::uint32_t{0} << (32 - length);
    return {static_cast<std::uint32_t>(m_random()) & mask, length};
  }

  std::vector<core::FlowMatch> flows() {
    std::set<core::FlowMatch> all;
    for (std::size_t n = below(4); n > 0; --n) {
      all.insert({below(2) == 0 ? core::Transport::tcp : core::Transport::udp, any_prefix(),
                  any_prefix(), static_cast<std::uint16_t>(1 + below(65535))});
    }
    return {all.begin(), all.end()};
  }

  core::WanQos wan(const LinkConfig& link, const std::set<core::ClassName>& classes) {
    core::WanQos made{
        link.name, link.interface, core::Bps{8000 + static_cast<int>(below(1 << 30))}, {}, 100};
    std::vector<core::QueueShare> rest;
    for (const auto& name : classes) {
      const auto percent = static_cast<std::uint32_t>(1 + below(25));
      if (below(3) == 0) {
        made.queues.push_back({name, {}, core::QueueKind::priority, percent, limit(), burst()});
      } else if (made.default_percent >= percent) {
        rest.push_back({name, {}, core::QueueKind::remaining, percent, limit()});
        made.default_percent -= percent;
      }
    }
    made.queues.insert(made.queues.end(), rest.begin(), rest.end());
    return made;
  }

  std::mt19937 m_random;
  std::map<std::string, core::Dscp> m_dscps;
};

}  // namespace wanwise::iosxe::samples
