// Does an access-list entry cover a flow? Pure.
#pragma once

#include "engine/core/qos.hpp"

namespace wanwise::sim {

[[nodiscard]] inline bool contains(core::Ipv4Prefix outer, core::Ipv4Prefix inner) {
  if (outer.length > inner.length) return false;
  const std::uint32_t mask = outer.length == 0 ? 0 : ~std::uint32_t{0} << (32 - outer.length);
  return (inner.address & mask) == outer.address;
}

[[nodiscard]] inline bool covers(const core::FlowMatch& rule, const core::FlowMatch& flow) {
  return rule.transport == flow.transport && rule.port == flow.port &&
         contains(rule.source, flow.source) && contains(rule.destination, flow.destination);
}

}  // namespace wanwise::sim
