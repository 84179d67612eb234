#include "adapters/iosxe/read/notification.hpp"

#include <utility>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/read/values.hpp"
#include "adapters/iosxe/xml/namespaces.hpp"

namespace wanwise::iosxe {
namespace {

using Kind = Notification::Kind;

Kind kind_of(const XmlNode& body) {
  if (body.ns() == ns::kYangPush && body.name() == "push-update") return Kind::push_update;
  if (body.ns() == ns::kYangPush && body.name() == "push-change-update") return Kind::push_change;
  if (body.ns() == ns::kEventNotifications &&
      (body.name() == "subscription-terminated" || body.name() == "subscription-suspended"))
    return Kind::ended;
  if (body.ns() == ns::kIpSlaEvents && body.name() == "ipsla-reaction-update")
    return Kind::reaction;
  if (body.ns() == ns::kNetconfNotifications && body.name() == "netconf-config-change")
    return Kind::config_change;
  return Kind::other;
}

/// The element beside eventTime.
XmlNode body_of(const XmlNode& root) {
  for (const XmlNode& node : root.children()) {
    if (node.name() != "eventTime" || node.ns() != ns::kNotification) return node;
  }
  return {};
}

}  // namespace

XmlNode Notification::data() const {
  return body_of(document.root()).child("datastore-contents-xml");
}

XmlNode Notification::reaction() const {
  const XmlNode body = body_of(document.root());
  return kind == Kind::push_update ? data().child("ipsla-reaction-update") : body;
}

std::optional<std::uint32_t> Notification::changed_by() const {
  const XmlNode by = body_of(document.root()).child("changed-by");
  return parse_integer<std::uint32_t>(by.child("session-id").text());
}

core::Expected<Notification> parse_notification(std::string_view xml) {
  auto document = XmlDocument::parse(xml);
  if (!document) return core::Unexpected{document.error()};
  const XmlNode root = document->root();
  if (root.ns() != ns::kNotification || root.name() != "notification")
    return core::fail(errors::kProtocolError, "a message that is neither reply nor notification");
  const XmlNode body = body_of(root);
  const Kind kind = kind_of(body);
  const auto time = parse_router_time(root.child("eventTime").text());
  const auto id = parse_integer<std::uint32_t>(body.child("subscription-id").text());
  const bool needs_id = kind == Kind::push_update || kind == Kind::push_change;
  if (needs_id && !id)
    return core::fail(errors::kProtocolError, "a push-update without a valid subscription-id");
  return Notification{std::move(*document), kind, time, id};
}

}  // namespace wanwise::iosxe
