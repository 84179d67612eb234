// Words of a recording's line: splitting, numbers, time stamps. Pure; the views point into the
// line; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/core/event.hpp"

namespace wanwise::sim {

using Fields = std::vector<std::string_view>;

/// Columns of one line that are looked at; more are an error of the caller's.
inline constexpr std::size_t kMaxFields = 512;

/// `separator` ' ' stands for any run of blanks and tabs. A field in double quotes may contain the
/// separator; the quotes are taken off.
[[nodiscard]] Fields split_fields(std::string_view line, char separator);

/// The separator a header or first line uses: the most frequent of comma, semicolon and tab, blank
/// when it has none.
[[nodiscard]] char guess_separator(std::string_view line);

[[nodiscard]] std::string_view trimmed(std::string_view text);

/// The whole token as a finite number.
[[nodiscard]] std::optional<double> to_number(std::string_view token);
[[nodiscard]] std::optional<std::int64_t> to_integer(std::string_view token, int base = 10);

/// "2020-01-16T09:56:56.250Z", also with a blank instead of T, and with an offset as "+01:00";
/// seconds since 1970. Without an offset it is taken as UTC.
[[nodiscard]] std::optional<double> iso_seconds(std::string_view token);
/// UCC's "2019.12.16_07.22.43", local time taken as UTC: only differences are used.
[[nodiscard]] std::optional<double> ucc_seconds(std::string_view token);

/// What data sets call a radio access technology; nothing for an unknown word.
[[nodiscard]] std::optional<core::RadioAccess> to_access(std::string_view name);

}  // namespace wanwise::sim
