// The names under which this adapter's failures are known: in RouterSession::reason, in
// ActionDone::reason and in the journal. Stable, kebab-case. Constants only.
#pragma once

namespace wanwise::iosxe::errors {

// Reaching the router.
inline constexpr const char* kResolveFailed = "resolve-failed";
inline constexpr const char* kConnectRefused = "connect-refused";
inline constexpr const char* kConnectTimeout = "connect-timeout";
inline constexpr const char* kUnknownHostKey = "unknown-host-key";
inline constexpr const char* kLoginRefused = "login-refused";
inline constexpr const char* kCredentialMissing = "credential-missing";
inline constexpr const char* kSshFailed = "ssh-failed";
inline constexpr const char* kNoNetconf = "no-netconf";

// While talking to it.
inline constexpr const char* kConnectionLost = "connection-lost";
inline constexpr const char* kReplyTimeout = "reply-timeout";
inline constexpr const char* kProtocolError = "protocol-error";
inline constexpr const char* kMessageTooBig = "message-too-big";
inline constexpr const char* kClosed = "closed";
/// The libnetconf2 session only: our modules do not describe the request, so it was not sent.
inline constexpr const char* kOperationUnknown = "operation-unknown";

// What it said to a request.
inline constexpr const char* kRpcError = "rpc-error";
inline constexpr const char* kLockDenied = "lock-denied";

// Writes.
inline constexpr const char* kBusy = "busy";
inline constexpr const char* kDeadline = "deadline";
inline constexpr const char* kNotConnected = "not-connected";
inline constexpr const char* kNotWritable = "not-writable";
inline constexpr const char* kForeignPolicy = "foreign-policy";
inline constexpr const char* kInvalidQos = "invalid-qos";
inline constexpr const char* kSteeringNotSupported = "steering-not-supported";
inline constexpr const char* kNameCollision = "name-collision";
inline constexpr const char* kUnsupportedInterface = "unsupported-interface";
inline constexpr const char* kReadBackDiffers = "read-back-differs";
/// Answered ok, but running is as before; or configured, but not in force.
inline constexpr const char* kNoEffect = "no-effect";
inline constexpr const char* kCommitRate = "commit-rate";
inline constexpr const char* kReadBackFailed = "read-back-failed";
inline constexpr const char* kSchemaFailed = "schema-failed";

}  // namespace wanwise::iosxe::errors
