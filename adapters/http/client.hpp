// A small blocking HTTP client for the CLI: one request, one answer, one deadline. Runs on the
// caller's thread; no state between calls; safe from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/http/server.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::http {

struct Endpoint {
  std::string host = "127.0.0.1";
  std::uint16_t port = kDefaultPort;
};

/// The daemon answers from memory within milliseconds; a person gives up after a few seconds.
inline constexpr std::chrono::milliseconds kClientDeadline{5'000};

/// The body of a 2xx answer. Errors: `host-unknown`, `connect-refused`, `connect-failed`,
/// `deadline-exceeded`, `connection-lost`, `bad-response`, `response-too-large`; an error the
/// server told keeps its code ("unknown-workload"), with what is allowed in its message. The
/// deadline covers everything but the resolver's own time-outs, which apply when `host` is a name
/// and not an address.
[[nodiscard]] core::Expected<std::string> get(const Endpoint& endpoint, const std::string& path,
                                              std::chrono::milliseconds deadline = kClientDeadline);

/// The same with a JSON body.
[[nodiscard]] core::Expected<std::string> post(
    const Endpoint& endpoint, const std::string& path, const std::string& body,
    std::chrono::milliseconds deadline = kClientDeadline);

/// `text` as one segment of a path: everything but RFC 3986's unreserved characters is encoded.
[[nodiscard]] std::string encode_segment(std::string_view text);

}  // namespace wanwise::http
