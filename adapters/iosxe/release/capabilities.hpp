// What is known about a router after connecting: its modules, the features that follow from them,
// and what the session and its publisher grant. For doctor and for people; a value, copied out of
// the port under its lock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "adapters/iosxe/release/features.hpp"
#include "adapters/iosxe/session/hello.hpp"

namespace wanwise::iosxe {

struct RouterCapabilities {
  bool connected_once = false;  ///< false: nothing below was read yet
  Hello hello;
  /// Where the revisions are from: "modules-state", "yang-library", or empty when neither was
  /// readable; then the features are those of the oldest supported release.
  std::string modules_from;
  ModuleRevisions modules;  ///< those of the feature table that the router implements
  FeatureSet features;
  std::string release;  ///< "17.15.1 or later"; empty: not known

  std::optional<std::uint32_t> subscriptions_max;   ///< the publisher's limit
  std::optional<std::uint32_t> subscriptions_used;  ///< valid ones, of everybody
  std::uint32_t feeds = 0;                          ///< paths wanwise reads
  std::uint32_t feeds_pushed = 0;  ///< of these by subscription; the rest is polled
  bool config_events = false;      ///< told of configuration changes as they are made
  bool reaction_events = false;    ///< told of IP SLA reactions as they happen
  bool operator==(const RouterCapabilities&) const = default;
};

}  // namespace wanwise::iosxe
