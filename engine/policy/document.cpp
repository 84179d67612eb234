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
  if (root.partial) return false;
  if (entries == nullptr) return true;
  return !entries->partial &&
         std::all_of(entries->items.begin(), entries->items.end(),
                     [](const Value& entry) { return entry.get_any("name") != nullptr; });
}

void refuse_duplicates(std::vector<Value>& entries, std::string_view member, std::string_view what,
                       const std::function<std::string(const Value&)>& key_of, Findings& findings) {
  std::map<std::string, const Value*> seen;
  for (Value& entry : entries) {
    const std::string key = key_of(entry);
    if (entry.refused || key.empty()) continue;
    const auto [first, is_new] = seen.try_emplace(key, &entry);
    if (is_new) continue;
    Value* place = entry.get(member);
    if (place == nullptr) place = entry.get("name");
    if (place == nullptr) place = &entry;
    const Value* there = first->second->get(member);
    const Mark mark = there != nullptr ? there->mark : first->second->mark;
    findings.refuse(*place, std::string{what} + ' ' + quoted(key) +
                                " is used twice, first on line " + std::to_string(mark.line));
  }
}

void refuse_duplicate_names(std::vector<Value>& entries, std::string_view what,
                            Findings& findings) {
  refuse_duplicates(
      entries, "name", what, [](const Value& entry) { return entry.text_of("name"); }, findings);
}

void refuse_unknown(Value* reference, std::string_view what, const std::vector<std::string>& known,
                    Findings& findings) {
  if (reference == nullptr || reference->refused) return;
  if (std::find(known.begin(), known.end(), reference->text) != known.end()) return;
  findings.refuse(*reference,
                  "there is no " + std::string{what} + ' ' + quoted(reference->text) +
                      did_you_mean(reference->text, known),
                  listed(known));
}

}  // namespace wanwise::policy
