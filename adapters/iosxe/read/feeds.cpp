#include "adapters/iosxe/read/feeds.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "adapters/iosxe/xml/namespaces.hpp"
#include "adapters/iosxe/xml/xml.hpp"
#include "engine/core/check.hpp"

namespace wanwise::iosxe {
namespace {

/// Where a feed lives: its model and the list in it.
struct FeedPath {
  const char* ns;
  const char* prefix;  ///< the one the device's XPath parser knows for the namespace
  const char* root;
  const char* list;
  const char* key;
};

FeedPath path_of(FeedKind kind) {
  constexpr const char* kCellwanPrefix = "cellwan-ios-xe-oper";
  constexpr const char* kCellwanRoot = "cellwan-oper-data";
  constexpr const char* kModem = "cellular-interface";
  switch (kind) {
    case FeedKind::interface:
    case FeedKind::interface_state:
      return {ns::kInterfaces, "interfaces-ios-xe-oper", "interfaces", "interface", "name"};
    case FeedKind::radio:
      return {ns::kCellwan, kCellwanPrefix, kCellwanRoot, "cellwan-radio", kModem};
    case FeedKind::network:
      return {ns::kCellwan, kCellwanPrefix, kCellwanRoot, "cellwan-network", kModem};
    case FeedKind::connection:
      return {ns::kCellwan, kCellwanPrefix, kCellwanRoot, "cellwan-connection", kModem};
    case FeedKind::probe:
      return {ns::kIpSla, "ip-sla-ios-xe-oper", "ip-sla-stats", "sla-oper-entry", "oper-id"};
    case FeedKind::bfd:
      return {ns::kBfd, "bfd-ios-xe-oper", "bfd-state", "", ""};
    case FeedKind::process_cpu:
      return {ns::kProcessCpu, "process-cpu-ios-xe-oper", "cpu-usage", "", ""};
    case FeedKind::platform_memory:
      return {ns::kPlatform, "platform-sw-ios-xe-oper", "cisco-platform-software", "", ""};
    case FeedKind::app_hosting:
      return {ns::kAppHosting, "app-hosting-ios-xe-oper", "app-hosting-oper-data", "", ""};
  }
  WANWISE_CHECK(false);
  return {};
}

using Leaves = std::initializer_list<const char*>;

// The leaves of the modem's lists that are read, for the filter and for the path of a subscription.
constexpr Leaves kRadioLeaves{"radio-power-mode", "radio-band", "radio-rsrp",
                              "radio-rsrq",       "radio-snr",  "radio-rat-selected"};
constexpr Leaves kNrLeaves{"nr5g-band", "nr5g-bw", "nr5g-rsrp", "nr5g-rsrq", "nr5g-snr"};
constexpr Leaves kStateLeaves{"oper-status"};
constexpr Leaves kNetworkLeaves{"current-service-status", "registration-state"};
constexpr Leaves kConnectionLeaves{"cellular-packet-status"};

void write_leaves(XmlWriter& out, Leaves leaves) {
  for (const char* leaf : leaves) out.empty(leaf);
}

void write_interface(XmlWriter& out, const FeatureSet& features) {
  out.empty("oper-status").open("statistics");
  write_leaves(out, {"in-octets", "out-octets", "out-octets-64", "out-discards"});
  out.close();
  if (!features.has(Feature::class_queues)) return;
  out.open("diffserv-info").empty("direction").empty("policy-name");
  out.open("diffserv-target-classifier-stats");
  write_leaves(out, {"classifier-entry-name", "parent-path"});
  out.open("queuing-stats");
  write_leaves(out, {"output-bytes", "queue-size-bytes", "drop-bytes"});
  out.close().close();
  out.open("priority-oper-list").empty("priority-level").open("agg-priority-stats");
  write_leaves(out, {"output-bytes", "queue-size-bytes", "drop-bytes"});
  out.close().close().close();
}

void write_probe(XmlWriter& out) {
  write_leaves(out, {"oper-type", "latest-return-code", "success-count", "failure-count",
                     "latest-oper-start-time"});
  out.open("rtt-info").empty("latest-rtt").close();
  out.open("stats").open("rtt").empty("rtt-count").empty("sla-time-values").close();
  out.open("jitter").empty("sd").empty("ds").empty("avg-jitter").close();
  out.open("packet-loss");
  write_leaves(out, {"sd-count", "ds-count", "drops", "late-arrivals"});
  out.close().open("icmp-packet-loss").empty("packet-loss").close().close();
}

/// What is wanted below the root, or below the entry of the list.
void write_selection(XmlWriter& out, const Feed& feed, const FeatureSet& features) {
  switch (feed.kind) {
    case FeedKind::interface:
      return write_interface(out, features);
    case FeedKind::interface_state:
      return write_leaves(out, kStateLeaves);
    case FeedKind::radio:
      write_leaves(out, kRadioLeaves);
      if (features.has(Feature::nr5g)) write_leaves(out, kNrLeaves);
      return;
    case FeedKind::network:
      return write_leaves(out, kNetworkLeaves);
    case FeedKind::connection:
      return write_leaves(out, kConnectionLeaves);
    case FeedKind::probe:
      return write_probe(out);
    case FeedKind::bfd:
      out.open("sessions").open("session").empty("type").open("bfd-nbrs").open("bfd-nbr");
      out.empty("ip").leaf("interface", feed.key).empty("state");
      out.close().close().close().close();
      return;
    case FeedKind::process_cpu:
      out.open("cpu-utilization").empty("five-seconds").close();  // not its list of processes
      return;
    case FeedKind::platform_memory:
      out.open("control-processes").open("control-process");
      write_leaves(out, {"fru", "slot", "bay", "chassis"});
      out.open("memory-stats").empty("free-number").empty("available-number").close();
      out.close().close();
      return;
    case FeedKind::app_hosting:
      out.open("app-resources").empty("name").open("cpu");
      write_leaves(out, {"name", "quota", "available", "quota-unit", "available-unit"});
      out.close().open("memory").empty("name").empty("available").close().close();
      return;
  }
}

std::vector<FeedKind> kinds_of(const LinkConfig& link) {
  std::vector<FeedKind> kinds{FeedKind::interface, FeedKind::bfd};
  if (link.kind == core::LinkKind::cellular) {
    kinds.insert(kinds.end(), {FeedKind::radio, FeedKind::network, FeedKind::connection});
  }
  return kinds;
}

/// Every feed of the configuration, whatever the router has.
std::vector<Feed> wanted_feeds(const RouterConfig& config) {
  std::vector<Feed> feeds{
      {FeedKind::process_cpu}, {FeedKind::platform_memory}, {FeedKind::app_hosting}};
  for (const LinkConfig& link : config.links) {
    for (const FeedKind kind : kinds_of(link)) feeds.push_back({kind, link.interface});
    for (const ProbeEntry& probe : probes_of(link))
      feeds.push_back({FeedKind::probe, std::to_string(probe.entry)});
  }
  for (const NodePortConfig& port : config.node_ports) {
    feeds.push_back({FeedKind::interface, port.interface});
  }
  std::sort(feeds.begin(), feeds.end());
  feeds.erase(std::unique(feeds.begin(), feeds.end()), feeds.end());
  return feeds;
}

}  // namespace

std::string to_string(const Feed& feed) {
  const FeedPath path = path_of(feed.kind);
  const std::string name = *path.list != '\0' ? path.list : path.root;
  return feed.key.empty() ? name : name + " " + feed.key;
}

Feature feature_of(FeedKind kind) {
  switch (kind) {
    case FeedKind::interface:
    case FeedKind::interface_state:
      return Feature::interface_counters;
    case FeedKind::radio:
    case FeedKind::network:
    case FeedKind::connection:
      return Feature::lte;
    case FeedKind::probe:
      return Feature::ip_sla;
    case FeedKind::bfd:
      return Feature::bfd;
    case FeedKind::process_cpu:
      return Feature::process_cpu;
    case FeedKind::platform_memory:
      return Feature::platform_memory;
    case FeedKind::app_hosting:
      return Feature::app_hosting;
  }
  WANWISE_CHECK(false);
  return Feature::interface_counters;
}

bool is_slow(FeedKind kind) {
  return kind == FeedKind::process_cpu || kind == FeedKind::platform_memory ||
         kind == FeedKind::app_hosting;
}

std::vector<Feed> feeds_of(const RouterConfig& config, const FeatureSet& features) {
  std::vector<Feed> feeds = wanted_feeds(config);
  std::erase_if(feeds, [&](const Feed& feed) { return !features.has(feature_of(feed.kind)); });
  return feeds;
}

std::vector<Feature> missing_features(const RouterConfig& config, const FeatureSet& features) {
  std::vector<Feature> wanted;
  for (const Feed& feed : wanted_feeds(config)) wanted.push_back(feature_of(feed.kind));
  wanted.push_back(Feature::class_queues);
  if (config.steers) wanted.insert(wanted.end(), {Feature::track_config, Feature::route_map});
  for (const LinkConfig& link : config.links) {
    if (link.kind == core::LinkKind::cellular) wanted.push_back(Feature::nr5g);
    if (link.sets_up_probes) wanted.push_back(Feature::ip_sla_config);
  }
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  std::erase_if(wanted, [&](Feature feature) { return features.has(feature); });
  return wanted;
}

std::string get_feeds(const std::vector<Feed>& feeds, const FeatureSet& features) {
  XmlWriter out;
  out.open("get").open("filter", {}, "type=\"subtree\"");
  std::string open_root;
  for (const Feed& feed : feeds) {
    const FeedPath path = path_of(feed.kind);
    if (open_root != path.root) {
      if (!open_root.empty()) out.close();
      out.open(path.root, path.ns);
      open_root = path.root;
    }
    const bool in_list = *path.list != '\0';
    if (in_list) out.open(path.list).leaf(path.key, feed.key);
    write_selection(out, feed, features);
    if (in_list) out.close();
  }
  if (!open_root.empty()) out.close();
  return out.close().close().take();
}

FeedXpath xpath_of(const Feed& feed) {
  const FeedPath path = path_of(feed.kind);
  const std::string prefix = std::string{path.prefix} + ":";
  std::string xpath = "/" + prefix + path.root;
  if (feed.kind == FeedKind::bfd) {
    for (const char* step : {"sessions", "session", "bfd-nbrs", "bfd-nbr"})
      xpath += "/" + prefix + step;
    xpath += "[" + prefix + "interface='" + feed.key + "']";
  } else if (*path.list != '\0') {
    const std::string value =
        feed.kind == FeedKind::probe ? feed.key : "'" + feed.key + "'";  // oper-id is a number
    xpath += "/" + prefix + path.list + "[" + prefix + path.key + "=" + value + "]";
  }
  // Their lists also hold where the modem is and what it is called: the leaves, not the entry.
  const Leaves* leaves = nullptr;
  if (feed.kind == FeedKind::interface_state) leaves = &kStateLeaves;
  if (feed.kind == FeedKind::network) leaves = &kNetworkLeaves;
  if (feed.kind == FeedKind::connection) leaves = &kConnectionLeaves;
  if (leaves != nullptr) {
    std::string all;
    for (const char* leaf : *leaves)
      all += (all.empty() ? "" : " | ") + xpath + "/" + prefix + leaf;
    xpath = all;
  }
  return {xpath, path.prefix, path.ns};
}

}  // namespace wanwise::iosxe
