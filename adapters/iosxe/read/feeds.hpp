// What is read of a router: one subtree for polling, one path for a subscription, for each feed.
// Filters name the leaves, and only those the router's release has: an unknown leaf may be an error
// to one and nothing to another, and what identifies a modem, a SIM, a subscriber or a place is
// never asked for. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/iosxe/config.hpp"
#include "adapters/iosxe/release/features.hpp"

namespace wanwise::iosxe {

enum class FeedKind : std::uint8_t {
  interface,
  interface_state,  ///< up or down alone, on change; never polled
  radio,
  network,
  connection,
  probe,
  bfd,
  process_cpu,
  platform_memory,
  app_hosting
};

struct Feed {
  FeedKind kind = FeedKind::interface;
  std::string key{};  ///< the interface's name, the number of the IP SLA entry, or nothing

  auto operator<=>(const Feed&) const = default;
};

/// "radio Cellular0/1/0"
[[nodiscard]] std::string to_string(const Feed& feed);
[[nodiscard]] Feature feature_of(FeedKind kind);
/// Load and room of the router: they move slowly and are read at a longer period, by polling.
[[nodiscard]] bool is_slow(FeedKind kind);

/// All feeds that the router's features allow: each link's interface and BFD, the modem's three
/// lists, the probes, the router's own health.
[[nodiscard]] std::vector<Feed> feeds_of(const RouterConfig& config, const FeatureSet& features);
/// The features that are wanted for this configuration and that the router lacks.
[[nodiscard]] std::vector<Feature> missing_features(const RouterConfig& config,
                                                    const FeatureSet& features);

/// <get> of these feeds (in the order of feeds_of), with every key in the filter.
[[nodiscard]] std::string get_feeds(const std::vector<Feed>& feeds, const FeatureSet& features);

/// The path of a feed for a subscription, with the prefix it uses and its namespace.
struct FeedXpath {
  std::string xpath;
  std::string prefix;
  std::string ns;
};
[[nodiscard]] FeedXpath xpath_of(const Feed& feed);

}  // namespace wanwise::iosxe
