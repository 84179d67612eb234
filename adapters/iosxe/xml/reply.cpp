#include "adapters/iosxe/xml/reply.hpp"

#include <charconv>
#include <utility>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/xml/namespaces.hpp"

namespace wanwise::iosxe {
namespace {

/// What a router says goes into journals and onto screens: bounded.
constexpr std::size_t kMaxWords = 1024;

std::string words(std::string_view text) {
  return std::string{text.substr(0, kMaxWords)};
}

RpcError rpc_error(const XmlNode& node) {
  RpcError error;
  error.tag = words(node.child("error-tag").text());
  error.message = words(node.child("error-message").text());
  error.path = words(node.child("error-path").text());
  const XmlNode bad_cli = node.child("error-info").child("detail").child("bad-cli");
  error.bad_cli = words(bad_cli.child("bad-command").text());
  if (error.bad_cli.empty()) error.bad_cli = words(bad_cli.child("parser-context").text());
  return error;
}

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || wrong != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string to_string(const RpcError& error) {
  std::string text = error.tag;
  if (!error.message.empty()) text += ": " + error.message;
  if (!error.path.empty()) text += " (" + error.path + ")";
  if (!error.bad_cli.empty()) text += " [bad command: " + error.bad_cli + "]";
  return text;
}

core::Expected<Reply> Reply::parse(std::string_view xml) {
  auto document = XmlDocument::parse(xml);
  if (!document) return core::Unexpected{document.error()};
  if (document->root().name() != "rpc-reply" || document->root().ns() != ns::kNetconf)
    return core::fail(errors::kProtocolError, "an answer that is no <rpc-reply>");
  Reply reply{std::move(*document)};
  for (const XmlNode& node : reply.root().children("rpc-error")) {
    if (node.child("error-severity").text() != "warning") reply.m_errors.push_back(rpc_error(node));
  }
  return reply;
}

SubscriptionAnswer subscription_answer(const Reply& reply) {
  SubscriptionAnswer answer;
  std::string_view result = reply.root().child("subscription-result").text();
  const std::size_t colon = result.rfind(':');  // an identity, with the module's prefix
  if (colon != std::string_view::npos) result.remove_prefix(colon + 1);
  answer.result = words(result);
  if (reply.failed()) answer.result = to_string(reply.errors().front());
  if (result == "ok" && !reply.failed())
    answer.id = number(reply.root().child("subscription-id").text());
  return answer;
}

}  // namespace wanwise::iosxe
