#include "adapters/kubernetes/client/connection.hpp"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

#include "adapters/kubernetes/client/errors.hpp"

namespace wanwise::kubernetes {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

// 5 s of silence, then three questions 2 s apart.
constexpr int kKeepAliveIdle = 5;
constexpr int kKeepAliveEvery = 2;
constexpr int kKeepAliveCount = 3;
static_assert(kKeepAliveIdle + kKeepAliveEvery * kKeepAliveCount == Connection::kPeerLost.count());

auto into(error_code& error) {
  return asio::redirect_error(asio::use_awaitable, error);
}

std::string name_of(const Connection::Request& request) {
  return fmt::format("{} {}", std::string(request.method_string()), std::string(request.target()));
}

bool is_address(const std::string& host) {
  error_code none;
  asio::ip::make_address(host, none);
  return !none;
}

/// getaddrinfo keeps a thread of its own; past the deadline its answer is no longer waited for.
asio::awaitable<Tcp::resolver::results_type> resolve(const Access& access, SteadyTime deadline,
                                                     error_code& error) {
  error_code no_address;
  const auto address = asio::ip::make_address(access.host, no_address);
  const Tcp::endpoint endpoint{address, access.port};
  if (!no_address) co_return Tcp::resolver::results_type::create(endpoint, access.host, "");
  const auto executor = co_await asio::this_coro::executor;
  Tcp::resolver resolver{executor};
  asio::steady_timer timer{executor, deadline};
  timer.async_wait([&resolver](const error_code& ended) {
    if (!ended) resolver.cancel();
  });
  const std::string port = std::to_string(access.port);
  co_return co_await resolver.async_resolve(access.host, port, into(error));
}

}  // namespace

core::Expected<std::shared_ptr<asio::ssl::context>> Connection::make_tls(const Access& access) {
  const auto tls = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  error_code error;
  const auto bad = [&](const char* what) {
    return core::fail("bad-credentials", fmt::format("{}: {}", what, error.message()));
  };
  SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
  tls->set_verify_mode(asio::ssl::verify_peer, error);
  if (access.ca_pem.empty()) {
    tls->set_default_verify_paths(error);
    if (error) return bad("the system's certificate authorities");
  } else {
    tls->add_certificate_authority(asio::buffer(access.ca_pem), error);
    if (error) return bad("certificate-authority");
  }
  if (access.key_pair) {
    tls->use_certificate_chain(asio::buffer(access.key_pair->certificate_pem), error);
    if (error) return bad("client-certificate");
    tls->use_private_key(asio::buffer(access.key_pair->key_pem), asio::ssl::context::pem, error);
    if (error) return bad("client-key");
  }
  return tls;
}

Connection::Connection(asio::any_io_executor executor, std::shared_ptr<asio::ssl::context> tls)
    : m_stream(std::move(executor), *tls), m_tls(std::move(tls)) {}

asio::awaitable<core::Expected<void>> Connection::connect_tcp(const Access& access,
                                                              SteadyTime deadline) {
  const std::string what = fmt::format("{} port {}", access.host, access.port);
  error_code error;
  const auto endpoints = co_await resolve(access, deadline, error);
  if (error == asio::error::operation_aborted) error = beast::error::timeout;
  if (error) co_return core::Unexpected{way_error(error, what)};
  auto& socket = beast::get_lowest_layer(m_stream);
  socket.expires_at(deadline);
  co_await socket.async_connect(endpoints, into(error));
  if (error) co_return core::Unexpected{way_error(error, what)};
  socket.socket().set_option(Tcp::no_delay(true), error);
  find_dead_peers();
  co_return core::Expected<void>{};
}

void Connection::find_dead_peers() {
  auto& socket = beast::get_lowest_layer(m_stream).socket();
  error_code ignored;
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  using asio::detail::socket_option::integer;
  socket.set_option(integer<IPPROTO_TCP, TCP_KEEPIDLE>(kKeepAliveIdle), ignored);
  socket.set_option(integer<IPPROTO_TCP, TCP_KEEPINTVL>(kKeepAliveEvery), ignored);
  socket.set_option(integer<IPPROTO_TCP, TCP_KEEPCNT>(kKeepAliveCount), ignored);
}

asio::awaitable<core::Expected<void>> Connection::open(const Access& access, SteadyTime deadline) {
  if (auto connected = co_await connect_tcp(access, deadline); !connected) co_return connected;
  const std::string& name = access.server_name.empty() ? access.host : access.server_name;
  m_stream.set_verify_callback(asio::ssl::host_name_verification(name));
  if (!is_address(name)) SSL_set_tlsext_host_name(m_stream.native_handle(), name.c_str());
  error_code error;
  co_await m_stream.async_handshake(asio::ssl::stream_base::client, into(error));
  if (error) {
    core::Error told =
        way_error(error, fmt::format("TLS with {} port {}", access.host, access.port));
    if (const long verdict = SSL_get_verify_result(m_stream.native_handle());
        verdict != X509_V_OK) {
      told = {"tls-refused",
              fmt::format("the certificate of {} port {} is not trusted as {}: {}", access.host,
                          access.port, name, X509_verify_cert_error_string(verdict))};
    }
    co_return core::Unexpected{std::move(told)};
  }
  m_reusable = true;
  co_return core::Expected<void>{};
}

asio::awaitable<core::Expected<Answer>> Connection::ask(const Request& request,
                                                        std::size_t max_body, SteadyTime deadline) {
  m_reusable = false;
  error_code error;
  beast::get_lowest_layer(m_stream).expires_at(deadline);
  co_await http::async_write(m_stream, request, into(error));
  if (error) co_return core::Unexpected{way_error(error, name_of(request))};
  http::response_parser<http::string_body> parser;
  parser.body_limit(max_body);
  co_await http::async_read(m_stream, m_buffer, parser, into(error));
  if (error) co_return core::Unexpected{way_error(error, name_of(request))};
  m_reusable = parser.get().keep_alive();
  Answer answer;
  answer.status = parser.get().result_int();
  answer.body = std::move(parser.get().body());
  co_return answer;
}

asio::awaitable<core::Expected<Answer>> Connection::ask_for_lines(const Request& request,
                                                                  SteadyTime deadline) {
  m_reusable = false;
  error_code error;
  beast::get_lowest_layer(m_stream).expires_at(deadline);
  co_await http::async_write(m_stream, request, into(error));
  if (error) co_return core::Unexpected{way_error(error, name_of(request))};
  m_lines.emplace();
  m_lines->body_limit(boost::none);
  m_scanned = 0;
  co_await http::async_read_header(m_stream, m_buffer, *m_lines, into(error));
  Answer answer;
  answer.status = m_lines->get().result_int();
  if (!error && answer.status / 100 != 2) {
    co_await http::async_read(m_stream, m_buffer, *m_lines, into(error));
    answer.body = std::move(m_lines->get().body());
  }
  if (error) co_return core::Unexpected{way_error(error, name_of(request))};
  beast::get_lowest_layer(m_stream).expires_never();
  co_return answer;
}

asio::awaitable<core::Expected<std::optional<std::string>>> Connection::next_line(
    std::size_t max_line) {
  using Line = std::optional<std::string>;
  std::string& text = m_lines->get().body();
  while (true) {
    if (const std::size_t end = text.find('\n', m_scanned); end != std::string::npos) {
      Line line{text.substr(0, end)};
      text.erase(0, end + 1);
      m_scanned = 0;
      co_return line;
    }
    m_scanned = text.size();
    if (text.size() > max_line) {
      co_return core::fail("response-too-large",
                           fmt::format("watch: an object of more than {} bytes", max_line));
    }
    if (m_lines->is_done()) co_return Line{};
    error_code error;
    co_await http::async_read_some(m_stream, m_buffer, *m_lines, into(error));
    if (error) co_return core::Unexpected{way_error(error, "watch")};
  }
}

void Connection::close() {
  m_reusable = false;
  beast::get_lowest_layer(m_stream).close();
}

}  // namespace wanwise::kubernetes
