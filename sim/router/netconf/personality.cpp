#include "sim/router/netconf/personality.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>

namespace wanwise::router {
namespace {

constexpr std::array<const char*, 4> kNames = {"17.9", "17.12", "17.15", "17.18"};
// `module=` entries in the hello of an IR1101 (capability-ir1101.xml of each release).
constexpr std::array<std::size_t, 4> kListed = {623, 341, 352, 354};

struct Revisions {
  const char* module;
  std::array<const char*, 4> of;  ///< by release
};

constexpr Revisions kRevisions[] = {
    {"Cisco-IOS-XE-native", {"2022-07-01", "2023-07-01", "2024-07-01", "2025-07-01"}},
    {"Cisco-IOS-XE-policy", {"2022-07-01", "2023-03-01", "2024-07-01", "2025-07-01"}},
    {"Cisco-IOS-XE-acl", {"2021-07-01", "2023-07-01", "2024-07-01", "2025-03-01"}},
    {"Cisco-IOS-XE-sla", {"2022-07-01", "2023-07-01", "2024-03-01", "2024-11-01"}},
    {"Cisco-IOS-XE-track", {"2021-11-01", "2022-11-01", "2024-07-01", "2025-07-01"}},
    {"Cisco-IOS-XE-route-map", {"2022-07-01", "2023-07-01", "2024-07-01", "2025-03-01"}},
    {"Cisco-IOS-XE-interfaces-oper", {"2021-03-01", "2022-11-01", "2024-07-01", "2025-03-01"}},
    {"Cisco-IOS-XE-cellwan-oper", {"2019-05-01", "2022-11-01", "2024-03-01", "2024-11-01"}},
    {"Cisco-IOS-XE-ip-sla-oper", {"2021-11-01", "2023-07-01", "2023-11-01", "2023-11-01"}},
    {"Cisco-IOS-XE-ip-sla-events", {"2020-11-01", "2022-11-01", "2022-11-01", "2022-11-01"}},
    {"Cisco-IOS-XE-process-cpu-oper", {"2019-05-01", "2022-11-01", "2022-11-01", "2022-11-01"}},
    {"Cisco-IOS-XE-platform-software-oper",
     {"2022-07-01", "2022-11-01", "2023-11-01", "2025-07-01"}},
    {"Cisco-IOS-XE-memory-oper", {"2019-05-01", "2022-11-01", "2022-11-01", "2022-11-01"}},
    {"Cisco-IOS-XE-app-hosting-oper", {"2022-07-01", "2023-03-01", "2023-03-01", "2023-03-01"}},
    {"Cisco-IOS-XE-bfd-oper", {"2021-11-01", "2022-11-01", "2022-11-01", "2022-11-01"}},
    {"Cisco-IOS-XE-device-hardware-oper", {"2021-03-01", "2023-03-01", "2024-03-01", "2025-03-01"}},
    {"Cisco-IOS-XE-mdt-capabilities-oper",
     {"2021-07-01", "2022-11-01", "2022-11-01", "2022-11-01"}},
    {"Cisco-IOS-XE-mdt-oper-v2", {"2022-07-01", "2023-07-01", "2023-11-01", "2023-11-01"}},
    {"Cisco-IOS-XE-common-types", {"2021-03-01", "2023-07-01", "2023-11-01", "2023-11-01"}},
    {"Cisco-IOS-XE-checkpoint-archive-oper",
     {"2019-05-01", "2022-11-01", "2022-11-01", "2022-11-01"}},
    {"cisco-xe-ietf-yang-push-ext", {"2020-04-27", "2020-04-27", "2024-06-25", "2024-06-25"}},
    {"cisco-ia", {"2021-11-01", "2021-11-01", "2024-07-01", "2024-07-01"}},
    {"ietf-event-notifications", {"2016-10-27", "2016-10-27", "2016-10-27", "2016-10-27"}},
    {"ietf-yang-push", {"2021-03-01", "2021-03-01", "2021-03-01", "2021-03-01"}},
};

std::size_t index_of(Release release) {
  return static_cast<std::size_t>(release);
}

std::string namespace_of(const std::string& module) {
  if (module == "cisco-ia") return "http://cisco.com/yang/cisco-ia";
  if (module.rfind("cisco-xe-", 0) == 0) return "urn:cisco:params:xml:ns:yang:" + module;
  if (module.rfind("ietf-", 0) == 0) return "urn:ietf:params:xml:ns:yang:" + module;
  return "http://cisco.com/ns/yang/" + module;
}

bool is_listed(const std::string& module, Release release) {
  return release == Release::r17_9 || module.rfind("Cisco-IOS-XE-", 0) != 0;
}

}  // namespace

std::optional<Release> parse_release(const std::string& text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (text == kNames[i]) return static_cast<Release>(i);
  }
  return std::nullopt;
}

std::string to_string(Release release) {
  return kNames[index_of(release)];
}

std::vector<std::string> release_names() {
  return {kNames.begin(), kNames.end()};
}

std::optional<std::string> revision_of(const std::string& module, Release release) {
  for (const Revisions& entry : kRevisions) {
    if (module == entry.module) return entry.of[index_of(release)];
  }
  return std::nullopt;
}

std::vector<std::string> hello_modules(Release release, const std::vector<std::string>& modules) {
  std::vector<std::string> out;
  for (const std::string& module : modules) {
    const auto revision = revision_of(module, release);
    if (revision && is_listed(module, release)) {
      out.push_back(fmt::format("{}?module={}&revision={}{}", namespace_of(module), module,
                                *revision,
                                module == "ietf-yang-push" ? "&features=on-change" : ""));
    }
  }
  for (std::size_t i = 1; out.size() < kListed[index_of(release)]; ++i) {
    const bool cisco = release == Release::r17_9 && i % 2 == 0;
    const std::string name =
        cisco ? fmt::format("Cisco-IOS-XE-example-{:03}", i) : fmt::format("EXAMPLE-{:03}-MIB", i);
    out.push_back(fmt::format(
        "{}{}?module={}&revision=2020-11-01",
        cisco ? "http://cisco.com/ns/yang/" : "urn:ietf:params:xml:ns:yang:smiv2:", name, name));
  }
  // Devices pad this one with line breaks.
  out.push_back("\n        urn:ietf:params:netconf:capability:notification:1.1\n      ");
  return out;
}

}  // namespace wanwise::router
