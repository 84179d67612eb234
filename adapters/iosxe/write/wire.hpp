// The session as one write sees it: requests one after the other, again while the router says "not
// now", and never another one once the session is lost. Belongs to a write; the executor's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>

#include "adapters/iosxe/config.hpp"
#include "adapters/iosxe/session/session.hpp"
#include "adapters/iosxe/xml/reply.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::iosxe {

/// Tries of one request. At the longest pause this is longer than the longest patience; it bounds
/// the requests should both limits be set to nonsense.
inline constexpr int kMaxTries = 400;

class Wire {
 public:
  /// `limits` outlives the wire.
  Wire(std::shared_ptr<Session> session, const Limits& limits)
      : m_session(std::move(session)), m_limits(limits) {}

  /// The answer, an <rpc-error> included; an error when the session is lost.
  [[nodiscard]] boost::asio::awaitable<core::Expected<Reply>> ask(std::string operation,
                                                                  Deadline deadline);
  /// The same, but asked again while the answer is transient, for Limits::lock_patience or until
  /// the deadline: then the last answer is the answer. `mend`, where given, is asked before each
  /// further try; its answer does not matter.
  [[nodiscard]] boost::asio::awaitable<core::Expected<Reply>> ask_patiently(
      std::string operation, Deadline deadline, const char* mend = nullptr);
  [[nodiscard]] bool lost() const { return m_lost.has_value(); }

 private:
  std::shared_ptr<Session> m_session;
  const Limits& m_limits;
  std::optional<core::Error> m_lost;
};

/// What a router answers while somebody else, often its own synchronisation after a CLI change,
/// holds the configuration for a moment. The request was not carried out.
[[nodiscard]] bool is_transient(const Reply& reply);
/// All errors of an answer, in the router's words.
[[nodiscard]] std::string words(const Reply& reply);

[[nodiscard]] std::string lock_request(const std::string& datastore);
[[nodiscard]] std::string unlock_request(const std::string& datastore);
inline constexpr const char* kDiscardChanges = "<discard-changes/>";
inline constexpr const char* kCloseSession = "<close-session/>";

/// A pause that can be awaited.
[[nodiscard]] boost::asio::awaitable<void> pause_until(Deadline deadline);

}  // namespace wanwise::iosxe
