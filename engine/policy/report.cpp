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

/// Levenshtein distance in one row; texts are short (kMaxQuoted).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitute = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitute});
    }
  }
  return row.back();
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
  if (!d.path.empty()) text += d.path + ": ";
  text += d.message;
  if (!d.allowed.empty()) text += " (allowed: " + d.allowed + ")";
  return text;
}

void Report::add(const std::string& file, Mark mark, std::string path, std::string message,
                 std::string allowed) {
  if (m_diagnostics.size() >= kMaxDiagnostics) {
    ++m_left_out;
    return;
  }
  m_diagnostics.push_back(
      {file, mark.line, mark.column, std::move(path), std::move(message), std::move(allowed)});
}

std::vector<Diagnostic> Report::take() {
  std::stable_sort(m_diagnostics.begin(), m_diagnostics.end(),
                   [](const auto& a, const auto& b) { return place(a) < place(b); });
  const auto same = [](const auto& a, const auto& b) { return place(a) == place(b); };
  m_diagnostics.erase(std::unique(m_diagnostics.begin(), m_diagnostics.end(), same),
                      m_diagnostics.end());
  if (m_left_out > 0) {
    const std::string file = m_diagnostics.back().file;
    m_diagnostics.push_back(
        {file, 0, 0, "", "and " + std::to_string(m_left_out) + " more diagnostics", ""});
  }
  m_left_out = 0;
  return std::exchange(m_diagnostics, {});
}

std::string quoted(std::string_view text) {
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
  // A third of the letters may differ: `prio` is not `priority`, `pirority` is.
  std::size_t best = wanted.size() / 3 + 1;
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
