// The reading half of RouterPort, while a session lasts: finds out what the router has, reads its
// configuration and state, subscribes, polls what is not pushed, and reads at once what a
// notification says has changed. Belongs to the port's loop, which is its host; everything happens
// on the executor's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/iosxe/mqc/qos_codec.hpp"
#include "adapters/iosxe/read/event_time.hpp"
#include "adapters/iosxe/read/notification.hpp"
#include "adapters/iosxe/read/subscribe.hpp"
#include "adapters/iosxe/read/subscriptions.hpp"
#include "adapters/iosxe/read/telemetry.hpp"
#include "adapters/iosxe/release/capabilities.hpp"
#include "adapters/iosxe/session/session.hpp"
#include "adapters/iosxe/wake.hpp"
#include "adapters/iosxe/xml/reply.hpp"
#include "engine/core/event.hpp"
#include "engine/ports/clock.hpp"

namespace wanwise::iosxe {

/// What the watch needs of the loop it belongs to.
class ReadHost {
 public:
  virtual ~ReadHost() = default;
  /// The session there is; null when there is none.
  [[nodiscard]] virtual std::shared_ptr<Session> read_session() const = 0;
  [[nodiscard]] virtual const Hello& hello() const = 0;
  /// Why the session ended; "closed" when the port was stopped; nothing while it lives.
  [[nodiscard]] virtual const std::optional<core::Error>& ended() const = 0;
  /// What earlier sessions left half done comes to its end before anything is read.
  [[nodiscard]] virtual boost::asio::awaitable<core::Expected<void>> recover() = 0;
  /// The configuration has been read: writes may begin.
  virtual void open_writes() = 0;
  /// A write is under way: its own read-back tells more than a read beside it.
  [[nodiscard]] virtual bool writing() const = 0;
  virtual void post(core::EventBody body) = 0;
  virtual void observed(const ObservedConfig& observed) = 0;
  virtual void degrade(const char* name, std::string detail) = 0;
  virtual void add(const Degradations& found) = 0;
  virtual void learned(const RouterCapabilities& capabilities) = 0;
};

class FeedWatch {
 public:
  /// All outlive the watch.
  FeedWatch(const boost::asio::any_io_executor& executor, ReadHost& host, const ports::Clock& clock,
            const RouterConfig& config, const NameTable& names);

  /// Runs until the session is lost (its error) or the host was stopped (success).
  [[nodiscard]] boost::asio::awaitable<core::Expected<void>> serve();
  void on_notification(const std::string& xml);
  /// The host's state changed: look at once.
  void wake() { m_wake.notify(); }
  /// Running is to be read at once, not at its next turn.
  void reconcile_now();
  /// Running was read to hold this: where operations have other numbers than before, these are
  /// read from now on.
  void found(const ObservedConfig& observed);

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  using Status = core::Expected<void>;

  Awaitable<core::Expected<Reply>> request(std::string operation);
  Awaitable<Status> read_config();
  Awaitable<Status> find_out();
  Awaitable<Status> read_feeds(std::vector<Feed> feeds, Extent extent);
  Awaitable<Status> read_apart(const std::vector<Feed>& feeds);
  Awaitable<Status> subscribe_all();
  Awaitable<Status> subscribe(Feed feed, Subscriptions::Trigger trigger);
  Awaitable<Status> subscribe_events();
  Awaitable<Status> renew();
  Awaitable<Status> watch();
  Awaitable<Status> turn(Deadline now);

  void take(const XmlNode& data, core::Instant observed, Extent extent);
  void on_push(const Notification& notification, core::Instant observed, core::Instant received);
  void on_reaction(const Notification& notification, core::Instant observed);
  void read_soon(const Feed& feed);
  void publish();
  [[nodiscard]] Deadline next_due() const;
  [[nodiscard]] bool has(Feature feature) const { return m_known.features.has(feature); }

  ReadHost& m_host;
  const ports::Clock& m_clock;
  const RouterConfig& m_site;
  RouterConfig m_config;  ///< the site's, with the numbers that operations have on the router
  const NameTable& m_names;
  Degradations m_found;  ///< by the reader, handed to the host after each read
  TelemetryReader m_reader;
  Wake m_wake;

  // Of one session:
  RouterCapabilities m_known;
  Subscriptions m_subscriptions;
  OnChangePaths m_on_change_paths;
  ClockOffset m_offset;
  std::set<Feed> m_failing;               ///< the router answers a <get> of these with an error
  std::set<Feed> m_soon;                  ///< to be read at once
  std::vector<std::uint32_t> m_outlived;  ///< subscriptions whose feed is no more
  bool m_config_changed = false;          ///< somebody else said so
  Deadline m_next_poll{}, m_next_slow{}, m_last_config{}, m_last_soon{};
};

}  // namespace wanwise::iosxe
