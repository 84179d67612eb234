// The capabilities exchange of RFC 6241 8.1: our <hello>, and what the router's says it can do.
// A hello of an IR1101 lists hundreds of modules; they are counted, never loaded. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/expected.hpp"

namespace wanwise::iosxe {

/// What the session may use. Decided by the hello alone: the same software has a writable running
/// datastore or a candidate one, as it is configured.
struct Hello {
  std::uint32_t session_id = 0;
  bool base_1_1 = false;  ///< chunked framing (RFC 6242)
  bool candidate = false;
  bool writable_running = false;
  bool rollback_on_error = false;
  bool validate = false;  ///< 1.0 or 1.1
  bool confirmed_commit = false;
  bool xpath = false;
  bool notification = false;  ///< RFC 5277
  bool interleave = false;    ///< RPCs while notifications flow
  std::size_t capabilities = 0;
  bool operator==(const Hello&) const = default;
};

/// protocol-error when it is no hello, lacks a session-id, or shares no base version with us.
[[nodiscard]] core::Expected<Hello> parse_hello(std::string_view xml);

/// The router's hello with the capabilities of NETCONF itself alone, without any module and without
/// yang-library, for a client library that would fetch and compile whatever it finds there
/// (libnetconf2 2.0.24 dies on that of a real IR1101).
[[nodiscard]] core::Expected<std::string> reduced_hello(std::string_view xml);

/// Ours: base:1.0 and base:1.1.
[[nodiscard]] std::string client_hello();

}  // namespace wanwise::iosxe
