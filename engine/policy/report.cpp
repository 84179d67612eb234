#include "engine/policy/report.hpp"

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <tuple>
#include <utility>

#include "engine/policy/limits.hpp"

namespace wanwise::policy {
namespace {

auto place(const Diagnostic& d) {
  return std::tie(d.file, d.line, d.column, d.path);
}

/// Edits from one short text to the other (optimal string alignment: insert, delete, replace, swap
/// neighbours), by rows.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last;
  std::vector<std::size_t> last(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<std::size_t> row(b.size() + 1, i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t differs = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + differs});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last = std::exchange(last, std::move(row));
  }
  return last.back();
}

std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_') c = '-';
  }
  return result;
}

}  // namespace

std::string to_string(const Diagnostic& d) {
  std::string text = d.file;
  if (d.line > 0) text += ':' + std::to_string(d.line) + ':' + std::to_string(d.column);
  text += ": ";
  if (d.severity == Severity::warning) text += "warning: ";
  if (!d.path.empty()) text += d.path + ": ";
  text += d.message;
  if (!d.allowed.empty()) text += " (allowed: " + d.allowed + ")";
  return text;
}

void Report::add(const std::string& file, Mark mark, std::string path, std::string message,
                 std::string allowed, Severity severity) {
  m_has_errors = m_has_errors || severity == Severity::error;
  if (m_diagnostics.size() >= kMaxDiagnostics) {
    ++m_left_out;
    m_gravest_left_out = std::min(m_gravest_left_out, severity);
    return;
  }
  m_diagnostics.push_back({file, mark.line, mark.column, std::move(path), std::move(message),
                           std::move(allowed), severity});
}

std::vector<Diagnostic> Report::take() {
  std::stable_sort(m_diagnostics.begin(), m_diagnostics.end(),
                   [](const auto& a, const auto& b) { return place(a) < place(b); });
  const auto same = [](const auto& a, const auto& b) { return place(a) == place(b); };
  m_diagnostics.erase(std::unique(m_diagnostics.begin(), m_diagnostics.end(), same),
                      m_diagnostics.end());
  if (m_left_out > 0) {
    const std::string file = m_diagnostics.back().file;
    m_diagnostics.push_back({file, 0, 0, "",
                             "and " + std::to_string(m_left_out) + " more diagnostics", "",
                             m_gravest_left_out});
  }
  m_left_out = 0;
  m_gravest_left_out = Severity::warning;
  m_has_errors = false;
  return std::exchange(m_diagnostics, {});
}

std::string in_quotes(std::string_view text) {
  std::string result = "'";
  for (const char c : text.substr(0, kMaxQuoted)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      result += c;
    } else {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned>(byte));
      result += escaped;
    }
  }
  if (text.size() > kMaxQuoted) result += "...";
  return result += '\'';
}

std::string listed(const std::vector<std::string>& names) {
  if (names.empty()) return "none";
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i == kMaxAllowedListed) return text + ", ...";
    text += (i == 0 ? "" : ", ") + names[i];
  }
  return text;
}

std::string nearest(std::string_view text, const std::vector<std::string>& known) {
  if (text.empty() || text.size() > kMaxQuoted) return {};
  const std::string wanted = lower(text);
  // A third of the letters may differ, at least one: `prio` is no slip of `priority`, `pirority`
  // is.
  std::size_t best = wanted.size() < 2 ? 1 : std::max<std::size_t>(wanted.size() / 3, 1) + 1;
  std::string found;
  for (const std::string& name : known) {
    const std::size_t distance = edit_distance(wanted, lower(name));
    if (distance < best || (distance == 0 && found.empty())) {
      best = distance;
      found = name;
    }
  }
  return found;
}

std::string did_you_mean(std::string_view text, const std::vector<std::string>& known) {
  const std::string name = nearest(text, known);
  return name.empty() ? std::string{} : "; did you mean '" + name + "'?";
}

}  // namespace wanwise::policy
