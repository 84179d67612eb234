#include "adapters/kubernetes/client/client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "adapters/kubernetes/auth/files.hpp"
#include "adapters/kubernetes/client/errors.hpp"

namespace wanwise::kubernetes {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace json = boost::json;
using std::chrono::steady_clock;

constexpr std::size_t kMaxToken = 64 << 10;
/// Deeper than any Kubernetes object; a schema in a CRD comes near.
constexpr std::size_t kMaxDepth = 100;

http::verb method_of(Verb verb) {
  switch (verb) {
    case Verb::get:
      return http::verb::get;
    case Verb::create:
      return http::verb::post;
    case Verb::replace:
      return http::verb::put;
    case Verb::merge:
    case Verb::strategic_merge:
    case Verb::apply:
      return http::verb::patch;
    case Verb::remove:
      return http::verb::delete_;
  }
  return http::verb::get;
}

const char* content_type_of(Verb verb) {
  switch (verb) {
    case Verb::merge:
      return "application/merge-patch+json";
    case Verb::strategic_merge:
      return "application/strategic-merge-patch+json";
    case Verb::apply:
      return "application/apply-patch+yaml";  // JSON is YAML
    default:
      return "application/json";
  }
}

std::string host_header(const Access& access) {
  const bool bare_v6 = access.host.find(':') != std::string::npos;
  return (bare_v6 ? "[" + access.host + "]" : access.host) + ":" + std::to_string(access.port);
}

core::Expected<json::value> parse_body(const std::string& body, const std::string& what) {
  if (body.empty()) return json::value{};
  json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::system::error_code error;
  json::value parsed = json::parse(body, error, {}, options);
  if (error) {
    return core::fail("bad-response", fmt::format("{}: no JSON: {}", what, error.message()));
  }
  return parsed;
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) {
    text.pop_back();
  }
  return text;
}

}  // namespace

core::Expected<std::shared_ptr<Client>> Client::create(asio::any_io_executor executor,
                                                       Access access, Limits limits) {
  auto tls = Connection::make_tls(access);
  if (!tls) return core::Unexpected{tls.error()};
  return std::shared_ptr<Client>(
      new Client(std::move(executor), std::move(access), std::move(*tls), limits));
}

Client::Client(asio::any_io_executor executor, Access access,
               std::shared_ptr<asio::ssl::context> tls, Limits limits)
    : m_executor(std::move(executor)),
      m_access(std::move(access)),
      m_tls(std::move(tls)),
      m_limits(limits) {}

Connection::Request Client::request_of(const Call& what) const {
  Connection::Request request{method_of(what.verb), m_access.base_path + what.path, 11};
  request.set(http::field::host, host_header(m_access));
  request.set(http::field::user_agent, "wanwise");
  request.set(http::field::accept, "application/json");
  std::string token = m_access.token;
  if (!m_access.token_file.empty()) {
    token = trimmed(read_file(m_access.token_file, kMaxToken).value_or(""));
  }
  if (!token.empty()) request.set(http::field::authorization, "Bearer " + token);
  if (!what.body.is_null()) {
    request.set(http::field::content_type, content_type_of(what.verb));
    request.body() = json::serialize(what.body);
  }
  request.prepare_payload();
  return request;
}

asio::awaitable<core::Expected<Client::Shared>> Client::connect(SteadyTime deadline) {
  const auto connection = std::make_shared<Connection>(m_executor, m_tls);
  m_open.insert(connection);
  ++m_counters.connections;
  const auto opened = co_await connection->open(
      m_access, std::min(deadline, steady_clock::now() + m_limits.connect));
  if (m_stopped || !opened) {
    connection->close();
    m_open.erase(connection);
    if (m_stopped) co_return core::fail("closed", "the client was stopped");
    co_return core::Unexpected{opened.error()};
  }
  co_return connection;
}

Client::Shared Client::take_idle() {
  if (m_idle.empty()) return nullptr;
  Shared connection = std::move(m_idle.back());
  m_idle.pop_back();
  return connection;
}

void Client::give_back(const Shared& connection) {
  if (!m_stopped && connection->reusable() && m_idle.size() < m_limits.idle_connections) {
    m_idle.push_back(connection);
    return;
  }
  connection->close();
  m_open.erase(connection);
}

/// A kept connection may have been closed by the server just now, which is no failure of a request
/// that can be repeated: it is asked once more on a new one.
asio::awaitable<core::Expected<Answer>> Client::ask(const Connection::Request& request,
                                                    bool repeatable, SteadyTime deadline) {
  if (const Shared kept = repeatable ? take_idle() : nullptr) {
    auto answer = co_await kept->ask(request, m_limits.max_body, deadline);
    give_back(kept);
    if (answer || answer.error().code != "connection-lost" || m_stopped) co_return answer;
    ++m_counters.retries;
  }
  const auto opened = co_await connect(deadline);
  if (!opened) co_return core::Unexpected{opened.error()};
  auto answer = co_await (*opened)->ask(request, m_limits.max_body, deadline);
  give_back(*opened);
  co_return answer;
}

asio::awaitable<core::Expected<json::value>> Client::call(Call what) {
  const auto self = shared_from_this();
  if (m_stopped) co_return core::fail("closed", "the client was stopped");
  ++m_counters.requests;
  const Connection::Request request = request_of(what);
  const bool repeatable = what.verb != Verb::create || what.repeatable;
  const auto answer = co_await ask(request, repeatable, steady_clock::now() + m_limits.request);
  if (!answer) co_return core::Unexpected{answer.error()};
  const std::string name = fmt::format("{} {}", std::string(request.method_string()), what.path);
  auto body = parse_body(answer->body, name);
  if (answer->status / 100 == 2) co_return body;
  co_return core::Unexpected{status_error(answer->status, body ? *body : json::value{}, name)};
}

asio::awaitable<core::Expected<json::value>> Client::call_until(Call what, SteadyTime deadline) {
  const auto self = shared_from_this();
  asio::steady_timer pause{m_executor};
  auto wait = m_limits.first_backoff;
  while (true) {
    auto answer = co_await call(what);
    const bool late = steady_clock::now() + wait >= deadline;
    if (answer || !is_transient(answer.error()) || late) co_return answer;
    pause.expires_after(wait);
    boost::system::error_code ignored;
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    wait = std::min(wait * 2, m_limits.max_backoff);
    ++m_counters.retries;
  }
}

asio::awaitable<core::Expected<Client::Shared>> Client::open_watch(std::string path) {
  const auto self = shared_from_this();
  if (m_stopped) co_return core::fail("closed", "the client was stopped");
  ++m_counters.requests;
  const SteadyTime deadline = steady_clock::now() + m_limits.request;
  auto opened = co_await connect(deadline);
  if (!opened) co_return opened;
  const Shared connection = *opened;
  Call what;
  what.path = std::move(path);
  const Connection::Request request = request_of(what);
  const auto head = co_await connection->ask_for_lines(request, deadline);
  // The caller's from here on: closed when it lets go, or by stop().
  if (head && head->status / 100 == 2 && !m_stopped) {
    m_open.erase(connection);
    std::erase_if(m_watches, [](const auto& watch) { return watch.expired(); });
    m_watches.push_back(connection);
    co_return connection;
  }
  connection->close();
  m_open.erase(connection);
  if (!head) co_return core::Unexpected{head.error()};
  const std::string name = "GET " + what.path;
  const auto body = parse_body(head->body, name);
  co_return core::Unexpected{status_error(head->status, body ? *body : json::value{}, name)};
}

void Client::stop() {
  m_stopped = true;
  m_idle.clear();
  for (const Shared& connection : m_open) connection->close();
  for (const auto& watch : m_watches) {
    if (const Shared connection = watch.lock()) connection->close();
  }
  m_watches.clear();
}

std::string encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace wanwise::kubernetes
