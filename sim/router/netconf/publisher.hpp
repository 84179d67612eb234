// Subscriptions of the 2016 draft of YANG push, as IOS XE has them: periodic updates of one path,
// each from a thread of its own. A subscription dies with its session, and its thread is joined
// before the session is freed. Thread-safe; sessions are borrowed from the server.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "engine/core/expected.hpp"
#include "sim/router/netconf/events.hpp"
#include "sim/router/netconf/netconf_c.hpp"
#include "sim/router/netconf/rpc_error.hpp"
#include "sim/router/netconf/session.hpp"
#include "sim/router/oper/oper_data.hpp"

namespace wanwise::router {

/// A thread each; far above what one client needs and small enough to see a leak in a test.
inline constexpr std::size_t kMaxSubscriptions = 16;
/// 100 ms: shorter ones get error-insufficient-resources, as on a busy device.
inline constexpr std::uint32_t kMinPeriodCentiseconds = 10;

class Publisher {
 public:
  /// What the path selects now.
  using Source = std::function<core::Expected<Tree, RpcError>(const std::string& path)>;

  Publisher(const ly_ctx* ctx, Events& events, Source source)
      : m_ctx(ctx), m_events(events), m_source(std::move(source)) {}
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  struct Answer {
    const char* result = "ietf-event-notifications:ok";  ///< identity of subscription-result
    std::uint32_t id = 0;
  };

  /// `period` absent: on change, which interfaces alone support.
  [[nodiscard]] Answer establish(Session& session, const std::string& path,
                                 std::optional<std::uint32_t> period);
  /// Notifications of IOS XE's own modules, by the path of one.
  [[nodiscard]] Answer establish_native(Session& session, const std::string& path);
  [[nodiscard]] Answer erase(Session& session, std::uint32_t id);

  /// What the router says about them.
  [[nodiscard]] TelemetryState state();
  /// How many may be at a time, from now on; kMaxSubscriptions at most.
  void limit(std::size_t subscriptions);

  /// The reply of the session's last request has left: updates may begin.
  void start_pending(Session& session);
  /// Stops and joins everything of the session.
  void drop(Session& session);

 private:
  struct Subscription {
    std::uint32_t id = 0;
    Session* session = nullptr;
    std::string path;
    std::chrono::milliseconds period{0};
    bool on_change = false;
    bool thread_needed = true;  ///< false: native notifications, which Events sends
    std::jthread thread;        ///< not running until start_pending()
  };

  void run(const std::stop_token& stop, const Subscription& subscription);
  [[nodiscard]] static std::optional<std::uint32_t> period_of(const Subscription& own);
  [[nodiscard]] bool send_update(const std::stop_token& stop, const Subscription& subscription,
                                 Tree data);
  [[nodiscard]] bool send_changes(const std::stop_token& stop, const Subscription& subscription,
                                  const Tree& before, const Tree& after);
  [[nodiscard]] bool send(const std::stop_token& stop, const Subscription& subscription,
                          lyd_node* update, const char* content, lyd_node* data);
  static bool send_when_free(const std::stop_token& stop, Session& session,
                             nc_server_notif* message);
  [[nodiscard]] bool is_known_path(const std::string& path) const;
  void finish(std::unique_ptr<Subscription> subscription);

  const ly_ctx* m_ctx;
  Events& m_events;
  const Source m_source;
  std::mutex m_mutex;
  std::map<std::uint32_t, std::unique_ptr<Subscription>> m_subscriptions;
  std::size_t m_limit = kMaxSubscriptions;
  std::uint32_t m_last_id = 2147483647;  ///< dynamic subscriptions are numbered from 2^31
};

}  // namespace wanwise::router
