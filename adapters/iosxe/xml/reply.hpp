// <rpc-reply> (RFC 6241 4.2): XML text -> what the router answered.
// Pure; a Reply owns its document; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/iosxe/xml/xml.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::iosxe {

/// One <rpc-error> of severity error.
struct RpcError {
  std::string tag;      ///< "invalid-value", "lock-denied", …
  std::string message;  ///< the router's own words
  std::string path;     ///< error-path, where given
  std::string bad_cli;  ///< the command its parser refused (cisco-ia detail), where given
};

/// "invalid-value: inconsistent value: Device refused one or more commands [bad command: …]"
[[nodiscard]] std::string to_string(const RpcError& error);

class Reply {
 public:
  /// protocol-error when it is no <rpc-reply>.
  [[nodiscard]] static core::Expected<Reply> parse(std::string_view xml);

  /// Errors of severity error; a reply with warnings only is a good one.
  [[nodiscard]] const std::vector<RpcError>& errors() const { return m_errors; }
  [[nodiscard]] bool failed() const { return !m_errors.empty(); }
  [[nodiscard]] XmlNode root() const { return m_document.root(); }
  /// <data>, where the reply has one.
  [[nodiscard]] XmlNode data() const { return root().child("data"); }

 private:
  explicit Reply(XmlDocument document) : m_document(std::move(document)) {}

  XmlDocument m_document;
  std::vector<RpcError> m_errors;
};

/// The outcome of establish-subscription: draft yang-push answers "no" without an <rpc-error>.
struct SubscriptionAnswer {
  std::optional<std::uint32_t> id;  ///< absent: refused
  std::string result;               ///< "ok", or why not: "error-insufficient-resources"
};
[[nodiscard]] SubscriptionAnswer subscription_answer(const Reply& reply);

}  // namespace wanwise::iosxe
