// The names wanwise gives to what it owns on a router, and the way back. Everything it owns begins
// with WANWISE-, nothing else does; the rest of a name is a token of a class or a link. Pure; a
// NameTable is a value, any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/expected.hpp"
#include "engine/core/names.hpp"

namespace wanwise::iosxe {

inline constexpr std::string_view kOwnPrefix = "WANWISE-";
inline constexpr std::string_view kAclPrefix = "WANWISE-ACL-";
inline constexpr std::string_view kClassMapPrefix = "WANWISE-CM-";
inline constexpr std::string_view kPolicyMapPrefix = "WANWISE-PM-";
inline constexpr std::string_view kInSuffix = "-IN";        ///< class map that matches at the LAN
inline constexpr std::string_view kChildSuffix = "-CHILD";  ///< policy map with the queues
inline constexpr std::string_view kMarkPolicy = "WANWISE-PM-MARK-IN";
inline constexpr std::string_view kClassDefault = "class-default";

/// Longest token. The tightest place is match/access-group/name with 64 characters, of which
/// "WANWISE-ACL-" takes 12; 40 also keeps `show policy-map interface` readable.
inline constexpr std::size_t kMaxToken = 40;

/// A name as a part of an IOS name. Plain names (a-z, 0-9, '-', '_') keep their letters; any other
/// name is made plain, cut, and told apart by a hash, so that two names hardly ever share a token.
[[nodiscard]] std::string token(std::string_view name);

[[nodiscard]] std::string acl_name(const core::ClassName& service_class);
[[nodiscard]] std::string marking_class_map(const core::ClassName& service_class);
[[nodiscard]] std::string queue_class_map(const core::ClassName& service_class);
[[nodiscard]] std::string parent_policy(const core::LinkName& link);
[[nodiscard]] std::string child_policy(const core::LinkName& link);

[[nodiscard]] bool is_own(std::string_view ios_name);

/// "wanwise: load-interval 30", the description of a policy map whose interface was given one.
[[nodiscard]] std::string interval_note(std::uint32_t seconds);
/// The seconds of such a description; nothing for any other text.
[[nodiscard]] std::optional<std::uint32_t> noted_interval(std::string_view description);

/// Tokens back to the names they stand for.
class NameTable {
 public:
  /// name-collision when another name has the same token. Adding a name twice is fine.
  [[nodiscard]] core::Expected<void> add(const core::ClassName& service_class);
  [[nodiscard]] core::Expected<void> add(const core::LinkName& link);

  /// The name behind a token; the token itself where nobody added it, which is how things of an
  /// earlier policy come back (no plain name equals its own token: tokens are upper case).
  [[nodiscard]] core::ClassName class_of(std::string_view token) const;
  [[nodiscard]] core::LinkName link_of(std::string_view token) const;

 private:
  std::map<std::string, core::ClassName, std::less<>> m_classes;
  std::map<std::string, core::LinkName, std::less<>> m_links;
};

}  // namespace wanwise::iosxe
