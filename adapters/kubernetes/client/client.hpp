// Requests to one API server over a few kept connections. Belongs to one executor's thread; every
// request has a deadline. After stop() each request under way and each later one ends with
// `closed`. Shared ownership: coroutines keep it until they have ended.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/kubernetes/auth/access.hpp"
#include "adapters/kubernetes/client/connection.hpp"
#include "adapters/kubernetes/client/limits.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::kubernetes {

/// The name under which the API server books the fields that wanwise applies.
inline constexpr const char* kFieldManager = "wanwise";

enum class Verb : std::uint8_t {
  get,
  create,           ///< POST
  replace,          ///< PUT
  merge,            ///< PATCH, RFC 7396
  strategic_merge,  ///< PATCH, Kubernetes' own
  apply,            ///< PATCH, server-side apply as kFieldManager
  remove,           ///< DELETE
};

struct Call {
  Verb verb = Verb::get;
  std::string path;  ///< encoded, with its query: "/api/v1/nodes?limit=5"
  boost::json::value body = nullptr;
  bool repeatable = false;  ///< of a create: carried out twice, it does the same as once
};

struct ClientCounters {
  std::uint64_t requests = 0;
  std::uint64_t connections = 0;  ///< opened
  std::uint64_t retries = 0;
};

class Client final : public std::enable_shared_from_this<Client> {
 public:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;

  /// Error: `bad-credentials`.
  [[nodiscard]] static core::Expected<std::shared_ptr<Client>> create(
      boost::asio::any_io_executor executor, Access access, Limits limits = {});

  /// The object answered. Errors: client/errors.hpp.
  [[nodiscard]] Awaitable<core::Expected<boost::json::value>> call(Call what);
  /// The same, tried again with growing waits while the failure is a passing one, at most until
  /// `deadline`. Not for a create that is not repeatable: it may have been carried out although its
  /// answer is lost.
  [[nodiscard]] Awaitable<core::Expected<boost::json::value>> call_until(Call what,
                                                                         SteadyTime deadline);
  /// A connection whose lines are the answer to GET `path`.
  [[nodiscard]] Awaitable<core::Expected<std::shared_ptr<Connection>>> open_watch(std::string path);
  void stop();

  [[nodiscard]] const Limits& limits() const { return m_limits; }
  [[nodiscard]] const std::string& name_space() const { return m_access.name_space; }
  [[nodiscard]] const ClientCounters& counters() const { return m_counters; }
  [[nodiscard]] const boost::asio::any_io_executor& executor() const { return m_executor; }

 private:
  using Shared = std::shared_ptr<Connection>;

  Client(boost::asio::any_io_executor executor, Access access,
         std::shared_ptr<boost::asio::ssl::context> tls, Limits limits);

  [[nodiscard]] Connection::Request request_of(const Call& what) const;
  [[nodiscard]] Awaitable<core::Expected<Shared>> connect(SteadyTime deadline);
  [[nodiscard]] Shared take_idle();
  void give_back(const Shared& connection);
  [[nodiscard]] Awaitable<core::Expected<Answer>> ask(const Connection::Request& request,
                                                      bool repeatable, SteadyTime deadline);

  boost::asio::any_io_executor m_executor;
  const Access m_access;
  std::shared_ptr<boost::asio::ssl::context> m_tls;
  const Limits m_limits;
  std::vector<Shared> m_idle;
  std::set<Shared> m_open;  ///< idle and in use: what stop() closes
  std::vector<std::weak_ptr<Connection>> m_watches;
  ClientCounters m_counters;
  bool m_stopped = false;
};

/// `text` as a part of a path or query: all but RFC 3986's unreserved characters is encoded.
[[nodiscard]] std::string encode(std::string_view text);

}  // namespace wanwise::kubernetes
