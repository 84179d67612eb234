// Numbers with the units people write ("100ms", "45KB", "20 Mbps", "4 USD/GB") to the core's
// integers and back. Exact decimal arithmetic; every overflow is an error. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/expected.hpp"
#include "engine/core/model.hpp"

namespace wanwise::policy {

/// What is measured; decides the units that may be written and the core unit it becomes.
enum class Unit : std::uint8_t {
  duration,      ///< core: microseconds
  rate,          ///< core: bits per second; kbps = 1000 bps
  size,          ///< core: bytes; KB = 1000 B, KiB = 1024 B
  share,         ///< core: parts per million; written in %
  percent,       ///< whole percent
  request_rate,  ///< core: requests per 1000 s
  usd_per_gb,    ///< core: 1e-9 USD per 10^9 bytes
  usd_per_hour,  ///< core: 1e-9 USD per hour
  factor,        ///< core: parts per million; written as 1.53x
};

/// Why a text is no quantity. `allowed` lists what would be.
struct UnitError {
  std::string message;
  std::string allowed;
};

/// Number, optional single space, unit. Exact: what falls between two core units is refused, but
/// for `/min` and `/h`, which are rounded to the nearest request per 1000 s.
[[nodiscard]] core::Expected<std::int64_t, UnitError> parse_quantity(Unit unit,
                                                                     std::string_view text);

/// A size a period, such as "20GB/month": units of size, then /day, /week or /month (30 days).
[[nodiscard]] core::Expected<core::DataCap, UnitError> parse_data_cap(std::string_view text);

/// Shortest exact way to write it: format_quantity(duration, 1'500'000) is "1500ms".
std::string format_quantity(Unit unit, std::int64_t count);

/// "a duration", for "wants a duration".
std::string_view describe(Unit unit);
/// "100ms; units: us, ms, s, min, h".
std::string allowed_units(Unit unit);

}  // namespace wanwise::policy
