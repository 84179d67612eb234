#include "engine/core/spot.hpp"

namespace wanwise::core {
namespace {

Index known_or_elsewhere(const Model& model, const TargetName& name) {
  const Index target = target_index(model, name);
  return target == kNone ? kElsewhere : target;
}

}  // namespace

Spot spot_of(const Model& model, const Place& place) {
  Spot spot;
  if (place.target) spot.target = known_or_elsewhere(model, *place.target);
  spot.rung = place.rung;
  if (place.split) {
    spot.split_target = known_or_elsewhere(model, place.split->target);
    spot.split_share = static_cast<std::int32_t>(place.split->share.count);
  }
  return spot;
}

Place place_of(const Model& model, const Spot& spot) {
  Place place;
  if (spot.target >= 0) place.target = target_name(model, spot.target);
  place.rung = spot.rung;
  if (spot.split_target >= 0) {
    place.split = Split{target_name(model, spot.split_target), Ppm{spot.split_share}};
  }
  return place;
}

}  // namespace wanwise::core
