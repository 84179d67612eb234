// Reading JSON of which any part may be missing: a part that is not there, or is of another type,
// reads as empty. Pure; any thread; what is returned lives as long as the value read.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace wanwise::kubernetes {

using JsonPath = std::initializer_list<std::string_view>;

/// Null when a step is missing.
[[nodiscard]] const boost::json::value* find_at(const boost::json::value& from, JsonPath path);
[[nodiscard]] std::string_view string_at(const boost::json::value& from, JsonPath path);
[[nodiscard]] const boost::json::array& array_at(const boost::json::value& from, JsonPath path);
[[nodiscard]] const boost::json::object& object_at(const boost::json::value& from, JsonPath path);
[[nodiscard]] std::optional<std::int64_t> integer_at(const boost::json::value& from, JsonPath path);
[[nodiscard]] bool true_at(const boost::json::value& from, JsonPath path);

}  // namespace wanwise::kubernetes
