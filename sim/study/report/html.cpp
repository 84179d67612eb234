#include "sim/study/report/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace wanwise::sim {
namespace {

constexpr std::string_view kMinus = "\u2212";

/// Three significant digits and no more decimals than they need; integers from 100 up.
std::string magnitude_text(double value) {
  if (value == 0) return "0";
  if (value >= 1e15) return fmt::format("{:.2e}", value);
  const int exponent = static_cast<int>(std::floor(std::log10(value)));
  // Nine decimals: below, a difference is no longer told from none.
  const int decimals = std::clamp(2 - exponent, 0, 9);
  return fmt::format("{:.{}f}", value, decimals);
}

bool is_zero(const std::string& text) {
  return text.find_first_not_of("0.") == std::string::npos;
}

}  // namespace

std::string html_escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\'') {
      out += "&#39;";
    } else if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') {
      out += "\uFFFD";
    } else {
      out += c;
    }
  }
  return out;
}

std::string json_in_script(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

std::string number_text(double value) {
  if (!std::isfinite(value)) return "n/a";
  const std::string text = magnitude_text(std::abs(value));
  if (is_zero(text)) return "0";
  return value < 0 ? std::string{kMinus} + text : text;
}

std::string signed_text(double value) {
  const std::string text = number_text(value);
  return value > 0 && text != "0" ? "+" + text : text;
}

}  // namespace wanwise::sim
