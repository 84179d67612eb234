#include "adapters/iosxe/mqc/names.hpp"

#include <algorithm>
#include <cstdint>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/xml/values.hpp"

namespace wanwise::iosxe {
namespace {

constexpr std::string_view kIntervalNote = "wanwise: load-interval ";

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool is_letter_or_digit(char c) {
  return is_plain(c) || (c >= 'A' && c <= 'Z');
}

/// FNV-1a, 32 bit: stable across builds and machines, which std::hash is not.
std::string hash_text(std::string_view name) {
  std::uint32_t hash = 2166136261U;
  for (const char c : name) {
    hash ^= static_cast<std::uint8_t>(c);
    hash *= 16777619U;
  }
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text(8, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, hash >>= 4U)
    *digit = kDigits[hash & 0xfU];
  return text;
}

std::string joined(std::string_view prefix, std::string_view name, std::string_view suffix = {}) {
  return std::string{prefix} + token(name) + std::string{suffix};
}

template <class Name, class Table>
core::Expected<void> add_to(Table& table, const Name& name) {
  const auto [at, added] = table.try_emplace(token(name.text), name);
  if (added || at->second == name) return {};
  return core::fail(errors::kNameCollision,
                    "'" + name.text + "' and '" + at->second.text +
                        "' would have the same name on the router: " + at->first);
}

template <class Name, class Table>
Name find_in(const Table& table, std::string_view token) {
  const auto at = table.find(token);
  return at != table.end() ? at->second : Name{std::string{token}};
}

}  // namespace

std::string token(std::string_view name) {
  const std::string_view in_suffix = "-in";
  const std::string_view child_suffix = "-child";
  const bool keeps = !name.empty() && name.size() <= kMaxToken &&
                     std::all_of(name.begin(), name.end(), is_plain) &&
                     !name.ends_with(in_suffix) && !name.ends_with(child_suffix);
  std::string text;
  constexpr std::size_t kHashPart = 9;  // '-' and eight digits
  const std::size_t room = keeps ? kMaxToken : kMaxToken - kHashPart;
  for (const char c : name.substr(0, room)) text += is_letter_or_digit(c) ? upper(c) : '_';
  return keeps ? text : text + '-' + hash_text(name);
}

std::string acl_name(const core::ClassName& service_class) {
  return joined(kAclPrefix, service_class.text);
}

std::string marking_class_map(const core::ClassName& service_class) {
  return joined(kClassMapPrefix, service_class.text, kInSuffix);
}

std::string queue_class_map(const core::ClassName& service_class) {
  return joined(kClassMapPrefix, service_class.text);
}

std::string parent_policy(const core::LinkName& link) {
  return joined(kPolicyMapPrefix, link.text);
}

std::string child_policy(const core::LinkName& link) {
  return joined(kPolicyMapPrefix, link.text, kChildSuffix);
}

bool is_own(std::string_view ios_name) {
  return ios_name.starts_with(kOwnPrefix);
}

std::string interval_note(std::uint32_t seconds) {
  return std::string{kIntervalNote} + std::to_string(seconds);
}

std::optional<std::uint32_t> noted_interval(std::string_view description) {
  if (!description.starts_with(kIntervalNote)) return std::nullopt;
  return number<std::uint32_t>(description.substr(kIntervalNote.size()));
}

core::Expected<void> NameTable::add(const core::ClassName& service_class) {
  return add_to(m_classes, service_class);
}

core::Expected<void> NameTable::add(const core::LinkName& link) {
  return add_to(m_links, link);
}

core::ClassName NameTable::class_of(std::string_view token) const {
  return find_in<core::ClassName>(m_classes, token);
}

core::LinkName NameTable::link_of(std::string_view token) const {
  return find_in<core::LinkName>(m_links, token);
}

}  // namespace wanwise::iosxe
