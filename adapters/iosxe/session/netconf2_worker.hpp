// libnetconf2's blocking client on a thread of its own: it sends requests, takes what came, and
// says what became of each. It reads from one end of a socket pair whose other end the session
// feeds with complete messages only, so that no call waits for the router; stop() shuts the pair,
// which ends any call at once. The other methods may be called from any one thread; the callbacks
// come on the worker's, and must not own the worker.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "adapters/iosxe/session/envelope.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::iosxe {

class Netconf2Worker {
 public:
  struct Callbacks {
    std::function<void()> on_connected;
    std::function<void(std::uint64_t ticket, core::Expected<std::string>)> on_reply;
    std::function<void(std::string)> on_notification;
    std::function<void(core::Error)> on_failed;  ///< the session is over
  };

  /// Takes the descriptor. `yang_dir` is our yang/ folder.
  Netconf2Worker(int descriptor, std::string yang_dir, Callbacks callbacks);
  /// Stops and waits for the thread, which no call of libnetconf2 holds any longer.
  ~Netconf2Worker();
  Netconf2Worker(const Netconf2Worker&) = delete;
  Netconf2Worker& operator=(const Netconf2Worker&) = delete;

  /// False: more than kMaxUnsentBytes would wait.
  [[nodiscard]] bool request(std::uint64_t ticket, std::string operation);
  /// A message whose bytes are on their way through the socket pair.
  void arrived(Envelope envelope, std::string message);
  void stop();

 private:
  struct Request {
    std::uint64_t ticket = 0;
    std::string operation;
  };
  struct Message {
    Envelope envelope;
    std::string text;
  };
  class Client;  // libnetconf2's objects

  void run();
  void serve(Client& client);
  bool next(std::optional<Request>& request, std::optional<Message>& message);

  const int m_descriptor;
  const std::string m_yang_dir;
  const Callbacks m_callbacks;
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::deque<Request> m_requests;
  std::size_t m_request_bytes = 0;
  std::deque<Message> m_messages;
  bool m_stopped = false;
  std::thread m_thread;  // last: it uses all the others
};

}  // namespace wanwise::iosxe
