// Text into HTML and numbers into text, the same on every machine and in every locale. Pure; any
// thread.
#pragma once

#include <string>
#include <string_view>

namespace wanwise::sim {

/// Safe as an element's text and inside a quoted attribute; control characters become U+FFFD.
[[nodiscard]] std::string html_escape(std::string_view text);

/// JSON that may stand inside <script>: no "<" is left that could end it.
[[nodiscard]] std::string json_in_script(std::string_view json);

/// For people: three significant digits, at least; no exponent below 1e15. Minus is U+2212.
[[nodiscard]] std::string number_text(double value);
/// With its sign: "+1.20", "−0.30", "0".
[[nodiscard]] std::string signed_text(double value);

}  // namespace wanwise::sim
