#include "engine/policy/reason/notes.hpp"

#include <algorithm>
#include <utility>

namespace wanwise::policy {

void Notes::error(const Document& document, const Value& at, std::string message,
                  std::string allowed) {
  add(Severity::error, document, at, std::move(message), std::move(allowed));
}

void Notes::warn(const Document& document, const Value& at, std::string message,
                 std::string allowed) {
  add(Severity::warning, document, at, std::move(message), std::move(allowed));
}

void Notes::add(Severity severity, const Document& document, const Value& at, std::string message,
                std::string allowed) {
  Note note{severity, std::move(message), std::move(allowed), "", m_turn, 0};
  // A finding in the site's own document need not say which site it is.
  if (m_subject != nullptr && &document != &m_subject->site) {
    note.site = m_subject->model.site.name.text;
  }
  const auto [found, is_new] =
      m_notes.try_emplace(Place{document.file, at.mark.line, at.mark.column, at.path}, note);
  if (is_new) return;
  Note& known = found->second;
  if (note.severity < known.severity) {
    known = std::move(note);
    return;
  }
  if (note.severity != known.severity || known.turn == m_turn) return;
  known.turn = m_turn;
  ++known.more_sites;
}

void Notes::tell(Severity gravest, Report& report) const {
  for (const Severity severity : {Severity::error, Severity::warning}) {
    for (const auto& [place, note] : m_notes) {
      if (note.severity != severity) continue;
      const auto& [file, line, column, path] = place;
      std::string message = note.message;
      if (!note.site.empty()) message += "; on site " + in_quotes(note.site);
      if (!note.site.empty() && note.more_sites > 0) {
        message += " and " + std::to_string(note.more_sites) + " more";
      }
      report.add(file, {line, column}, path, std::move(message), note.allowed,
                 std::max(severity, gravest));
    }
  }
}

}  // namespace wanwise::policy
