#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>
#include <utility>

#include "tests/conformance/iosxe/comparison.hpp"

namespace wanwise::iosxe::conformance {
namespace {

using Differences = std::vector<Difference>;

bool is_unsigned(LY_DATA_TYPE base) {
  return base == LY_TYPE_UINT8 || base == LY_TYPE_UINT16 || base == LY_TYPE_UINT32 ||
         base == LY_TYPE_UINT64;
}

bool is_integer(LY_DATA_TYPE base) {
  return is_unsigned(base) || base == LY_TYPE_INT8 || base == LY_TYPE_INT16 ||
         base == LY_TYPE_INT32 || base == LY_TYPE_INT64;
}

/// Whole numbers of either sign in one order: the sign, then the bits.
using Number = std::pair<bool, std::uint64_t>;
struct Interval {
  Number low, high;
};

Number signed_number(std::int64_t value) {
  return {value >= 0, static_cast<std::uint64_t>(value)};
}

template <class Integer>
std::vector<Interval> whole() {
  const auto low = static_cast<std::int64_t>(std::numeric_limits<Integer>::min());
  return {{signed_number(low), {true, std::uint64_t{std::numeric_limits<Integer>::max()}}}};
}

/// What the base type holds without any range or length.
std::vector<Interval> whole_of(LY_DATA_TYPE base) {
  if (base == LY_TYPE_INT8) return whole<std::int8_t>();
  if (base == LY_TYPE_INT16) return whole<std::int16_t>();
  if (base == LY_TYPE_INT32) return whole<std::int32_t>();
  if (base == LY_TYPE_UINT8) return whole<std::uint8_t>();
  if (base == LY_TYPE_UINT16) return whole<std::uint16_t>();
  if (base == LY_TYPE_UINT32) return whole<std::uint32_t>();
  if (base == LY_TYPE_UINT64 || base == LY_TYPE_STRING) return whole<std::uint64_t>();
  return whole<std::int64_t>();
}

const lysc_range* range_of(const lysc_type* type) {
  if (is_integer(type->basetype)) return reinterpret_cast<const lysc_type_num*>(type)->range;
  if (type->basetype == LY_TYPE_DEC64) return reinterpret_cast<const lysc_type_dec*>(type)->range;
  if (type->basetype == LY_TYPE_STRING) return reinterpret_cast<const lysc_type_str*>(type)->length;
  return nullptr;
}

/// The allowed values, or lengths.
std::vector<Interval> intervals(const lysc_type* type) {
  const lysc_range* range = range_of(type);
  if (range == nullptr) return whole_of(type->basetype);
  const bool positive = is_unsigned(type->basetype) || type->basetype == LY_TYPE_STRING;
  std::vector<Interval> all;
  LY_ARRAY_COUNT_TYPE i = 0;
  LY_ARRAY_FOR(range->parts, i) {
    const auto& part = range->parts[i];
    if (positive) {
      all.push_back({{true, part.min_u64}, {true, part.max_u64}});
    } else {
      all.push_back({signed_number(part.min_64), signed_number(part.max_64)});
    }
  }
  return all;
}

bool within(const std::vector<Interval>& inner, const std::vector<Interval>& outer) {
  return std::all_of(inner.begin(), inner.end(), [&](const Interval& part) {
    return std::any_of(outer.begin(), outer.end(), [&](const Interval& whole) {
      return whole.low <= part.low && part.high <= whole.high;
    });
  });
}

std::string text_of(const std::vector<Interval>& parts) {
  std::string text;
  for (const auto& [low, high] : parts) {
    const auto one = [](const Number& number) {
      return number.first ? std::to_string(number.second)
                          : std::to_string(static_cast<std::int64_t>(number.second));
    };
    text += (text.empty() ? "" : " | ") + one(low) + ".." + one(high);
  }
  return text;
}

void compare_ranges(const lysc_type* ours, const lysc_type* real, const std::string& where,
                    bool written, Differences& out) {
  const auto mine = intervals(ours);
  const auto theirs = intervals(real);
  const bool fits = written ? within(mine, theirs) : within(theirs, mine);
  if (!fits)
    out.push_back({where, "range", text_of(mine) + " here, " + text_of(theirs) + " there"});
}

/// By name only: values never travel, and they move from release to release.
void compare_enums(const lysc_type* ours, const lysc_type* real, const std::string& where,
                   Differences& out) {
  std::set<std::string> known;
  LY_ARRAY_COUNT_TYPE i = 0;
  const auto* theirs = reinterpret_cast<const lysc_type_enum*>(real)->enums;
  const auto* mine = reinterpret_cast<const lysc_type_enum*>(ours)->enums;
  LY_ARRAY_FOR(theirs, i) known.emplace(theirs[i].name);
  LY_ARRAY_FOR(mine, i) {
    if (!known.contains(mine[i].name)) out.push_back({where, "enum", mine[i].name});
  }
}

/// Each member of ours must be a member there; both may be unions of many.
void compare_unions(const lysc_type* ours, const lysc_type* real, const std::string& where,
                    bool written, Differences& out) {
  const auto* mine = reinterpret_cast<const lysc_type_union*>(ours)->types;
  const auto* theirs = reinterpret_cast<const lysc_type_union*>(real)->types;
  LY_ARRAY_COUNT_TYPE i = 0;
  LY_ARRAY_FOR(mine, i) {
    Differences nearest{{where, "member of the union", "no member of its base type"}};
    LY_ARRAY_COUNT_TYPE j = 0;
    LY_ARRAY_FOR(theirs, j) {
      if (theirs[j]->basetype != mine[i]->basetype) continue;
      Differences found = compare_types(mine[i], theirs[j], where, written);
      if (found.empty() || nearest.front().what == "member of the union") nearest = found;
      if (nearest.empty()) break;
    }
    out.insert(out.end(), nearest.begin(), nearest.end());
  }
}

const lysc_type* resolved(const lysc_type* type) {
  while (type->basetype == LY_TYPE_LEAFREF)
    type = reinterpret_cast<const lysc_type_leafref*>(type)->realtype;
  return type;
}

}  // namespace

std::vector<Difference> compare_types(const lysc_type* ours, const lysc_type* real,
                                      const std::string& where, bool written) {
  if ((ours->basetype == LY_TYPE_LEAFREF) != (real->basetype == LY_TYPE_LEAFREF))
    return {{where, "leafref", ours->basetype == LY_TYPE_LEAFREF ? "here" : "there"}};
  ours = resolved(ours);
  real = resolved(real);
  if (ours->basetype != real->basetype)
    return {
        {where, "base type",
         std::to_string(ours->basetype) + " here, " + std::to_string(real->basetype) + " there"}};
  Differences out;
  if (ours->basetype == LY_TYPE_ENUM) compare_enums(ours, real, where, out);
  if (ours->basetype == LY_TYPE_UNION) compare_unions(ours, real, where, written, out);
  if (ours->basetype == LY_TYPE_DEC64 &&
      reinterpret_cast<const lysc_type_dec*>(ours)->fraction_digits !=
          reinterpret_cast<const lysc_type_dec*>(real)->fraction_digits)
    out.push_back({where, "fraction-digits", ""});
  compare_ranges(ours, real, where, written, out);
  return out;
}

}  // namespace wanwise::iosxe::conformance
