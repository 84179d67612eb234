// The requests of one session that wait for their replies, each with its own deadline. Belongs to
// the session and its executor's thread; a waiter keeps what it waits for alive by itself.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "adapters/iosxe/session/session.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::iosxe {

class PendingReplies {
 public:
  using Result = core::Expected<std::string>;

  explicit PendingReplies(boost::asio::any_io_executor executor);
  ~PendingReplies();

  /// Registers a request; before it leaves, so that no reply comes too early.
  void add(std::uint64_t id);
  /// Forgets one that never left.
  void drop(std::uint64_t id) { m_waiting.erase(id); }
  /// The reply or the error that ended the session; nothing when the deadline passed.
  [[nodiscard]] boost::asio::awaitable<std::optional<Result>> wait(std::uint64_t id,
                                                                   Deadline deadline);
  /// RFC 6241 4.3: a reply to an <rpc> the router could not read carries no message-id; requests
  /// are answered in order, so it is the oldest one's. False: nobody waits for it.
  [[nodiscard]] bool answer(std::optional<std::uint64_t> id, Result result);
  void end_all(const core::Error& error);

 private:
  struct One;
  boost::asio::any_io_executor m_executor;
  std::map<std::uint64_t, std::shared_ptr<One>> m_waiting;
};

}  // namespace wanwise::iosxe
