// Where diagnostics are collected while documents are checked, and the words they share. One owner;
// not thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/policy/load.hpp"

namespace wanwise::policy {

/// Place in a text, both 1-based; columns count bytes.
struct Mark {
  int line = 0;
  int column = 0;
};

class Report {
 public:
  void add(const std::string& file, Mark mark, std::string path, std::string message,
           std::string allowed = {}, Severity severity = Severity::error);

  [[nodiscard]] std::size_t size() const { return m_diagnostics.size() + m_left_out; }
  [[nodiscard]] bool has_errors() const { return m_has_errors; }
  /// In order of file, line, column; of several about the same place and path the first that was
  /// added stays, because later checks build on earlier ones.
  [[nodiscard]] std::vector<Diagnostic> take();

 private:
  std::vector<Diagnostic> m_diagnostics;
  std::size_t m_left_out = 0;
  Severity m_gravest_left_out = Severity::warning;
  bool m_has_errors = false;
};

/// The text in single quotes, shortened, with control characters made visible.
std::string in_quotes(std::string_view text);
/// "a, b, c", shortened after kMaxAllowedListed; "none" when empty.
std::string listed(const std::vector<std::string>& names);
/// The known name closest to `text`, when close enough to be a slip of the finger; else empty.
std::string nearest(std::string_view text, const std::vector<std::string>& known);
/// "; did you mean 'x'?" or nothing.
std::string did_you_mean(std::string_view text, const std::vector<std::string>& known);

}  // namespace wanwise::policy
