#include "engine/policy/document.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace wanwise::policy {

void Findings::refuse(Value& value, std::string message, std::string allowed) {
  value.refused = true;
  m_report.add(m_file, value.mark, value.path, std::move(message), std::move(allowed));
}

std::vector<std::string> names_of(const std::vector<Value>& entries) {
  std::vector<std::string> names;
  for (const Value& entry : entries) {
    if (const Value* name = entry.get_any("name")) names.push_back(name->text);
  }
  return names;
}

bool names_known(const Value& root, std::string_view list) {
  const Value* entries = root.get_any(list);
  // What is absent may stand under a misspelt key.
  if (entries == nullptr) return !root.partial;
  return !entries->partial &&
         std::all_of(entries->items.begin(), entries->items.end(),
                     [](const Value& entry) { return entry.get_any("name") != nullptr; });
}

void refuse_duplicates(std::vector<Value>& entries, std::string_view member, std::string_view what,
                       const std::function<UniqueKey(const Value&)>& key_of, Findings& findings) {
  std::map<std::pair<std::string, std::string>, const Value*> seen;
  for (Value& entry : entries) {
    const UniqueKey key = key_of(entry);
    if (entry.refused || key.shown.empty()) continue;
    const auto [first, is_new] = seen.try_emplace({key.scope, key.shown}, &entry);
    if (is_new) continue;
    Value* place = entry.get(member);
    if (place == nullptr) place = entry.get("name");
    if (place == nullptr) place = &entry;
    const Value* there = first->second->get(member);
    const Mark mark = there != nullptr ? there->mark : first->second->mark;
    findings.refuse(*place, std::string{what} + ' ' + in_quotes(key.shown) +
                                " is used twice, first on line " + std::to_string(mark.line));
  }
}

void refuse_duplicate_names(std::vector<Value>& entries, std::string_view what,
                            Findings& findings) {
  refuse_duplicates(
      entries, "name", what,
      [](const Value& entry) {
        return UniqueKey{"", entry.text_of("name")};
      },
      findings);
}

void refuse_unknown(Value* reference, std::string_view what, const std::vector<std::string>& known,
                    Findings& findings) {
  if (reference == nullptr || reference->refused) return;
  if (std::find(known.begin(), known.end(), reference->text) != known.end()) return;
  findings.refuse(*reference,
                  "there is no " + std::string{what} + ' ' + in_quotes(reference->text) +
                      did_you_mean(reference->text, known),
                  listed(known));
}

}  // namespace wanwise::policy
