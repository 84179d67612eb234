#include "tests/support/busy_site.hpp"

#include <deque>
#include <utility>

#include "tests/support/model_builder.hpp"

namespace wanwise::test {
namespace {

core::Link wired_link() {
  core::Link wired = lte_link();
  wired.name = core::LinkName{"wired"};
  wired.interface = "GigabitEthernet0/0/0";
  wired.kind = core::LinkKind::wired;
  wired.metric = 5;
  return wired;
}

}  // namespace

core::Model busy_site(const BusySite& spec) {
  ModelBuilder builder;
  builder.link(wired_link());
  core::Node node = builder.build().site.nodes.front();
  node.name = core::TargetName{"tx2-b"};
  builder.node(node);
  core::Cloud cloud = builder.build().site.clouds.front();
  cloud.name = core::TargetName{"cloud-b"};
  builder.cloud(cloud);
  for (int i = 0; i < spec.workloads; ++i) {
    builder.workload({.name = "workload-" + std::to_string(i),
                      .priority = static_cast<core::Priority>(i % 4),
                      .model = i % 3 == 0 ? "detector" : "classifier",
                      .rate_per_s = spec.rate_per_s * (1 + i % 3),
                      .targets = {"tx2", "tx2-b", "cloud", "cloud-b"},
                      .degraded_rates = {1}});
  }
  core::Model model = builder.build();
  model.site.name = core::SiteName{spec.name};
  return model;
}

void settle(const core::Model& model, core::Instant now,
            const std::function<core::Step(core::EventBody)>& apply) {
  std::deque<core::ActionId> open;
  const auto tell = [&](core::EventBody body) {
    for (const core::Action& action : apply(std::move(body)).actions) open.push_back(action.id);
    while (!open.empty()) {
      const core::ActionId id = open.front();
      open.pop_front();
      const core::Step more = apply(core::ActionDone{id, core::Outcome::done, {}, {}});
      for (const core::Action& action : more.actions) open.push_back(action.id);
    }
  };
  for (const core::Router& router : model.site.routers) {
    tell(core::RouterSession{router.name, core::SessionState::connected, {}, {}});
    tell(core::RouterQosObserved{router.name, now, {}, {}});
  }
  for (const core::Workload& w : model.policy.workloads) {
    tell(core::PlacementObserved{w.name, now, {}, 0, false});
  }
  for (const core::Node& node : model.site.nodes) {
    core::TargetSample sample;
    sample.target = node.name;
    sample.observed_at = now;
    sample.reachable = true;
    tell(sample);
  }
  for (const core::Link& link : model.site.links) {
    tell(core::LinkCounters{link.name, now, true, 0, 0, 0});
  }
}

}  // namespace wanwise::test
