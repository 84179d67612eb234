// Parts that several kinds of objects have in common. Pure; any thread.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "adapters/kubernetes/api/json_read.hpp"
#include "adapters/kubernetes/api/objects.hpp"

namespace wanwise::kubernetes {

[[nodiscard]] std::string text_at(const boost::json::value& from, JsonPath path);
[[nodiscard]] Labels labels_at(const boost::json::value& from, JsonPath path);
/// matchExpressions of a selector.
[[nodiscard]] std::vector<Requirement> requirements_at(const boost::json::value& from,
                                                       JsonPath path);
/// An absolute number or a share of the replicas; `otherwise` where it is neither.
[[nodiscard]] std::int32_t int_or_percent(const boost::json::value* value, std::int32_t replicas,
                                          bool round_up, std::int32_t otherwise);

}  // namespace wanwise::kubernetes
