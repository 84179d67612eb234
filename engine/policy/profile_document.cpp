#include "engine/policy/profile_document.hpp"

namespace wanwise::policy {
namespace {

using Kind = ValueKind;

const Shape& power_mode_shape() {
  static const Shape shape{"a power mode",
                           {{"name", Kind::text, true},
                            {"slowdown", Kind::quantity, true, Unit::factor},
                            {"source", Kind::text}}};
  return shape;
}

const Shape& model_shape() {
  static const Shape shape{"a model",
                           {{"name", Kind::text, true},
                            {"mean", Kind::quantity, true, Unit::duration},
                            {"p99", Kind::quantity, true, Unit::duration},
                            {"source", Kind::text, true}}};
  return shape;
}

}  // namespace

const Shape& profile_shape() {
  static const Shape shape{"a profile",
                           {{"wanwise", Kind::text, true},
                            {"device", Kind::text, true},
                            {"source", Kind::text, true},
                            {"servers", Kind::integer},
                            {"cold-start", Kind::quantity, false, Unit::factor},
                            {"power-modes", Kind::groups, true, {}, {}, &power_mode_shape()},
                            {"models", Kind::groups, true, {}, {}, &model_shape()}}};
  return shape;
}

void check_profile(Document& document, Report& report) {
  Findings findings(document.file, report);
  refuse_duplicate_names(document.root.items_of("power-modes"), "power mode", findings);
  refuse_duplicate_names(document.root.items_of("models"), "model", findings);
}

core::DeviceProfile make_profile(const Value& root) {
  core::DeviceProfile profile;
  profile.name = core::DeviceName{root.text_of("device")};
  for (const Value& mode : root.items_of("power-modes")) {
    profile.power_modes.push_back(
        {core::PowerModeName{mode.text_of("name")}, core::Ppm{mode.number_of("slowdown")}});
  }
  for (const Value& model : root.items_of("models")) {
    profile.models[core::ModelName{model.text_of("name")}] = {core::Micros{model.number_of("mean")},
                                                              core::Micros{model.number_of("p99")}};
  }
  profile.cold_start = core::Ppm{root.number_of("cold-start", core::kWhole.count)};
  profile.servers = static_cast<std::int32_t>(root.number_of("servers", 1));
  return profile;
}

}  // namespace wanwise::policy
