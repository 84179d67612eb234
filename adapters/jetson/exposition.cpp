#include "adapters/jetson/exposition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

namespace wanwise::jetson {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

/// As Go's ParseFloat reads it, but for hexadecimal floats and underscores, which nobody writes.
std::optional<double> parse_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const double sign = negative ? -1 : 1;
  if (equals_ignoring_case(text, "inf") || equals_ignoring_case(text, "infinity"))
    return sign * std::numeric_limits<double>::infinity();
  if (equals_ignoring_case(text, "nan")) return std::numeric_limits<double>::quiet_NaN();
  const bool plain = text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
  if (!plain || text.starts_with('-')) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) return std::numeric_limits<double>::quiet_NaN();
  if (error != std::errc{}) return std::nullopt;
  return sign * value;
}

/// Reads one line that holds a series.
class Line {
 public:
  explicit Line(std::string_view text) : m_rest(text) {}

  [[nodiscard]] const core::Error& error() const { return m_error; }

  std::optional<Series> read() {
    Series series;
    if (!read_name(series.name, "metric", "bad-name", true)) return std::nullopt;
    skip_blanks();
    if (m_rest.starts_with('{') && !read_labels(series.labels)) return std::nullopt;
    skip_blanks();
    const std::string_view value = word();
    const auto number = parse_number(value);
    if (!number) return fail("bad-value", "the value is no number"), std::nullopt;
    series.value = *number;
    skip_blanks();
    if (m_rest.empty()) return series;
    const std::string_view timestamp = word();
    skip_blanks();
    if (!parse_number(timestamp) || !m_rest.empty())
      return fail("bad-timestamp", "what follows the value is no timestamp"), std::nullopt;
    return series;
  }

 private:
  bool fail(std::string code, std::string message) {
    m_error = {std::move(code), std::move(message)};
    return false;
  }

  void skip_blanks() {
    m_rest.remove_prefix(std::min(m_rest.find_first_not_of(" \t"), m_rest.size()));
  }

  std::string_view word() {
    const std::string_view found = m_rest.substr(0, m_rest.find_first_of(" \t"));
    m_rest.remove_prefix(found.size());
    return found;
  }

  bool read_name(std::string& name, std::string_view what, const char* code, bool colons) {
    std::size_t size = 0;
    while (size < m_rest.size() &&
           (is_letter(m_rest[size]) || (size > 0 && is_digit(m_rest[size])) ||
            (colons && m_rest[size] == ':'))) {
      ++size;
    }
    if (size == 0) return fail(code, fmt::format("no name of a {} where one is expected", what));
    if (size > kMaxNameBytes) {
      return fail("name-too-long", fmt::format("a {}'s name has {} bytes (allowed: up to {})", what,
                                               size, kMaxNameBytes));
    }
    name = m_rest.substr(0, size);
    m_rest.remove_prefix(size);
    return true;
  }

  /// From the opening brace to behind the closing one; a comma may stand before that.
  bool read_labels(std::vector<Label>& labels) {
    m_rest.remove_prefix(1);
    for (;;) {
      skip_blanks();
      if (take('}')) return true;
      if (labels.size() == kMaxLabels) {
        return fail("too-many-labels", fmt::format("more than {} labels", kMaxLabels));
      }
      Label label;
      if (!read_label(label)) return false;
      const bool twice = std::any_of(labels.begin(), labels.end(),
                                     [&](const Label& other) { return other.name == label.name; });
      if (twice) return fail("duplicate-label", fmt::format("label {} comes twice", label.name));
      labels.push_back(std::move(label));
      skip_blanks();
      if (!take(',') && !m_rest.starts_with('}'))
        return fail("bad-label", "neither ',' nor '}' after a label");
    }
  }

  bool read_label(Label& label) {
    if (!read_name(label.name, "label", "bad-label", false)) return false;
    skip_blanks();
    if (!take('=')) return fail("bad-label", fmt::format("no '=' after label {}", label.name));
    skip_blanks();
    if (!take('"'))
      return fail("bad-label", fmt::format("the value of label {} is not in quotes", label.name));
    return read_label_value(label);
  }

  bool read_label_value(Label& label) {
    while (!m_rest.empty()) {
      const char c = m_rest.front();
      m_rest.remove_prefix(1);
      if (c == '"') return true;
      if (label.value.size() == kMaxLabelValueBytes) {
        return fail("label-value-too-long", fmt::format("label {} has more than {} bytes",
                                                        label.name, kMaxLabelValueBytes));
      }
      if (c != '\\') {
        label.value += c;
      } else if (take('n')) {
        label.value += '\n';
      } else if (take('"')) {
        label.value += '"';
      } else if (take('\\')) {
        label.value += '\\';
      } else {
        return fail("bad-label", fmt::format("label {} has an unknown escape", label.name));
      }
    }
    return fail("bad-label", fmt::format("the value of label {} has no end", label.name));
  }

  bool take(char c) {
    if (!m_rest.starts_with(c)) return false;
    m_rest.remove_prefix(1);
    return true;
  }

  std::string_view m_rest;
  core::Error m_error;
};

}  // namespace

const std::string* Series::label(std::string_view label_name) const {
  for (const Label& candidate : labels) {
    if (candidate.name == label_name) return &candidate.value;
  }
  return nullptr;
}

core::Expected<std::vector<Series>> parse_exposition(std::string_view page) {
  std::size_t number = 1;
  const auto at_line = [&number](const std::string& code, const std::string& message) {
    return core::fail(code, fmt::format("line {}: {}", number, message));
  };
  if (page.size() > kMaxPageBytes) {
    return at_line("page-too-large", fmt::format("the page has {} bytes (allowed: up to {})",
                                                 page.size(), kMaxPageBytes));
  }
  std::vector<Series> all;
  for (; !page.empty(); ++number) {
    std::string_view text = page.substr(0, page.find('\n'));
    page.remove_prefix(std::min(text.size() + 1, page.size()));
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    if (text.empty() || text.starts_with('#')) continue;
    if (all.size() == kMaxSeries)
      return at_line("too-many-series", fmt::format("more than {} series", kMaxSeries));
    Line line(text);
    auto series = line.read();
    if (!series) return at_line(line.error().code, line.error().message);
    all.push_back(std::move(*series));
  }
  return all;
}

}  // namespace wanwise::jetson
