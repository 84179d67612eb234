#include "sim/router/server.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "sim/router/filter.hpp"
#include "sim/router/free_port.hpp"

namespace wanwise::router {
namespace {

using std::chrono::milliseconds;

constexpr const char* kEndpoint = "main";
// A poll session serves at most six threads at a time (NC_PS_QUEUE_SIZE), acceptors included.
constexpr int kPollers = 2;
// nc_accept() is serial: a client that says nothing blocks one of these for ten seconds.
constexpr int kAcceptors = 2;
constexpr int kAcceptTimeoutMs = 100;
constexpr std::uint16_t kAuthTimeoutS = 10;
constexpr std::uint16_t kHelloTimeoutS = 10;
// nc_ps_poll() with a timeout of its own spins at 100 us: a sixth of a core for an idle session.
constexpr std::chrono::microseconds kMinPause{500};
constexpr std::chrono::microseconds kMaxPause{4000};
constexpr milliseconds kDeadlineStep{50};
constexpr milliseconds kStopPatience{2000};
constexpr int kPortAttempts = 8;

nc_server_reply* serve(lyd_node* rpc, nc_session* session) {
  return static_cast<Rpcs*>(nc_session_get_data(session))->serve(rpc, session);
}

nc_server_reply* serve_schema(lyd_node* rpc, nc_session* session) {
  return static_cast<Rpcs*>(nc_session_get_data(session))->get_schema(rpc);
}

// The library looks for an operation's own callback in its schema node. Must be there before
// nc_server_init(), which would else install its own.
void replace_get_schema(ly_ctx* ctx) {
  const lysc_node* node = lys_find_path(ctx, nullptr, "/ietf-netconf-monitoring:get-schema", 0);
  if (node != nullptr) {
    const_cast<lysc_node*>(node)->priv = reinterpret_cast<void*>(&serve_schema);
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
      m_publisher(ctx,
                  [&device](const std::string& path) {
                    return filter_xpath(device.context(), device.snapshot(false), path);
                  }),
      m_rpcs(device, m_sessions, m_publisher) {
  replace_get_schema(ctx);
}

core::Expected<std::unique_ptr<Server>> Server::start(ly_ctx* ctx, Device& device,
                                                      ServerSettings settings) {
  std::unique_ptr<Server> server(new Server(ctx, device, std::move(settings)));
  if (nc_server_init(ctx) != 0) {
    return core::fail("cannot-serve", "libnetconf2 does not start");
  }
  server->m_opened = true;
  if (auto opened = server->open(); !opened) {
    return core::Unexpected<core::Error>{opened.error()};
  }
  Server* self = server.get();
  for (int i = 0; i < kAcceptors; ++i) {
    ++self->m_acceptors;
    self->m_accepting.emplace_back([self] { self->accept(); });
  }
  for (int i = 0; i < kPollers; ++i) {
    self->m_working.emplace_back([self] { self->poll(); });
  }
  self->m_working.emplace_back([self] { self->watch_deadlines(); });
  return server;
}

core::Expected<void> Server::open() {
  m_polled = nc_ps_new();
  nc_server_set_capab_withdefaults(NC_WD_EXPLICIT, NC_WD_ALL | NC_WD_ALL_TAG);
  nc_server_set_capability("urn:ietf:params:netconf:capability:interleave:1.0");
  nc_server_set_capability("urn:ietf:params:netconf:capability:notification:1.0");
  nc_server_set_capability("http://tail-f.com/ns/netconf/actions/1.0");
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

void Server::adopt(nc_session* session) {
  nc_session_set_data(session, &m_rpcs);
  m_sessions.add(session);
  if (nc_ps_add_session(m_polled, session) != 0) {
    end(session);  // never served otherwise: the client would wait for minutes
  }
}

void Server::end(nc_session* session) {
  nc_ps_del_session(m_polled, session);
  m_sessions.remove(session);
  m_publisher.drop(session);
  m_device.datastores().session_ended(nc_session_get_id(session));
  nc_session_free(session, nullptr);
}

void Server::accept() {
  while (!m_stop) {
    nc_session* session = nullptr;
    if (nc_accept(kAcceptTimeoutMs, &session) == NC_MSG_HELLO) {
      adopt(session);
    }
  }
  nc_thread_destroy();
  --m_acceptors;
}

void Server::poll() {
  auto pause = kMinPause;
  while (!m_stop) {
    nc_session* session = nullptr;
    const int happened = nc_ps_poll(m_polled, 0, &session);
    if ((happened & (NC_PSPOLL_NOSESSIONS | NC_PSPOLL_TIMEOUT | NC_PSPOLL_ERROR)) != 0) {
      std::this_thread::sleep_for(pause);
      pause = std::min(pause * 2, kMaxPause);
      continue;
    }
    pause = kMinPause;
    if ((happened & NC_PSPOLL_SESSION_TERM) != 0) {
      end(session);
    } else if ((happened & NC_PSPOLL_SSH_CHANNEL) != 0) {
      nc_session* more = nullptr;
      if (nc_ps_accept_ssh_channel(m_polled, &more) == NC_MSG_HELLO) {
        adopt(more);
      }
    } else if ((happened & NC_PSPOLL_RPC) != 0) {
      m_publisher.start_pending(session);
    }
  }
  nc_thread_destroy();
}

void Server::watch_deadlines() {
  while (!m_stop) {
    m_device.datastores().check_deadline(std::chrono::steady_clock::now());
    std::this_thread::sleep_for(kDeadlineStep);
  }
}

bool Server::stop() {
  m_stop = true;
  m_device.stop();
  for (std::thread& thread : m_working) {
    thread.join();
  }
  m_working.clear();
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
  while (nc_session* session = m_polled == nullptr ? nullptr : nc_ps_get_session(m_polled, 0)) {
    end(session);
  }
  return true;
}

Server::~Server() {
  const bool stopped = stop();
  WANWISE_CHECK(stopped);  // main asks first and leaves without us when it cannot be
  if (m_polled != nullptr) {
    nc_ps_free(m_polled);
  }
  if (m_opened) {
    nc_server_destroy();
  }
}

}  // namespace wanwise::router
