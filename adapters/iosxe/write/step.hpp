// The ways a step of a write ends the write. Pure; any thread.
#pragma once

#include <string>
#include <utility>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/write/wire.hpp"
#include "adapters/iosxe/write/write_result.hpp"

namespace wanwise::iosxe {

/// The router or wanwise itself said no.
[[nodiscard]] inline WriteResult refused(std::string reason, std::string detail) {
  return {core::Outcome::refused, std::move(reason), std::move(detail), {}, false, {}, {}};
}

/// The session ended before running was touched: the router drops the locks and the candidate of a
/// lost session by itself (RFC 6241 7.5, 8.3.5.2).
[[nodiscard]] inline WriteResult lost_before(const core::Error& error) {
  return {core::Outcome::failed, error.code, error.message, {}, false, {}, {}};
}

/// It ended while running was changing, or afterwards: nobody knows until it is read again.
[[nodiscard]] inline WriteResult lost_after(const core::Error& error) {
  return {core::Outcome::unknown, error.code, error.message, {}, true, {}, {}};
}

/// Of a request that does not touch running and is answered with <ok/> or an error.
[[nodiscard]] inline StepEnd refusal(const core::Expected<Reply>& reply) {
  if (!reply) return lost_before(reply.error());
  if (!reply->failed()) return std::nullopt;
  return refused(is_transient(*reply) ? errors::kLockDenied : errors::kRpcError, words(*reply));
}

/// Of a request that changes running.
[[nodiscard]] inline StepEnd change_end(const core::Expected<Reply>& reply) {
  return reply ? refusal(reply) : StepEnd{lost_after(reply.error())};
}

}  // namespace wanwise::iosxe
