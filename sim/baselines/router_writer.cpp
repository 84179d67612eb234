#include "sim/baselines/router_writer.hpp"

#include <utility>

#include "engine/core/observe/freshness.hpp"

namespace wanwise::sim {
namespace {

/// As long as wanwise's own writes may take.
constexpr core::Micros kWriteDeadline = core::seconds(20);

}  // namespace

RouterWriter::RouterWriter(const core::Model& model) : m_model(model) {
  for (const core::Router& router : model.site.routers) m_routers.emplace_back(router.name);
}

void RouterWriter::observe(const core::EventBody& body, core::Instant now) {
  if (const auto* session = std::get_if<core::RouterSession>(&body)) {
    const core::Index r = core::index_of(m_model.site.routers, session->router);
    if (r != core::kNone) core::at(m_routers, r).observe(*session);
  } else if (const auto* found = std::get_if<core::RouterQosObserved>(&body)) {
    const core::Index r = core::index_of(m_model.site.routers, found->router);
    if (r != core::kNone) core::at(m_routers, r).observe(*found);
  } else if (const auto* done = std::get_if<core::ActionDone>(&body)) {
    for (core::RouterState& router : m_routers) router.finished(*done, now);
  }
}

void RouterWriter::want(core::Index router, core::RouterQos qos) {
  core::at(m_routers, router).want(std::move(qos));
}

void RouterWriter::act(core::Instant now, core::ActionId& next_id, std::vector<core::Action>& out) {
  for (core::RouterState& router : m_routers) {
    if (!router.should_write(now)) continue;
    out.push_back(
        {next_id, now + kWriteDeadline, "QoS as configured", core::ApplyQos{router.wanted()}});
    router.submitted(next_id++);
  }
}

const core::RouterQos* RouterWriter::in_force(core::Index router) const {
  return core::at(m_routers, router).in_force();
}

std::optional<core::Instant> RouterWriter::next_retry(core::Instant now) const {
  std::optional<core::Instant> next;
  for (const core::RouterState& router : m_routers) {
    next = core::earlier(next, router.next_retry(now));
  }
  return next;
}

}  // namespace wanwise::sim
