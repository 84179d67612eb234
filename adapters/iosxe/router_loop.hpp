// The life of a session: connect, let the reading half (read/feed_watch.hpp) and the writing half
// (write/write_queue.hpp) use it, begin again when it is lost.
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

#include "adapters/iosxe/backoff.hpp"
#include "adapters/iosxe/read/feed_watch.hpp"
#include "adapters/iosxe/router_port.hpp"
#include "adapters/iosxe/write/write_queue.hpp"
#include "engine/ports/sink_gate.hpp"

namespace wanwise::iosxe {

class RouterPort::Loop final : public std::enable_shared_from_this<RouterPort::Loop>,
                               private WriteHost,
                               private ReadHost {
 public:
  Loop(boost::asio::any_io_executor executor, const ports::Clock& clock, RouterConfig config,
       NameTable names, std::shared_ptr<const Schema> schema, SessionFactory factory);

  void start(ports::EventSink& sink);
  void submit(core::ActionId id, core::ApplyQos action, core::Instant deadline);
  void stop();
  [[nodiscard]] Degradations degradations() const;
  [[nodiscard]] RouterCapabilities capabilities() const;
  [[nodiscard]] core::Expected<Preview> preview(const core::RouterQos& desired) const;

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  using Status = core::Expected<void>;

  Awaitable<void> run();

  // WriteHost, for the writing half (write/write_queue.hpp).
  [[nodiscard]] std::shared_ptr<Session> write_session() const override;
  [[nodiscard]] const Hello& hello() const override { return m_hello; }
  [[nodiscard]] Dialect dialect() const override;
  void post(core::EventBody body) override { m_gate.post(std::move(body)); }
  void wrote(const ObservedConfig& observed) override {
    m_watch.found(observed);
    post_observed(observed, true);
  }
  void degrade(const char* name, std::string detail) override;
  void reconcile_now() override;

  // ReadHost, for the reading half (read/feed_watch.hpp).
  [[nodiscard]] std::shared_ptr<Session> read_session() const override { return m_session; }
  [[nodiscard]] const std::optional<core::Error>& ended() const override { return m_lost; }
  [[nodiscard]] bool writing() const override { return m_writes.busy(); }
  Awaitable<Status> recover() override { return m_writes.recover(); }
  void open_writes() override { m_writes.open(); }
  void observed(const ObservedConfig& seen) override { post_observed(seen, false); }
  void add(const Degradations& found) override;
  void learned(const RouterCapabilities& capabilities) override;

  void post_session(core::SessionState state, const core::Error& why);
  void post_observed(const ObservedConfig& observed, bool always);
  [[nodiscard]] std::shared_ptr<Session> open_session();

  boost::asio::any_io_executor m_executor;
  const ports::Clock& m_clock;
  const RouterConfig m_config;
  const NameTable m_names;
  std::shared_ptr<const Schema> m_schema;
  SessionFactory m_factory;
  ports::SinkGate m_gate;
  mutable std::mutex m_seen_mutex;  ///< of the two below
  Degradations m_degradations;
  RouterCapabilities m_capabilities;

  std::shared_ptr<Session> m_session;  ///< while connected
  Hello m_hello;
  std::optional<core::Error> m_lost;  ///< why the session ended; "closed" after stop()
  std::optional<core::RouterQosObserved> m_posted;
  mutable std::mutex m_read_mutex;
  std::optional<ObservedConfig> m_read;  ///< as running was last read
  std::optional<core::RouterSession> m_posted_session;
  WriteQueue m_writes;
  FeedWatch m_watch;
  bool m_stopped = false;
  Backoff m_backoff;
  Wake m_wake;
};

}  // namespace wanwise::iosxe
