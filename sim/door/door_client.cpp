#include "sim/door/door_client.hpp"

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <map>
#include <utility>
#include <vector>

#include "sim/door/door_codec.hpp"
#include "sim/door/line_connection.hpp"
#include "sim/door/site_watch.hpp"

namespace wanwise::sim {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

std::chrono::microseconds chrono_micros(core::Micros micros) {
  return std::chrono::microseconds(std::max<std::int64_t>(micros.count, 0));
}

}  // namespace

/// The connection with everything that hangs on it.
class DoorClient::Line : public std::enable_shared_from_this<DoorClient::Line> {
 public:
  Line(boost::asio::io_context& io, const ports::Clock& clock, std::string host, std::uint16_t port)
      : m_clock(clock),
        m_host(std::move(host)),
        m_port(port),
        m_resolver(io),
        m_socket(io),
        m_pause_timer(io),
        m_deadline_timer(io) {}

  void start_cluster(ports::EventSink& sink);
  void start_metrics(ports::EventSink& sink);
  void stop_cluster();
  void stop_metrics();
  void submit(core::ActionId id, const core::PlaceWorkload& action, core::Instant deadline);
  void shut();

  [[nodiscard]] bool started() const { return m_wanted; }
  [[nodiscard]] bool connected() const { return m_connection != nullptr && m_greeted; }
  [[nodiscard]] const DoorClientCounters& counters() const { return m_counters; }

 private:
  void connect();
  void connected_to(error_code error);
  void lost();
  void pause();
  bool take_line(std::string_view line);
  bool take_hello(const DoorHello& hello);
  void take_event(core::EventBody body);
  void settle(const core::ActionDone& done);
  void give_up(core::ActionId id, const char* reason, const char* detail);
  void arm_deadline();
  void deadline_came();

  /// A handler that calls `method` on this, unless this is gone or shut.
  template <class... Args, class Method>
  auto later(Method method) {
    return [weak = weak_from_this(), method](Args... args) {
      const auto self = weak.lock();
      if (self && self->m_wanted) method(*self, std::move(args)...);
    };
  }

  const ports::Clock& m_clock;
  const std::string m_host;
  const std::uint16_t m_port;
  tcp::resolver m_resolver;
  tcp::socket m_socket;
  boost::asio::steady_timer m_pause_timer;
  boost::asio::steady_timer m_deadline_timer;
  std::shared_ptr<LineConnection> m_connection;
  ports::EventSink* m_cluster_sink = nullptr;
  ports::EventSink* m_metrics_sink = nullptr;
  bool m_wanted = false;   ///< a port is started
  bool m_greeted = false;  ///< the door said hello in our version
  core::Micros m_pause = kFirstPause;
  std::map<core::ActionId, core::Instant> m_asked;  ///< deadlines; at most kMaxPlacements
  DoorClientCounters m_counters;
};

// ---- the ports

DoorClient::DoorClient(boost::asio::io_context& io, const ports::Clock& clock, std::string host,
                       std::uint16_t port)
    : m_line(std::make_shared<Line>(io, clock, std::move(host), port)),
      m_cluster(*m_line),
      m_metrics(*m_line) {}

DoorClient::~DoorClient() {
  m_line->shut();
}

bool DoorClient::started() const {
  return m_line->started();
}
bool DoorClient::connected() const {
  return m_line->connected();
}
const DoorClientCounters& DoorClient::counters() const {
  return m_line->counters();
}

void DoorClient::Cluster::start(ports::EventSink& sink) {
  m_line.start_cluster(sink);
}
void DoorClient::Cluster::submit(core::ActionId id, const core::PlaceWorkload& action,
                                 core::Instant deadline, const std::string& /*why*/) {
  m_line.submit(id, action, deadline);
}
void DoorClient::Cluster::stop() {
  m_line.stop_cluster();
}
void DoorClient::Metrics::start(ports::EventSink& sink) {
  m_line.start_metrics(sink);
}
void DoorClient::Metrics::stop() {
  m_line.stop_metrics();
}

// ---- the connection

void DoorClient::Line::start_cluster(ports::EventSink& sink) {
  m_cluster_sink = &sink;
  if (std::exchange(m_wanted, true)) {
    // The greeting with all placements may have come before this port had a sink: ask for another.
    if (m_connection) lost();
    return;
  }
  connect();
}

void DoorClient::Line::start_metrics(ports::EventSink& sink) {
  m_metrics_sink = &sink;
  if (!std::exchange(m_wanted, true)) connect();
}

void DoorClient::Line::stop_cluster() {
  m_cluster_sink = nullptr;
  m_asked.clear();
  m_deadline_timer.cancel();
  if (m_metrics_sink == nullptr) shut();
}

void DoorClient::Line::stop_metrics() {
  m_metrics_sink = nullptr;
  if (m_cluster_sink == nullptr) shut();
}

void DoorClient::Line::shut() {
  m_wanted = false;
  m_greeted = false;
  m_cluster_sink = nullptr;
  m_metrics_sink = nullptr;
  m_asked.clear();
  m_resolver.cancel();
  m_pause_timer.cancel();
  m_deadline_timer.cancel();
  error_code ignored;
  m_socket.close(ignored);
  if (m_connection) m_connection->close();
  m_connection.reset();
}

void DoorClient::Line::connect() {
  using Found = tcp::resolver::results_type;
  const auto reached = [](Line& self, error_code error, const tcp::endpoint&) {
    self.connected_to(error);
  };
  m_resolver.async_resolve(
      m_host, std::to_string(m_port),
      later<error_code, Found>([reached](Line& self, error_code error, const Found& found) {
        if (error) return self.connected_to(error);
        boost::asio::async_connect(self.m_socket, found,
                                   self.later<error_code, tcp::endpoint>(reached));
      }));
}

void DoorClient::Line::connected_to(error_code error) {
  if (error) {
    ++m_counters.losses;
    return pause();
  }
  ++m_counters.connects;
  m_connection = std::make_shared<LineConnection>(std::move(m_socket));
  m_socket = tcp::socket(m_resolver.get_executor());
  const std::weak_ptr<Line> weak = weak_from_this();
  m_connection->start(
      [weak](std::string_view line) {
        const auto self = weak.lock();
        return self && self->take_line(line);
      },
      later<std::string>([](Line& self, const std::string&) { self.lost(); }));
}

void DoorClient::Line::lost() {
  ++m_counters.losses;
  m_greeted = false;
  if (m_connection) m_connection->close();
  m_connection.reset();
  std::vector<core::ActionId> open;
  for (const auto& [id, deadline] : m_asked) open.push_back(id);
  for (const core::ActionId id : open) {
    give_up(id, "connection-lost", "the simulated cluster went away");
  }
  pause();
}

void DoorClient::Line::pause() {
  m_pause_timer.expires_after(chrono_micros(m_pause));
  m_pause = std::min(m_pause * 2, kLongestPause);
  m_pause_timer.async_wait(later<error_code>([](Line& self, error_code error) {
    if (!error) self.connect();
  }));
}

bool DoorClient::Line::take_line(std::string_view line) {
  ++m_counters.lines_in;
  auto message = decode_message(line, m_clock.now());
  const auto* hello = message ? std::get_if<DoorHello>(&*message) : nullptr;
  // The first line is the greeting, and no other is.
  const bool good =
      message && (hello != nullptr) != m_greeted && (hello == nullptr || take_hello(*hello));
  if (!good) {
    ++m_counters.broken_lines;
    return false;
  }
  if (hello == nullptr) take_event(std::get<core::EventBody>(std::move(*message)));
  return true;
}

bool DoorClient::Line::take_hello(const DoorHello& hello) {
  if (hello.version != kDoorVersion) return false;
  m_greeted = true;
  m_pause = kFirstPause;
  return true;
}

void DoorClient::Line::take_event(core::EventBody body) {
  if (const auto* done = std::get_if<core::ActionDone>(&body)) return settle(*done);
  const bool metric = std::holds_alternative<core::TargetSample>(body);
  ports::EventSink* sink = metric ? m_metrics_sink : m_cluster_sink;
  if (sink != nullptr) sink->post(std::move(body));
}

// ---- placements

void DoorClient::Line::submit(core::ActionId id, const core::PlaceWorkload& action,
                              core::Instant deadline) {
  if (m_cluster_sink == nullptr) return;
  const auto refuse = [this, id](const char* reason, const char* detail) {
    m_cluster_sink->post(core::ActionDone{id, core::Outcome::refused, reason, detail});
  };
  if (!connected()) return refuse("cluster-not-connected", "no connection to the site's door");
  if (m_asked.size() >= kMaxPlacements) return refuse("too-many-placements", "");
  const core::Micros within = deadline - m_clock.now() - kAnswerMargin;
  if (within.count <= 0) return refuse("deadline-too-near", "no time to carry it out");
  m_asked[id] = deadline;
  ++m_counters.requests;
  m_connection->send(encode(DoorPlace{id, action, std::min(within, core::seconds(3'600))}));
  arm_deadline();
}

void DoorClient::Line::settle(const core::ActionDone& done) {
  if (m_asked.erase(done.id) == 0) {
    ++m_counters.late_answers;
    return;
  }
  if (m_cluster_sink != nullptr) m_cluster_sink->post(done);
  arm_deadline();
}

void DoorClient::Line::give_up(core::ActionId id, const char* reason, const char* detail) {
  if (m_asked.erase(id) == 0 || m_cluster_sink == nullptr) return;
  m_cluster_sink->post(core::ActionDone{id, core::Outcome::unknown, reason, detail});
}

void DoorClient::Line::arm_deadline() {
  const auto first =
      std::min_element(m_asked.begin(), m_asked.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  if (first == m_asked.end()) {
    m_deadline_timer.cancel();
    return;
  }
  m_deadline_timer.expires_after(chrono_micros(first->second - m_clock.now()));
  m_deadline_timer.async_wait(later<error_code>([](Line& self, error_code error) {
    if (!error) self.deadline_came();
  }));
}

void DoorClient::Line::deadline_came() {
  const core::Instant now = m_clock.now();
  std::vector<core::ActionId> overdue;
  for (const auto& [id, deadline] : m_asked) {
    if (deadline <= now) overdue.push_back(id);
  }
  for (const core::ActionId id : overdue) {
    give_up(id, "deadline-passed", "the simulated cluster gave no answer");
  }
  arm_deadline();
}

}  // namespace wanwise::sim
