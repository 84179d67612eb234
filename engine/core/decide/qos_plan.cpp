#include "engine/core/decide/qos_plan.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <numeric>
#include <set>

#include "engine/core/check.hpp"
#include "engine/core/decide/latency/queue_view.hpp"
#include "engine/core/decide/probe_plan.hpp"

namespace wanwise::core {
namespace {

constexpr std::int64_t kAll = 100;

template <class Things, class NameType>
const auto* find(const Things& things, const NameType& name) {
  const auto found = std::find_if(things.begin(), things.end(),
                                  [&name](const auto& thing) { return thing.name == name; });
  return found == things.end() ? nullptr : &*found;
}

/// Every flow of the workload from sources on this router to a cloud it may use.
std::vector<FlowMatch> flows_of(const Model& model, const RouterName& router,
                                const Workload& workload) {
  std::vector<FlowMatch> flows;
  if (workload.residency == Residency::site) {
    return flows;
  }
  for (const SourceName& name : workload.sources) {
    const Source* source = find(model.site.sources, name);
    WANWISE_CHECK(source != nullptr);
    if (source->router != router) {
      continue;
    }
    for (const TargetName& target : workload.targets) {
      if (const Cloud* cloud = find(model.site.clouds, target)) {
        flows.push_back({workload.transport, source->prefix, cloud->address, workload.port});
      }
    }
  }
  return flows;
}

std::vector<MarkingRule> marking(const Model& model, const RouterName& router) {
  std::vector<MarkingRule> rules;
  for (const ServiceClass& service_class : model.policy.classes) {
    std::set<FlowMatch> flows;
    for (const Workload& workload : model.policy.workloads) {
      if (workload.service_class == service_class.name) {
        const std::vector<FlowMatch> found = flows_of(model, router, workload);
        flows.insert(found.begin(), found.end());
      }
    }
    if (!flows.empty()) {
      rules.push_back({service_class.name, service_class.dscp, {flows.begin(), flows.end()}});
    }
  }
  std::sort(rules.begin(), rules.end(), [](const MarkingRule& a, const MarkingRule& b) {
    return a.service_class < b.service_class;
  });
  return rules;
}

/// Routers whose sources may leave by this one's links: itself, and whom trunks lead to.
std::set<RouterName> joined(const Site& site, const RouterName& router) {
  std::set<RouterName> found{router};
  for (std::size_t before = 0; before != found.size();) {
    before = found.size();
    for (const Trunk& trunk : site.trunks) {
      if (found.count(trunk.a) + found.count(trunk.b) == 1) found.insert({trunk.a, trunk.b});
    }
  }
  return found;
}

/// The classes that may cross this router's links, by name, whichever router marked them.
std::vector<MarkingRule> crossing(const Model& model, const RouterQos& qos) {
  if (model.site.trunks.empty()) return qos.marking;
  std::map<ClassName, MarkingRule> rules;
  for (const RouterName& router : joined(model.site, qos.router)) {
    for (MarkingRule& rule : marking(model, router)) rules.emplace(rule.service_class, rule);
  }
  std::vector<MarkingRule> sorted;
  for (auto& [name, rule] : rules) sorted.push_back(std::move(rule));
  return sorted;
}

// IOS XE's defaults (its QoS configuration guides): what may wait in a class and in a priority
// class, and how long a priority class' policer lets its cap be exceeded.
constexpr std::int64_t kDefaultLimit = 64;
constexpr std::int64_t kDefaultPriorityLimit = 512;
constexpr std::int64_t kDefaultBurstPerSecond = 5;  // 1 s / 200 ms
// `priority percent` takes 32..2000000 bytes; the same bounds a queue, 2 s of 5 Mb/s.
constexpr std::int64_t kMostBurst = 2'000'000;
constexpr std::int64_t kMostLimit = kMostBurst / kMtuBytes;
// Pictures of one camera differ by a tenth and more; a request is its declared size within 1/4.
constexpr std::int64_t kSizeShare = 4;
// The limits are written in these steps, so that a policy's small change rewrites nothing.
constexpr std::int64_t kLimitStep = 16;
constexpr std::int64_t kBurstStep = 10'000;

std::int64_t rounded_up(std::int64_t value, std::int64_t step) {
  return (value + step - 1) / step * step;
}

/// What a class' workloads may have under way to the clouds together.
struct Burst {
  std::int64_t bytes = 0;    ///< one request of each source and workload
  std::int64_t packets = 0;  ///< as many as come within the objective, at least one a source
};

/// Little's law: of requests that come at `rate` and may take `objective`, rate x objective are
/// under way. What would wait behind them misses its objective anyhow.
Burst burst_of(const Model& model, const std::set<RouterName>& routers, const Workload& workload) {
  std::int64_t sources = 0;
  for (const SourceName& name : workload.sources) {
    const Source* source = find(model.site.sources, name);
    WANWISE_CHECK(source != nullptr);
    sources += routers.contains(source->router) ? 1 : 0;
  }
  const std::int64_t wire = wire_bytes(workload.request);
  const std::int64_t bytes = std::min(wire + wire / kSizeShare, kMostBurst);
  // mHz x us is 1e-9; both are bounded by the policy, the quotients again so that nothing
  // overflows.
  const std::int64_t mhz = std::clamp<std::int64_t>(workload.rate.count, 0, 100'000'000);
  const std::int64_t ms =
      std::clamp<std::int64_t>(workload.objective.latency.count / 1'000, 0, 10'000);
  const std::int64_t waiting = std::min((mhz * ms + 999'999) / 1'000'000, kMostLimit);
  const std::int64_t packets = (bytes + kMtuBytes - 1) / kMtuBytes;
  return {bytes * sources, packets * std::max(sources, waiting)};
}

/// What has a queue of its own holds the class' requests; what is priority lets them pass. Depends
/// on the policy and the site alone, never on a measurement: a router is not rewritten for it.
void make_room(const Model& model, const std::set<RouterName>& routers, const Link& link,
               QueueShare& queue) {
  Burst all;
  for (const Workload& workload : model.policy.workloads) {
    if (workload.service_class != queue.service_class) continue;
    const bool leaves = std::any_of(routers.begin(), routers.end(), [&](const RouterName& router) {
      return !flows_of(model, router, workload).empty();
    });
    if (!leaves) continue;
    const Burst burst = burst_of(model, routers, workload);
    all.bytes = std::min(all.bytes + burst.bytes, kMostBurst);
    all.packets = std::min(all.packets + burst.packets, kMostLimit);
  }
  const bool priority = queue.kind == QueueKind::priority;
  const std::int64_t limit = rounded_up(all.packets, kLimitStep);
  if (limit > (priority ? kDefaultPriorityLimit : kDefaultLimit))
    queue.queue_limit = static_cast<std::uint32_t>(limit);
  if (!priority) return;
  // No less than the default at the promised rate: a shaper that went down takes the default along.
  const std::int64_t usual = link.uplink.count / 8 * queue.percent / 100 / kDefaultBurstPerSecond;
  const std::int64_t burst = rounded_up(std::max(all.bytes, usual), kBurstStep);
  queue.burst = Bytes{std::min(burst, kMostBurst)};
}

/// Guarantees of the remaining classes, cut to what class-default leaves.
std::vector<std::int64_t> guarantees(const std::vector<const ServiceClass*>& remaining) {
  std::int64_t sum = 0;
  for (const ServiceClass* service_class : remaining) {
    sum += service_class->percent;
  }
  const std::int64_t most = kAll - kDefaultShare;
  std::vector<std::int64_t> shares;
  for (const ServiceClass* service_class : remaining) {
    const std::int64_t wanted = service_class->percent;
    shares.push_back(std::max<std::int64_t>(1, sum > most ? wanted * most / sum : wanted));
  }
  // A share is at least 1, so many small classes can still stand too high together.
  while (std::accumulate(shares.begin(), shares.end(), std::int64_t{0}) > most) {
    --*std::max_element(shares.begin(), shares.end());
  }
  return shares;
}

struct Shares {
  std::vector<std::int64_t> rounded;
  std::vector<std::int64_t> exact_milli;  ///< before rounding, in 1/1000 percent
};

Shares shares_of(const std::vector<std::int64_t>& guaranteed,
                 const std::vector<std::int64_t>& load) {
  std::int64_t spare = kAll - kDefaultShare;
  std::int64_t total = 0;
  for (std::size_t i = 0; i < guaranteed.size(); ++i) {
    spare -= guaranteed[i];
    total += load[i];
  }
  spare = std::max<std::int64_t>(0, spare);
  Shares shares;
  for (std::size_t i = 0; i < guaranteed.size(); ++i) {
    // Loads are bits per second: below 1e13, so the product stays below 2^63.
    const std::int64_t extra = total == 0 ? 0 : spare * 1'000 * load[i] / total;
    shares.exact_milli.push_back(guaranteed[i] * 1'000 + extra);
    shares.rounded.push_back(guaranteed[i] + extra / 1'000 / kShareStep * kShareStep);
  }
  return shares;
}

/// What the remaining classes leave to class-default.
std::int64_t rest_of(const std::vector<QueueShare>& queues) {
  std::int64_t rest = kAll;
  for (const QueueShare& queue : queues) {
    rest -= queue.kind == QueueKind::remaining ? std::int64_t{queue.percent} : 0;
  }
  return rest;
}

/// The queues of `before` still fit: the same classes, each guarantee held, no share off by a step.
bool still_fits(const WanQos& before, const std::vector<QueueShare>& wanted,
                const std::vector<std::int64_t>& guaranteed, const Shares& shares) {
  if (before.queues.size() != wanted.size() || rest_of(before.queues) < kDefaultShare) {
    return false;
  }
  std::size_t remaining = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const QueueShare& old = before.queues[i];
    QueueShare same = wanted[i];
    if (same.kind == QueueKind::remaining) {
      const auto percent = static_cast<std::int64_t>(old.percent);
      const std::int64_t off = percent * 1'000 - shares.exact_milli[remaining];
      if (percent < guaranteed[remaining] || std::abs(off) > std::int64_t{kShareStep} * 1'000) {
        return false;
      }
      same.percent = old.percent;
      ++remaining;
    }
    if (old != same) {
      return false;
    }
  }
  return true;
}

class LinkPlan {
 public:
  LinkPlan(const Model& model, const RouterName& router, const std::vector<MarkingRule>& rules)
      : m_model(model), m_routers(joined(model.site, router)), m_policy(model.policy) {
    for (const MarkingRule& rule : rules) {  // by name, as the queues are to be
      const ServiceClass* service_class = find(m_policy.classes, rule.service_class);
      (service_class->queue == QueueKind::priority ? m_priority : m_remaining)
          .push_back(service_class);
    }
    m_guaranteed = guarantees(m_remaining);
  }

  [[nodiscard]] WanQos plan(const Link& link, const LinkDemand& demand,
                            const WanQos* before) const {
    const Shares shares = shares_of(m_guaranteed, loads(demand));
    WanQos wan{link.name, link.interface, demand.shaper, {}, 0};
    for (const ServiceClass* service_class : m_priority) {
      wan.queues.push_back(
          {service_class->name, service_class->dscp, QueueKind::priority, service_class->percent});
    }
    for (std::size_t i = 0; i < m_remaining.size(); ++i) {
      wan.queues.push_back({m_remaining[i]->name, m_remaining[i]->dscp, QueueKind::remaining,
                            static_cast<std::uint32_t>(shares.rounded[i])});
    }
    for (QueueShare& queue : wan.queues) make_room(m_model, m_routers, link, queue);
    if (before != nullptr && still_fits(*before, wan.queues, m_guaranteed, shares)) {
      wan.queues = before->queues;
    }
    wan.default_percent = static_cast<std::uint32_t>(rest_of(wan.queues));
    return wan;
  }

 private:
  [[nodiscard]] std::vector<std::int64_t> loads(const LinkDemand& demand) const {
    std::vector<std::int64_t> loads;
    for (const ServiceClass* service_class : m_remaining) {
      const auto k = static_cast<std::size_t>(service_class - m_policy.classes.data());
      WANWISE_CHECK(k < demand.load.size());
      loads.push_back(std::max<std::int64_t>(0, demand.load[k].count));
    }
    return loads;
  }

  const Model& m_model;
  std::set<RouterName> m_routers;  ///< whose sources may leave by the links
  const Policy& m_policy;
  std::vector<const ServiceClass*> m_priority;
  std::vector<const ServiceClass*> m_remaining;
  std::vector<std::int64_t> m_guaranteed;
};

}  // namespace

RouterQos plan_qos(const Model& model, Index router, const std::vector<LinkDemand>& links,
                   const RouterQos* in_force) {
  const Site& site = model.site;
  WANWISE_CHECK(router >= 0 && static_cast<std::size_t>(router) < site.routers.size());
  WANWISE_CHECK(links.size() == site.links.size());
  const Router& box = site.routers[static_cast<std::size_t>(router)];
  RouterQos qos{box.name, box.lan_interface, marking(model, box.name), {}};
  const LinkPlan plan(model, box.name, crossing(model, qos));
  for (std::size_t l = 0; l < links.size(); ++l) {
    const Link& link = site.links[l];
    if (link.router != box.name) {
      continue;
    }
    const WanQos* before = nullptr;
    if (in_force != nullptr) {
      const auto& wans = in_force->wans;
      const auto found = std::find_if(wans.begin(), wans.end(),
                                      [&link](const WanQos& wan) { return wan.link == link.name; });
      before = found == wans.end() ? nullptr : &*found;
    }
    qos.wans.push_back(plan.plan(link, links[l], before));
    qos.wans.back().load_interval = box.load_interval;
  }
  std::sort(qos.wans.begin(), qos.wans.end(),
            [](const WanQos& a, const WanQos& b) { return a.link < b.link; });
  qos.probes = plan_probes(model, box);
  return qos;
}

}  // namespace wanwise::core
