// Binds the pods whose spec.schedulerName is wanwise's, with kube-scheduler's hard rules; what is
// not judged (fit/fit.hpp) is refused, not ignored. No preemption. Fed by the reflectors of all
// nodes and all pods: one stream tells of a pod before and after it is bound, so that no two
// watches have to be brought into step. Belongs to the client's executor's thread. Shared
// ownership: what is under way keeps it. Source:
// https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "adapters/kubernetes/client/client.hpp"
#include "adapters/kubernetes/events/event_recorder.hpp"
#include "adapters/kubernetes/schedule/pod_queue.hpp"
#include "adapters/kubernetes/watch/changes.hpp"

namespace wanwise::kubernetes {

struct SchedulerOptions {
  std::string name = "wanwise";  ///< spec.schedulerName of its pods
  /// Bindings under way at once, each on a connection of its own: the API server's time for one is
  /// mostly etcd's.
  std::size_t bindings = 16;
  std::size_t conditions = 4;  ///< conditions being written at once
  Backoff backoff;
};

struct SchedulerCounters {
  std::uint64_t bound = 0;       ///< by wanwise
  std::uint64_t taken = 0;       ///< decided on, but bound or deleted by somebody else meanwhile
  std::uint64_t failed = 0;      ///< bindings refused for other reasons
  std::uint64_t no_node = 0;     ///< attempts that found none
  std::uint64_t conditions = 0;  ///< written
};

class Scheduler final : public std::enable_shared_from_this<Scheduler> {
 public:
  /// `client` keeps as many idle connections as requests are under way; it and `events` are
  /// stopped with the scheduler.
  [[nodiscard]] static std::shared_ptr<Scheduler> create(std::shared_ptr<Client> client,
                                                         std::shared_ptr<EventRecorder> events,
                                                         SchedulerOptions options = {});

  /// With connections of its own: bindings and moves do not wait for each other. Error:
  /// `bad-credentials`.
  [[nodiscard]] static core::Expected<std::shared_ptr<Scheduler>> connect(
      const boost::asio::any_io_executor& executor, const Access& access, Limits limits = {},
      SchedulerOptions options = {});

  /// Of /api/v1/nodes and /api/v1/pods, whole.
  [[nodiscard]] Mirror& nodes() { return m_nodes; }
  [[nodiscard]] Mirror& pods() { return m_pods; }
  void stop();

  [[nodiscard]] const SchedulerCounters& counters() const { return m_counters; }
  [[nodiscard]] const EventRecorder& events() const { return *m_events; }
  /// Pods that are not known to be bound yet.
  [[nodiscard]] std::size_t waiting() const { return m_queue.size(); }

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;

  Scheduler(std::shared_ptr<Client> client, std::shared_ptr<EventRecorder> events,
            SchedulerOptions options);

  void heard(PodToBind pod);
  void notify();
  void work();
  void arm();
  void decide(PodQueue::Entry& entry);
  void found_none(PodQueue::Entry& entry, std::string why);
  void spawn(Awaitable<void> what, std::size_t& under_way);
  [[nodiscard]] Awaitable<void> bind(PodToBind pod, std::string node);
  void bound(const PodToBind& pod, const std::string& node);
  void refused(const PodToBind& pod, const core::Error& why);
  [[nodiscard]] Awaitable<void> learn(PodToBind pod);
  [[nodiscard]] Awaitable<void> tell();
  void tell_soon(const ObjectName& name);
  void record(const PodToBind& pod, EventType type, const char* reason, const char* action,
              std::string note);

  std::shared_ptr<Client> m_client;
  std::shared_ptr<EventRecorder> m_events;
  const SchedulerOptions m_options;
  NodeTable m_table;
  PodQueue m_queue;
  Changes m_nodes, m_pods;
  boost::asio::steady_timer m_timer;
  std::set<ObjectName> m_untold;  ///< whose condition is to be written
  std::size_t m_binding = 0;
  std::size_t m_telling = 0;
  bool m_posted = false;
  bool m_stopped = false;
  SchedulerCounters m_counters;
};

}  // namespace wanwise::kubernetes
