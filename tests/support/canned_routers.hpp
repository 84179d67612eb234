// Routers that only say what they are told to: libssh's server API on a thread of its own, one port
// on loopback, each connection a router. For what the emulator cannot do (bad framing, an endless
// flood, legacy algorithms, a thousand at once). Everything of a CannedPeer happens on that thread;
// reach it from outside by run(). Sends never block: what the client does not take waits here,
// bounded by the script's own good sense.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wanwise::test {

/// One connection.
class CannedPeer {
 public:
  using Clock = std::chrono::steady_clock;
  virtual ~CannedPeer() = default;

  /// The name it logged in with: scripts tell their routers apart by it.
  [[nodiscard]] virtual const std::string& user() const = 0;
  /// Bytes as they are.
  virtual void raw(std::string_view bytes) = 0;
  /// A message in the framing of the moment.
  virtual void message(std::string_view xml) = 0;
  /// <rpc-reply> with the id of `request`.
  virtual void reply(const std::string& request, std::string_view content) = 0;
  /// At most so many bytes leave in a millisecond; 0: as fast as it goes.
  virtual void throttle(std::size_t bytes_per_millisecond) = 0;
  /// Calls back every `period` from now on, until the connection ends.
  virtual void every(std::chrono::milliseconds period, std::function<void()> what) = 0;
  /// Bytes that still wait here.
  [[nodiscard]] virtual std::size_t unsent() const = 0;
  virtual void hang_up() = 0;
};

struct CannedScript {
  /// Only what an old IOS XE has: ssh-rsa, group14-sha1, CBC, hmac-sha1.
  bool legacy = false;
  /// The port accepts, and no SSH banner ever comes.
  bool mute = false;
  bool refuse_login = false;
  /// When the netconf subsystem was asked for; default: the whole <hello>.
  std::function<void(CannedPeer&)> on_open;
  /// A complete message of the client, after its hello; default: canned_answer().
  std::function<void(CannedPeer&, const std::string&)> on_message;
};

class CannedRouters {
 public:
  static constexpr const char* kPassword = "canned";

  explicit CannedRouters(CannedScript script = {});
  ~CannedRouters();
  CannedRouters(const CannedRouters&) = delete;
  CannedRouters& operator=(const CannedRouters&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] const std::string& host_key() const;
  /// On the thread, with the peers that are open, and waited for.
  void run(const std::function<void(const std::vector<CannedPeer*>&)>& what);

 private:
  class Impl;
  std::unique_ptr<Impl> m_impl;
};

/// A <hello> of base:1.0, base:1.1, candidate and so many module capabilities, indented and padded
/// with white space as IOS XE prints it.
[[nodiscard]] std::string canned_hello(std::size_t modules = 0);
/// The same from the capabilities of a text (a real device's), whatever stands around them.
[[nodiscard]] std::string hello_from(std::string_view capabilities);

/// What a router in good health answers to wanwise: state to <get>, nothing configured, ok to
/// writes, and to establish-subscription a subscription that pushes at its period.
/// `haste`: so many times faster, down to a push a millisecond.
void canned_answer(CannedPeer& peer, const std::string& request, std::uint32_t haste = 1);
/// A push-update with the counters of a cellular interface under QoS, as an IR1101 sends it.
[[nodiscard]] std::string canned_push(std::uint32_t subscription, std::uint64_t round);
/// A notification that no subscription asked for, so many bytes long at least.
[[nodiscard]] std::string canned_notification(std::size_t bytes = 0);

}  // namespace wanwise::test
