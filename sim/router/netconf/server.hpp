// The NETCONF server: libnetconf2's SSH endpoint, threads that accept, a thread for each
// session. libnetconf2 keeps its state in globals, so a process has at most one Server. Owned by
// main; stop() joins every thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "sim/router/device.hpp"
#include "sim/router/faults/fault_gate.hpp"
#include "sim/router/faults/faulty_requests.hpp"
#include "sim/router/faults/relay.hpp"
#include "sim/router/netconf/events.hpp"
#include "sim/router/netconf/publisher.hpp"
#include "sim/router/netconf/rpcs.hpp"
#include "sim/router/netconf/sessions.hpp"

namespace wanwise::router {

struct ServerSettings {
  std::string listen = "127.0.0.1";
  std::uint16_t port = 0;     ///< 0: a free one is picked
  std::string host_key_file;  ///< exists
  std::string user;
  std::string password;               ///< empty: no password login
  std::string authorized_key_file;    ///< empty: no login by key
  std::optional<FaultScript> faults;  ///< with it a Relay stands in front of libnetconf2
};

class Server {
 public:
  /// `ctx` and `device` outlive the server. Serves when it returns.
  [[nodiscard]] static core::Expected<std::unique_ptr<Server>> start(ly_ctx* ctx, Device& device,
                                                                     ServerSettings settings);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const { return m_relay ? m_relay->port() : m_settings.port; }
  /// Counts and clock of the fault script start anew. Only where the server began with one.
  void load_faults(FaultScript script);

  /// Ends all sessions. False: a login that stands still holds a thread of the library; the process
  /// can only end, not clean up.
  [[nodiscard]] bool stop();

 private:
  Server(ly_ctx* ctx, Device& device, ServerSettings settings);
  [[nodiscard]] core::Expected<void> open();
  [[nodiscard]] core::Expected<void> bind();
  [[nodiscard]] core::Expected<void> allow_login();
  void accept();
  void adopt(nc_session* raw, const Session* sibling);
  void run(Session& session);
  /// False: the session is over.
  [[nodiscard]] bool turn(Session& session, nc_pollsession* poll, bool& idle);
  void send_news(Session& session);
  void end(Session& session, nc_pollsession* poll);
  void watch_deadlines();
  [[nodiscard]] std::vector<SessionState> session_states();
  void tell_reactions();
  void tell_change(const Tree& before, const Tree& after, SessionId by);
  [[nodiscard]] core::Expected<void> open_relay(const std::string& listen, std::uint16_t port);
  void play(const TimedRule& rule);
  /// NETCONF alone restarts: all sessions end, nobody gets in for so long.
  void restart(std::chrono::milliseconds time);

  Device& m_device;
  ServerSettings m_settings;
  Sessions m_sessions;
  Events m_events;
  Publisher m_publisher;
  Rpcs m_rpcs;
  std::optional<FaultGate> m_gate;
  std::unique_ptr<Relay> m_relay;
  std::optional<FaultyRequests> m_faults;
  std::atomic<bool> m_stop = false;
  std::atomic<int> m_acceptors = 0;
  bool m_opened = false;
  std::vector<std::thread> m_accepting;
  std::thread m_watch;
};

}  // namespace wanwise::router
