#include "adapters/iosxe/read/subscribe.hpp"

#include <algorithm>
#include <string_view>

#include "adapters/iosxe/read/values.hpp"
#include "adapters/iosxe/xml/namespaces.hpp"

namespace wanwise::iosxe {
namespace {

void open_establish(XmlWriter& out, const std::string& more = {}) {
  out.open("establish-subscription", ns::kEventNotifications,
           std::string{"xmlns:yp=\""} + ns::kYangPush + "\"" + more);
}

void write_filter(XmlWriter& out, const FeedXpath& path) {
  out.open("yp:xpath-filter", {}, "xmlns:" + path.prefix + "=\"" + path.ns + "\"");
  out.raw(escape_xml(path.xpath)).close();
}

/// Names only: "/a:b/a:c[a:d='e/f']/g | …" -> "/b/c/g" of the first alternative.
std::string plain_path(std::string_view xpath) {
  std::string path, name;
  int depth = 0;
  for (const char c : xpath) {
    if (c == '[') ++depth;
    if (depth == 0) {
      if (c == '|' || c == ' ') break;
      if (c == '/') {
        path += name + "/";
        name.clear();
      } else if (c == ':') {
        name.clear();  // a prefix or a module's name
      } else {
        name += c;
      }
    }
    if (c == ']') --depth;
  }
  return path + name;
}

bool is_below(std::string_view path, std::string_view root) {
  return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
}

}  // namespace

std::string establish_subscription(const Feed& feed, std::optional<core::Micros> period) {
  XmlWriter out;
  open_establish(out);
  out.leaf("stream", "yp:yang-push");
  write_filter(out, xpath_of(feed));
  if (period) {
    // yang:timeticks; never zero, which would mean "as fast as you can".
    out.leaf("yp:period", std::to_string(std::max<std::int64_t>(period->count / 10'000, 1)));
  } else {
    out.leaf("yp:dampening-period", "0");
  }
  return out.close().take();
}

std::string delete_subscription(std::uint32_t id) {
  XmlWriter out;
  out.open("delete-subscription", ns::kEventNotifications);
  return out.leaf("subscription-id", std::to_string(id)).close().take();
}

std::string establish_reactions() {
  XmlWriter out;
  open_establish(out, std::string{" xmlns:cyp=\""} + ns::kPushExtension + "\"");
  out.leaf("stream", "cyp:yang-notif-native");
  write_filter(out, {"/ip-sla-ios-xe-events:ipsla-reaction-update", "ip-sla-ios-xe-events",
                     ns::kIpSlaEvents});
  return out.leaf("yp:dampening-period", "0").close().take();
}

std::string subscribe_config_changes() {
  XmlWriter out;
  out.open("create-subscription", ns::kNotification).leaf("stream", "NETCONF");
  out.open("filter", {}, "type=\"subtree\"");
  out.open("netconf-config-change", ns::kNetconfNotifications).close();
  return out.close().close().take();
}

std::string get_on_change() {
  XmlWriter out;
  out.open("get").open("filter", {}, "type=\"subtree\"");
  out.open("mdt-capabilities-oper-data", ns::kMdtCapabilities).open("mdt-system");
  out.open("mdt-datastore").empty("datastore").empty("mdt-per-node").close();
  return out.close().close().close().close().take();
}

std::string get_limits() {
  XmlWriter out;
  out.open("get").open("filter", {}, "type=\"subtree\"");
  out.open("mdt-oper-v2-data", ns::kMdtOper).open("mdt-system-status");
  out.empty("subs-max-num").empty("subs-valid-num");
  return out.close().close().close().close().take();
}

OnChangePaths::OnChangePaths(const XmlNode& data) {
  const XmlNode system = data.child("mdt-capabilities-oper-data").child("mdt-system");
  for (const XmlNode& datastore : system.children("mdt-datastore")) {
    for (const XmlNode& node : datastore.children("mdt-per-node")) {
      const XmlNode caps = node.child("sub-caps");
      const auto index = parse_integer<std::uint32_t>(node.child("index").text());
      std::string path = plain_path(node.child("xpath").text());
      while (path.ends_with('/')) path.pop_back();
      if (!index || path.empty() || !caps.child("on-change-is-valid")) continue;
      if (m_entries.size() == kMaxEntries) break;
      // Bits: of state, of configuration, or of both.
      const bool state =
          caps.child("on-change-supported").text().find("notif-state") != std::string_view::npos;
      m_entries.push_back({*index, std::move(path), state});
    }
  }
  std::stable_sort(m_entries.begin(), m_entries.end(),
                   [](const Entry& a, const Entry& b) { return a.index < b.index; });
}

bool OnChangePaths::covers(const Feed& feed) const {
  const std::string path = plain_path(xpath_of(feed).xpath);
  const auto entry = std::find_if(m_entries.begin(), m_entries.end(),
                                  [&](const Entry& e) { return is_below(path, e.path); });
  return entry != m_entries.end() && entry->supported;
}

bool may_push_on_change(FeedKind kind) {
  return kind == FeedKind::interface_state || kind == FeedKind::network ||
         kind == FeedKind::connection || kind == FeedKind::bfd;
}

std::vector<Feed> feeds_to_push(const RouterConfig& config, const FeatureSet& features,
                                const OnChangePaths& on_change) {
  std::vector<Feed> feeds = feeds_of(config, features);
  std::erase_if(feeds, [](const Feed& feed) { return is_slow(feed.kind); });
  const auto push_state = [&](const std::string& interface) {
    const Feed state{FeedKind::interface_state, interface};
    if (features.has(Feature::interface_counters) && on_change.covers(state))
      feeds.push_back(state);
  };
  for (const LinkConfig& link : config.links) push_state(link.interface);
  for (const NodePortConfig& port : config.node_ports) push_state(port.interface);
  return feeds;
}

SubscriptionLimits read_limits(const XmlNode& data) {
  const XmlNode status = data.child("mdt-oper-v2-data").child("mdt-system-status");
  return {parse_integer<std::uint32_t>(status.child("subs-max-num").text()),
          parse_integer<std::uint32_t>(status.child("subs-valid-num").text())};
}

}  // namespace wanwise::iosxe
