// A router's QoS as JSON, both ways.
#pragma once

#include <boost/json/object.hpp>

#include "engine/core/qos.hpp"
#include "tests/support/json_line.hpp"

namespace wanwise::testing {

boost::json::object qos_to_json(const core::RouterQos& qos);
/// What is wrong is noted in `errors`.
core::RouterQos qos_from_json(const boost::json::object& object, JsonLine& errors);

}  // namespace wanwise::testing
