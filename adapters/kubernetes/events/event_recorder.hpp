// Tells people about an object of the cluster by Events (events.k8s.io/v1), as `kubectl describe`
// shows them. Never waits and never fails: what finds no room, or does not get through in time, is
// counted and let go. What happens again is one Event whose series counts. Belongs to the client's
// executor's thread. Shared ownership: what is under way keeps it.
// Source: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <string>

#include "adapters/kubernetes/api/objects.hpp"
#include "adapters/kubernetes/client/client.hpp"

namespace wanwise::kubernetes {

struct ObjectReference {
  std::string api_version;  ///< "apps/v1"
  std::string kind;
  ObjectName name;  ///< namespace empty: an object of the whole cluster
  std::string uid;  ///< may be empty; `kubectl describe` shows only what carries the object's own
  auto operator<=>(const ObjectReference&) const = default;
};

enum class EventType : std::uint8_t { normal, warning };

struct ObjectEvent {
  ObjectReference regarding;
  EventType type = EventType::normal;
  std::string reason;  ///< "FailedScheduling": for machines, one word
  std::string action;  ///< "Scheduling": what was tried
  std::string note;    ///< for people; cut at EventLimits::note
  auto operator<=>(const ObjectEvent&) const = default;
};

struct EventLimits {
  std::size_t note = 1024;   ///< bytes that the API server takes
  std::size_t known = 4096;  ///< Events that are remembered or wait; about 1 KB each
  std::size_t parallel = 4;  ///< requests under way: what is told must not crowd out what is done
  std::chrono::milliseconds give_up{30'000};  ///< of one Event, while the server does not answer
  /// A series is written at most so often, and ends as client-go ends it.
  std::chrono::milliseconds series_period{60'000};
  std::chrono::minutes series_end{6};
};

struct EventCounters {
  std::uint64_t recorded = 0;
  std::uint64_t written = 0;  ///< made or brought up to date
  std::uint64_t no_room = 0;  ///< let go because too many wait
  std::uint64_t refused = 0;  ///< by the server, or not through in time
};

class EventRecorder final : public std::enable_shared_from_this<EventRecorder> {
 public:
  /// `instance`: which wanwise it is, at most 128 bytes: a host's or pod's name.
  [[nodiscard]] static std::shared_ptr<EventRecorder> create(std::shared_ptr<Client> client,
                                                             std::string instance,
                                                             EventLimits limits = {});

  void record(ObjectEvent event);
  /// What waits is let go.
  void stop();

  [[nodiscard]] const EventCounters& counters() const { return m_counters; }
  /// All that was recorded is written or let go, but for counts that wait for their period.
  [[nodiscard]] bool idle() const { return m_pending == 0; }

 private:
  using WallTime = std::chrono::system_clock::time_point;
  struct Series {
    ObjectEvent event;
    std::string name;  ///< of the Event
    WallTime first, last;
    std::uint64_t count = 0;
    std::uint64_t written = 0;  ///< count that the server knows
    bool pending = false;       ///< waits or is under way
  };
  using Place = std::list<Series>::iterator;

  EventRecorder(std::shared_ptr<Client> client, std::string instance, EventLimits limits);

  [[nodiscard]] bool make_room();
  void forget(Place series);
  void enqueue(Place series);
  void arm();
  void tell_counts();
  [[nodiscard]] Call call_for(const Series& series) const;
  [[nodiscard]] boost::asio::awaitable<void> work();

  std::shared_ptr<Client> m_client;
  const std::string m_instance;
  const EventLimits m_limits;
  std::list<Series> m_series;  ///< those that happened last come first
  std::map<ObjectEvent, Place> m_by_event;
  std::deque<Place> m_queue;
  boost::asio::steady_timer m_timer;
  std::size_t m_pending = 0;
  std::size_t m_workers = 0;
  std::uint64_t m_names = 0;
  bool m_armed = false;
  bool m_stopped = false;
  EventCounters m_counters;
};

}  // namespace wanwise::kubernetes
