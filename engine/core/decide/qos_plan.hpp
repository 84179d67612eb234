// What wanwise wants on a router: marks for every flow that may leave the site, and for each WAN
// link the queues with their shares and the shaper. Pure functions; any thread.
#pragma once

#include <vector>

#include "engine/core/decide/situation.hpp"
#include "engine/core/model.hpp"
#include "engine/core/qos.hpp"

namespace wanwise::core {

/// What crosses one WAN link under the chosen placement.
struct LinkDemand {
  Bps shaper;
  std::vector<Bps> load;  ///< by class, as in Policy::classes
};

/// Shares are written in these steps: a router is not rewritten for less.
inline constexpr std::uint32_t kShareStep = 5;
/// What class-default keeps at least, for traffic that is not ours.
inline constexpr std::uint32_t kDefaultShare = 5;

/// The desired configuration of Site::routers[router]; `links` has one member per Site::links.
///
/// Marking does not depend on the placement, so that marks stand before a move. A class that no
/// workload with a source on this router can send off the site gets no mark here; and no queue
/// either, unless trunks may bring it from another router.
///
/// Share of a class on a link = its guarantee, plus a part of what the guarantees and class-default
/// leave, in proportion to its load, rounded down to kShareStep; class-default gets the rest.
/// Guarantees that together leave less than kDefaultShare are cut in proportion. Shares of
/// `in_force` (this router's present configuration, or null) stay while each is within one step of
/// the unrounded share and holds its guarantee.
///
/// The queue of a class holds the requests that its workloads may have under way within their
/// objectives, and the policer of a priority class lets one request of each source and workload
/// pass at once: a router's defaults are made for voice and not for pictures. Both depend on the
/// policy and on what the link promises, never on a measurement.
[[nodiscard]] RouterQos plan_qos(const Model& model, Index router,
                                 const std::vector<LinkDemand>& links, const RouterQos* in_force);

}  // namespace wanwise::core
