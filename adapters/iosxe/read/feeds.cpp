#include <algorithm>

#include "adapters/iosxe/read/telemetry.hpp"
#include "adapters/iosxe/xml/namespaces.hpp"
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
  switch (kind) {
    case FeedKind::interface:
      return {ns::kInterfaces, "interfaces-ios-xe-oper", "interfaces", "interface", "name"};
    case FeedKind::radio:
      return {ns::kCellwan, "cellwan-ios-xe-oper", "cellwan-oper-data", "cellwan-radio",
              "cellular-interface"};
    case FeedKind::network:
      return {ns::kCellwan, "cellwan-ios-xe-oper", "cellwan-oper-data", "cellwan-network",
              "cellular-interface"};
    case FeedKind::connection:
      return {ns::kCellwan, "cellwan-ios-xe-oper", "cellwan-oper-data", "cellwan-connection",
              "cellular-interface"};
    case FeedKind::probe:
      return {ns::kIpSla, "ip-sla-ios-xe-oper", "ip-sla-stats", "sla-oper-entry", "oper-id"};
  }
  WANWISE_CHECK(false);
  return {};
}

/// The leaves and subtrees wanted of one list entry: the counters, not the whole interface.
void write_selection(XmlWriter& out, FeedKind kind) {
  switch (kind) {
    case FeedKind::interface:
      out.empty("oper-status").open("statistics");
      out.empty("in-octets").empty("out-octets-64").empty("out-discards").close();
      out.empty("diffserv-info");
      break;
    case FeedKind::radio:
    case FeedKind::network:
    case FeedKind::connection:
    case FeedKind::probe:
      break;  // small lists: whole entries
  }
}

}  // namespace

std::vector<Feed> feeds_of(const RouterConfig& config) {
  std::vector<Feed> feeds;
  for (const LinkConfig& link : config.links) {
    feeds.push_back({FeedKind::interface, link.interface});
    if (link.kind == core::LinkKind::cellular) {
      for (const FeedKind kind : {FeedKind::radio, FeedKind::network, FeedKind::connection})
        feeds.push_back({kind, link.interface});
    }
    for (const ProbeEntry& probe : link.probes)
      feeds.push_back({FeedKind::probe, std::to_string(probe.entry)});
  }
  std::sort(feeds.begin(), feeds.end());
  feeds.erase(std::unique(feeds.begin(), feeds.end()), feeds.end());
  return feeds;
}

std::string get_feeds(const std::vector<Feed>& feeds) {
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
    out.open(path.list).leaf(path.key, feed.key);
    write_selection(out, feed.kind);
    out.close();
  }
  if (!open_root.empty()) out.close();
  return out.close().close().take();
}

std::string establish_subscription(const Feed& feed, core::Micros period) {
  const FeedPath path = path_of(feed.kind);
  const std::string prefix = std::string{path.prefix} + ":";
  const std::string value =
      feed.kind == FeedKind::probe ? feed.key : "'" + feed.key + "'";  // oper-id is a number
  const std::string xpath = "/" + prefix + path.root + "/" + prefix + path.list + "[" + prefix +
                            path.key + "=" + value + "]";
  // Hundredths of a second (yang:timeticks); never zero, which would mean "as fast as you can".
  const std::int64_t ticks = std::max<std::int64_t>(period.count / 10'000, 1);
  XmlWriter out;
  out.open("establish-subscription", ns::kEventNotifications,
           std::string{"xmlns:yp=\""} + ns::kYangPush + "\"");
  out.leaf("stream", "yp:yang-push");
  out.open("yp:xpath-filter", {}, std::string{"xmlns:"} + path.prefix + "=\"" + path.ns + "\"");
  out.raw(escape_xml(xpath)).close();
  out.leaf("yp:period", std::to_string(ticks));
  return out.close().take();
}

}  // namespace wanwise::iosxe
