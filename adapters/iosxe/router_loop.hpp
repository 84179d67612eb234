// What RouterPort does on the session thread: connect, read, subscribe, poll, write, begin again.
// Shared ownership, because its coroutines keep it until they have ended. All members but the gate
// and the degradations belong to the executor's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "adapters/iosxe/read/telemetry.hpp"
#include "adapters/iosxe/router_port.hpp"
#include "adapters/iosxe/write/write_queue.hpp"

namespace wanwise::iosxe {

/// The way to the sink, shut by stop(): after shut() has returned nothing is posted.
class SinkGate {
 public:
  void open(ports::EventSink& sink);
  void shut();
  void post(core::EventBody body);

 private:
  std::mutex m_mutex;
  ports::EventSink* m_sink = nullptr;
};

class RouterPort::Loop final : public std::enable_shared_from_this<RouterPort::Loop>,
                               private WriteHost {
 public:
  Loop(boost::asio::any_io_executor executor, const ports::Clock& clock, RouterConfig config,
       NameTable names, std::shared_ptr<const Schema> schema, SessionFactory factory);

  void start(ports::EventSink& sink);
  void submit(core::ActionId id, core::ApplyQos action, core::Instant deadline);
  void stop();
  [[nodiscard]] Degradations degradations() const;
  [[nodiscard]] core::Expected<Preview> preview(const core::RouterQos& desired) const;

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  using Status = core::Expected<void>;

  /// How one feed reaches us.
  struct FeedState {
    std::optional<std::uint32_t> subscription;
    Deadline last{};  ///< when data came last
  };

  Awaitable<void> run();
  Awaitable<Status> serve();
  Awaitable<Status> read_config();
  Awaitable<Status> read_feeds(std::vector<Feed> feeds, bool all);
  Awaitable<Status> subscribe_all();
  Awaitable<Status> watch();
  Awaitable<void> sleep_until(Deadline deadline);

  // WriteHost, for the writing half (write/write_queue.hpp).
  [[nodiscard]] std::shared_ptr<Session> write_session() const override;
  [[nodiscard]] const Hello& hello() const override { return m_hello; }
  void post(core::EventBody body) override { m_gate.post(std::move(body)); }
  void wrote(const ObservedConfig& observed) override { post_observed(observed, true); }
  void degrade(const char* name, std::string detail) override;
  void reconcile_now() override;

  void on_notification(const std::string& xml);
  void post_session(core::SessionState state, const core::Error& why);
  void post_observed(const ObservedConfig& observed, bool always);
  void post_all(std::vector<core::EventBody> events);
  [[nodiscard]] std::vector<Feed> feeds_to_poll(Deadline now) const;
  [[nodiscard]] core::Micros backoff(const std::string& reason);
  [[nodiscard]] std::shared_ptr<Session> open_session();

  boost::asio::any_io_executor m_executor;
  const ports::Clock& m_clock;
  const RouterConfig m_config;
  const NameTable m_names;
  std::shared_ptr<const Schema> m_schema;
  SessionFactory m_factory;
  SinkGate m_gate;
  mutable std::mutex m_degradations_mutex;
  Degradations m_degradations;
  TelemetryReader m_reader;

  std::shared_ptr<Session> m_session;  ///< while connected
  Hello m_hello;
  std::optional<core::Error> m_lost;  ///< why the session ended
  std::map<Feed, FeedState> m_feeds;
  std::optional<core::RouterQosObserved> m_posted;
  mutable std::mutex m_read_mutex;
  std::optional<Mqc> m_read;  ///< ours, as running was last read
  std::optional<core::RouterSession> m_posted_session;
  WriteQueue m_writes;
  Deadline m_next_reconcile{};
  bool m_stopped = false;
  core::Micros m_next_backoff;
  boost::asio::steady_timer m_wake;
  bool m_woken = false;
};

}  // namespace wanwise::iosxe
