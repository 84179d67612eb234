#include "sim/router/netconf/server.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "sim/router/netconf/config_change.hpp"
#include "sim/router/netconf/filter.hpp"
#include "sim/router/netconf/free_port.hpp"
#include "sim/router/netconf/library.hpp"
#include "sim/router/netconf/reaction_update.hpp"

namespace wanwise::router {
namespace {

using std::chrono::milliseconds;

constexpr const char* kEndpoint = "main";
// nc_accept() is serial: a client that says nothing blocks one of these for ten seconds.
constexpr int kAcceptors = 2;
constexpr int kAcceptTimeoutMs = 100;
constexpr std::uint16_t kAuthTimeoutS = 10;
constexpr std::uint16_t kHelloTimeoutS = 10;
// nc_ps_poll() with a timeout of its own spins at 100 us: a sixth of a core for an idle session.
constexpr std::chrono::microseconds kMinPause{500};
constexpr std::chrono::microseconds kMaxPause{4000};
constexpr milliseconds kDeadlineStep{20};
constexpr milliseconds kStopPatience{2000};
constexpr int kSendTimeoutMs = 1000;  // for a lock that nobody else holds
constexpr int kPortAttempts = 8;

nc_server_reply* serve(lyd_node* rpc, nc_session* session) {
  auto& own = *static_cast<Session*>(nc_session_get_data(session));
  return own.rpcs->serve(rpc, own);
}

// The library looks for an operation's own callback in its schema node. Must be there before
// nc_server_init(), which would else install its own.
void replace_get_schema(ly_ctx* ctx) {
  const lysc_node* node = lys_find_path(ctx, nullptr, "/ietf-netconf-monitoring:get-schema", 0);
  if (node != nullptr) {
    const_cast<lysc_node*>(node)->priv = reinterpret_cast<void*>(&serve);
  }
}

int give_host_key(const char*, void* settings, char** path, char** data, NC_SSH_KEY_TYPE*) {
  *path = ::strdup(static_cast<ServerSettings*>(settings)->host_key_file.c_str());
  *data = nullptr;
  return 0;
}

int check_password(const nc_session* session, const char* password, void* user_data) {
  const auto& settings = *static_cast<ServerSettings*>(user_data);
  const bool right = !settings.password.empty() && settings.password == password &&
                     settings.user == or_empty(nc_session_get_username(session));
  return right ? 0 : 1;
}

}  // namespace

Server::Server(ly_ctx* ctx, Device& device, ServerSettings settings)
    : m_device(device),
      m_settings(std::move(settings)),
      m_publisher(ctx, m_events,
                  [&device](const std::string& path) {
                    return filter_xpath(device.context(), device.state(Roots::of_xpath(path)),
                                        path);
                  }),
      m_rpcs(device, m_sessions, m_publisher, m_events) {
  replace_get_schema(ctx);
  device.set_telemetry([this] { return m_publisher.state(); });
  device.set_sessions([this] { return session_states(); });
  device.datastores().set_witness([this](const Tree& before, const Tree& after, SessionId by) {
    tell_change(before, after, by);
  });
}

core::Expected<std::unique_ptr<Server>> Server::start(ly_ctx* ctx, Device& device,
                                                      ServerSettings settings) {
  std::unique_ptr<Server> server(new Server(ctx, device, std::move(settings)));
  if (nc_server_init(ctx) != 0) {
    return core::fail("cannot-serve", "libnetconf2 does not start");
  }
  server->m_opened = true;
  // With a fault script the relay takes the address that clients know.
  const std::string listen = server->m_settings.listen;
  const std::uint16_t port = server->m_settings.port;
  if (server->m_settings.faults) {
    server->m_settings.listen = "127.0.0.1";
    server->m_settings.port = 0;
  }
  if (auto opened = server->open(); !opened) {
    return core::Unexpected<core::Error>{opened.error()};
  }
  if (server->m_settings.faults) {
    if (auto opened = server->open_relay(listen, port); !opened) {
      return core::Unexpected<core::Error>{opened.error()};
    }
  }
  Server* self = server.get();
  for (int i = 0; i < kAcceptors; ++i) {
    ++self->m_acceptors;
    self->m_accepting.emplace_back([self] { self->accept(); });
  }
  self->m_watch = std::thread([self] { self->watch_deadlines(); });
  return server;
}

core::Expected<void> Server::open() {
  nc_server_set_capab_withdefaults(NC_WD_EXPLICIT, NC_WD_ALL | NC_WD_ALL_TAG);
  nc_server_set_capability("urn:ietf:params:netconf:capability:interleave:1.0");
  nc_server_set_capability("urn:ietf:params:netconf:capability:notification:1.0");
  nc_server_set_capability("http://tail-f.com/ns/netconf/actions/1.0");
  for (const std::string& entry :
       hello_modules(m_device.release(), implemented_modules(m_device.context()))) {
    nc_server_set_capability(entry.c_str());
  }
  nc_server_set_hello_timeout(kHelloTimeoutS);
  nc_set_global_rpc_clb(&serve);
  nc_server_ssh_set_hostkey_clb(&give_host_key, &m_settings, nullptr);
  nc_server_ssh_set_passwd_auth_clb(&check_password, &m_settings, nullptr);
  if (nc_server_add_endpt(kEndpoint, NC_TI_LIBSSH) != 0) {
    return core::fail("cannot-serve", "libnetconf2 takes no endpoint");
  }
  if (auto allowed = allow_login(); !allowed) {
    return allowed;
  }
  return bind();
}

core::Expected<void> Server::allow_login() {
  int methods = 0;
  if (!m_settings.password.empty()) {
    methods |= NC_SSH_AUTH_PASSWORD;
  }
  if (!m_settings.authorized_key_file.empty()) {
    methods |= NC_SSH_AUTH_PUBLICKEY;
    if (nc_server_ssh_add_authkey_path(m_settings.authorized_key_file.c_str(),
                                       m_settings.user.c_str()) != 0) {
      return core::fail("bad-key", m_settings.authorized_key_file + ": no public key");
    }
  }
  nc_server_ssh_endpt_set_auth_methods(kEndpoint, methods);
  nc_server_ssh_endpt_set_auth_timeout(kEndpoint, kAuthTimeoutS);
  if (nc_server_ssh_endpt_add_hostkey(kEndpoint, "host", -1) != 0) {
    return core::fail("host-key", m_settings.host_key_file + ": refused by libnetconf2");
  }
  return {};
}

core::Expected<void> Server::bind() {
  if (nc_server_endpt_set_address(kEndpoint, m_settings.listen.c_str()) != 0) {
    return core::fail("cannot-listen", m_settings.listen + ": no address of this machine");
  }
  if (m_settings.port != 0) {
    return nc_server_endpt_set_port(kEndpoint, m_settings.port) == 0
               ? core::Expected<void>{}
               : core::fail("cannot-listen", m_settings.listen + ":" +
                                                 std::to_string(m_settings.port) +
                                                 ": the port cannot be bound");
  }
  // libnetconf2 refuses port 0; between picking a port and binding it another may take it.
  for (int attempt = 0; attempt < kPortAttempts; ++attempt) {
    const std::uint16_t port = pick_free_port(m_settings.listen);
    if (port != 0 && nc_server_endpt_set_port(kEndpoint, port) == 0) {
      m_settings.port = port;
      return {};
    }
  }
  return core::fail("cannot-listen", m_settings.listen + ": no free port");
}

core::Expected<void> Server::open_relay(const std::string& listen, std::uint16_t port) {
  auto relay = Relay::open(listen, port, m_settings.port);
  if (!relay) {
    return core::Unexpected<core::Error>{relay.error()};
  }
  m_relay = std::move(*relay);
  m_gate.emplace(std::move(*m_settings.faults), std::chrono::steady_clock::now());
  m_faults.emplace(*m_gate, *m_relay, m_device);
  m_rpcs.set_faults(*m_faults);
  return {};
}

void Server::load_faults(FaultScript script) {
  WANWISE_CHECK(m_gate.has_value());
  m_gate->load(std::move(script), std::chrono::steady_clock::now());
}

void Server::play(const TimedRule& rule) {
  FaultGate::tell(rule);
  switch (rule.what) {
    case TimedFault::restart:
      return restart(rule.length);
    case TimedFault::sync:
      return m_device.datastores().sync_until(std::chrono::steady_clock::now() + rule.length);
    case TimedFault::cli:
      if (auto done = m_device.change_by_hand(rule.text); !done) {
        std::fprintf(stderr, "wanwise-router: cli %s: %s\n", rule.file.c_str(),
                     done.error().message.c_str());
      }
      return;
    case TimedFault::subscriptions:
      return m_publisher.limit(rule.count);
    case TimedFault::interface:
      if (!m_device.set_interface(rule.interface, rule.up)) {
        std::fprintf(stderr, "wanwise-router: no WAN interface %s\n", rule.interface.c_str());
      }
      return;
    case TimedFault::cut:
      return m_relay->cut_all();
  }
}

void Server::restart(milliseconds time) {
  m_relay->refuse_for(time);
  m_sessions.kill_all(kSyncSession);
  const auto until = std::chrono::steady_clock::now() + kStopPatience;
  while (m_sessions.alive() > 0 && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(milliseconds(5));
  }
  m_device.datastores().restart();
}

void Server::adopt(nc_session* raw, const Session* sibling) {
  auto fresh = std::make_unique<Session>();
  fresh->raw = raw;
  fresh->id = nc_session_get_id(raw);
  fresh->rpcs = &m_rpcs;
  fresh->host = or_empty(nc_session_get_host(raw));
  std::timespec_get(&fresh->login, TIME_UTC);
  if (sibling != nullptr) {
    fresh->wire = sibling->wire;
  }
  nc_session_set_data(raw, fresh.get());
  if (!m_sessions.add(std::move(fresh), [this](Session& session) { run(session); })) {
    nc_session_free(raw, nullptr);
  }
}

void Server::tell_change(const Tree& before, const Tree& after, SessionId by) {
  Changer changer{.session = by, .user = m_settings.user, .host = {}};
  m_sessions.each([&](const Session& session) {
    if (session.id == by) {
      changer.host = session.host;
    }
  });
  if (Tree news = config_change(m_device.context(), before, after, changer)) {
    m_events.post(EventStream::netconf, news);
  }
}

void Server::end(Session& session, nc_pollsession* poll) {
  nc_ps_del_session(poll, session.raw);
  m_publisher.drop(session);
  m_events.drop(session);
  m_device.datastores().session_ended(session.id);
  const std::lock_guard wire(*session.wire);
  nc_session_free(session.raw, nullptr);
}

bool Server::turn(Session& session, nc_pollsession* poll, bool& idle) {
  nc_session* more = nullptr;
  int happened = 0;
  {
    const std::lock_guard wire(*session.wire);
    happened = nc_ps_poll(poll, 0, nullptr);
    if ((happened & NC_PSPOLL_SSH_CHANNEL) != 0 &&
        nc_ps_accept_ssh_channel(poll, &more) != NC_MSG_HELLO) {
      more = nullptr;
    }
  }
  if (more != nullptr) {
    adopt(more, &session);
  }
  send_news(session);
  idle = (happened & (NC_PSPOLL_RPC | NC_PSPOLL_SSH_CHANNEL)) == 0;
  if (!idle) {
    if (m_faults) {
      m_faults->replied(session);
    }
    m_publisher.start_pending(session);
  }
  return (happened & (NC_PSPOLL_SESSION_TERM | NC_PSPOLL_NOSESSIONS)) == 0;
}

void Server::send_news(Session& session) {
  for (const Events::News& news : m_events.take(session)) {
    nc_server_notif* message = nc_server_notif_new(
        news.tree.get(), const_cast<char*>(news.time.c_str()), NC_PARAMTYPE_CONST);
    {
      const std::lock_guard wire(*session.wire);
      (void)nc_server_notif_send(session.raw, message, kSendTimeoutMs);
    }
    nc_server_notif_free(message);
  }
}

void Server::run(Session& session) {
  nc_pollsession* poll = nc_ps_new();
  nc_ps_add_session(poll, session.raw);
  auto pause = kMinPause;
  bool idle = false;
  while (!m_stop && session.killed_by == 0 && turn(session, poll, idle)) {
    pause = idle ? std::min(pause * 2, kMaxPause) : kMinPause;
    std::this_thread::sleep_for(pause);
  }
  if (session.killed_by != 0) {
    nc_session_set_term_reason(session.raw, NC_SESSION_TERM_KILLED);
    nc_session_set_killed_by(session.raw, session.killed_by);
  }
  end(session, poll);
  nc_ps_free(poll);
  nc_thread_destroy();
  session.ended = true;
}

void Server::accept() {
  while (!m_stop) {
    nc_session* raw = nullptr;
    if (nc_accept(kAcceptTimeoutMs, &raw) == NC_MSG_HELLO) {
      adopt(raw, nullptr);
    }
  }
  nc_thread_destroy();
  --m_acceptors;
}

std::vector<SessionState> Server::session_states() {
  std::vector<SessionState> out;
  m_sessions.each([&](const Session& session) {
    out.push_back(
        {.id = session.id, .user = m_settings.user, .host = session.host, .login = session.login});
  });
  return out;
}

void Server::tell_reactions() {
  for (const Reaction& reaction : m_device.reactions()) {
    if (Tree news = reaction_update(m_device.context(), reaction)) {
      m_events.post(EventStream::native, news);
    }
  }
}

void Server::watch_deadlines() {
  while (!m_stop) {
    const auto now = std::chrono::steady_clock::now();
    m_device.datastores().check_deadline(now);
    m_device.archive().check_deadline(now);
    tell_reactions();
    if (m_gate) {
      for (const TimedRule& rule : m_gate->due(now)) {
        play(rule);
      }
    }
    std::this_thread::sleep_for(kDeadlineStep);
  }
}

bool Server::stop() {
  m_stop = true;
  m_device.stop();
  if (m_watch.joinable()) {
    m_watch.join();
  }
  const auto until = std::chrono::steady_clock::now() + kStopPatience;
  while (m_acceptors > 0) {
    if (std::chrono::steady_clock::now() > until) {
      return false;
    }
    std::this_thread::sleep_for(milliseconds(5));
  }
  for (std::thread& thread : m_accepting) {
    thread.join();
  }
  m_accepting.clear();
  m_sessions.join_all();
  return true;
}

Server::~Server() {
  const bool stopped = stop();
  WANWISE_CHECK(stopped);  // main asks first and leaves without us when it cannot be
  if (m_opened) {
    nc_server_destroy();
  }
}

}  // namespace wanwise::router
