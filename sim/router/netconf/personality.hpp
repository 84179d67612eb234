// What differs between the releases of IOS XE that the emulator plays: what the hello lists, and
// the revisions of the modules. Facts of the published module sets (YangModels/yang,
// vendor/cisco/xe/{1791,17121,17151,17181}). Constant tables; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wanwise::router {

enum class Release : std::uint8_t { r17_9, r17_12, r17_15, r17_18 };

[[nodiscard]] std::optional<Release> parse_release(const std::string& text);
[[nodiscard]] std::string to_string(Release release);
/// As `--release` lists them.
[[nodiscard]] std::vector<std::string> release_names();

/// The revision of a module of Cisco's in that release; nothing when it is not one of ours.
[[nodiscard]] std::optional<std::string> revision_of(const std::string& module, Release release);

/// What the hello lists beside the base capabilities: until 17.9 each module of Cisco's, from 17.12
/// none of them, since they are YANG 1.1 (RFC 7950 section 5.6.4). `modules` are the
/// implemented ones. Padded with made-up modules to as many as devices list.
[[nodiscard]] std::vector<std::string> hello_modules(Release release,
                                                     const std::vector<std::string>& modules);

}  // namespace wanwise::router
