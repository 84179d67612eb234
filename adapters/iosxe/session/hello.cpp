#include "adapters/iosxe/session/hello.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/xml/namespaces.hpp"
#include "adapters/iosxe/xml/xml.hpp"

namespace wanwise::iosxe {
namespace {

/// The URN without its parameters: of "urn:…:with-defaults:1.0?basic-mode=explicit" what stands
/// before the '?'.
std::string_view without_parameters(std::string_view capability) {
  return capability.substr(0, capability.find('?'));
}

constexpr std::array<std::pair<std::string_view, bool Hello::*>, 10> kKnown{{
    {"urn:ietf:params:netconf:base:1.1", &Hello::base_1_1},
    {"urn:ietf:params:netconf:capability:candidate:1.0", &Hello::candidate},
    {"urn:ietf:params:netconf:capability:writable-running:1.0", &Hello::writable_running},
    {"urn:ietf:params:netconf:capability:rollback-on-error:1.0", &Hello::rollback_on_error},
    {"urn:ietf:params:netconf:capability:validate:1.0", &Hello::validate},
    {"urn:ietf:params:netconf:capability:validate:1.1", &Hello::validate},
    {"urn:ietf:params:netconf:capability:confirmed-commit:1.1", &Hello::confirmed_commit},
    {"urn:ietf:params:netconf:capability:xpath:1.0", &Hello::xpath},
    {"urn:ietf:params:netconf:capability:notification:1.0", &Hello::notification},
    {"urn:ietf:params:netconf:capability:interleave:1.0", &Hello::interleave},
}};

}  // namespace

core::Expected<Hello> parse_hello(std::string_view xml) {
  const auto document = XmlDocument::parse(xml);
  if (!document) return core::Unexpected{document.error()};
  const XmlNode root = document->root();
  if (root.name() != "hello" || root.ns() != ns::kNetconf)
    return core::fail(errors::kProtocolError, "the first message is not a NETCONF <hello>");
  Hello hello;
  bool base_1_0 = false;
  for (const XmlNode& capability : root.child("capabilities").children("capability")) {
    ++hello.capabilities;
    const std::string_view urn = without_parameters(capability.text());
    base_1_0 = base_1_0 || urn == "urn:ietf:params:netconf:base:1.0";
    for (const auto& [known, flag] : kKnown) {
      if (urn == known) hello.*flag = true;
    }
  }
  const std::string_view id = root.child("session-id").text();
  const auto [end, wrong] = std::from_chars(id.data(), id.data() + id.size(), hello.session_id);
  if (wrong != std::errc{} || end != id.data() + id.size() || hello.session_id == 0)
    return core::fail(errors::kProtocolError, "the router's <hello> has no valid session-id");
  if (!base_1_0 && !hello.base_1_1)
    return core::fail(errors::kProtocolError, "the router speaks neither base:1.0 nor base:1.1");
  return hello;
}

core::Expected<std::string> reduced_hello(std::string_view xml) {
  const auto document = XmlDocument::parse(xml);
  if (!document) return core::Unexpected{document.error()};
  XmlWriter out;
  out.open("hello", ns::kNetconf).open("capabilities");
  for (const XmlNode& capability : document->root().child("capabilities").children("capability")) {
    const std::string_view urn = capability.text();
    if (!urn.starts_with("urn:ietf:params:netconf:")) continue;
    if (urn.starts_with("urn:ietf:params:netconf:capability:yang-library:")) continue;
    out.leaf("capability", urn);
  }
  out.close().leaf("session-id", document->root().child("session-id").text());
  return out.close().take();
}

std::string client_hello() {
  XmlWriter out;
  out.raw(R"(<?xml version="1.0" encoding="UTF-8"?>)").open("hello", ns::kNetconf);
  out.open("capabilities");
  out.leaf("capability", "urn:ietf:params:netconf:base:1.0");
  out.leaf("capability", "urn:ietf:params:netconf:base:1.1");
  return out.close().close().take();
}

}  // namespace wanwise::iosxe
