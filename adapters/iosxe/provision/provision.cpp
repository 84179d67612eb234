#include "adapters/iosxe/provision/provision.hpp"

#include "adapters/iosxe/mqc/names.hpp"

namespace wanwise::iosxe {
namespace {

/// IOS takes any text as a tag; people read small letters more easily. Tokens have capitals only,
/// so nothing is lost.
std::string with_case(std::string_view text, char from, char to, char offset) {
  std::string changed{text};
  for (char& c : changed) {
    if (c >= from && c <= to) c = static_cast<char>(c + offset);
  }
  return changed;
}

std::string lower(std::string_view text) {
  return with_case(text, 'A', 'Z', 'a' - 'A');
}

std::string upper(std::string_view text) {
  return with_case(text, 'a', 'z', 'A' - 'a');
}

}  // namespace

bool operator==(const Probes& a, const Probes& b) {
  return a.entries == b.entries && a.alerts == b.alerts;
}

bool operator==(const Track& a, const Track& b) {
  return a.operation == b.operation && a.down == b.down && a.up == b.up && a.other == b.other;
}

bool operator==(const RouteEntry& a, const RouteEntry& b) {
  return a.acl == b.acl && a.next_hops == b.next_hops && a.other == b.other;
}

std::string probe_tag(const core::LinkName& link,
                      const std::optional<core::ClassName>& service_class) {
  std::string tag = std::string{kTagPrefix} + lower(token(link.text));
  if (service_class) tag += ':' + lower(token(service_class->text));
  return tag;
}

std::optional<TagTokens> tokens_of_tag(std::string_view tag) {
  if (!tag.starts_with(kTagPrefix)) return std::nullopt;
  tag.remove_prefix(kTagPrefix.size());
  const std::size_t colon = tag.find(':');
  TagTokens tokens{upper(tag.substr(0, colon)), {}};
  if (colon != std::string_view::npos) tokens.service_class = upper(tag.substr(colon + 1));
  if (tokens.link.empty()) return std::nullopt;
  return tokens;
}

}  // namespace wanwise::iosxe
