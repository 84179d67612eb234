// A small NETCONF client for tests: libssh and RFC 6242 framing, text in, text out. It checks
// nothing and repairs nothing. One thread. Every wait has a deadline.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace wanwise::test {

struct Login {
  std::uint16_t port = 0;
  std::string user;
  std::string password;     ///< empty: by key
  std::string private_key;  ///< file
  bool chunked = true;      ///< base:1.1; false: base:1.0 only
};

class NetconfPeer {
 public:
  static constexpr std::chrono::milliseconds kPatience{20'000};

  /// The peer after both hellos, or why there is none ("login refused", …).
  [[nodiscard]] static std::variant<std::unique_ptr<NetconfPeer>, std::string> connect(
      const Login& login);
  ~NetconfPeer();
  NetconfPeer(const NetconfPeer&) = delete;
  NetconfPeer& operator=(const NetconfPeer&) = delete;

  [[nodiscard]] const std::string& hello() const { return m_hello; }
  [[nodiscard]] std::uint32_t session_id() const;
  [[nodiscard]] const std::string& host_key() const { return m_host_key; }

  /// Sends `<rpc>operation</rpc>` and returns the reply; empty when the connection ended or the
  /// time is over. Notifications in between are kept.
  std::string rpc(const std::string& operation, std::chrono::milliseconds patience = kPatience);
  void send(const std::string& operation);
  std::string reply(std::chrono::milliseconds patience = kPatience);
  std::optional<std::string> notification(std::chrono::milliseconds patience = kPatience);
  /// Ends the TCP connection without a word of NETCONF.
  void drop();

 private:
  struct Ssh;
  NetconfPeer();
  [[nodiscard]] std::string open(const Login& login);
  [[nodiscard]] std::optional<std::string> next(std::chrono::steady_clock::time_point until);
  [[nodiscard]] std::optional<std::string> take_message();

  std::unique_ptr<Ssh> m_ssh;
  bool m_chunked = false;
  std::string m_buffer;
  std::string m_hello;
  std::string m_host_key;
  std::deque<std::string> m_notifications;
  std::deque<std::string> m_replies;
  int m_last_id = 0;
};

}  // namespace wanwise::test
