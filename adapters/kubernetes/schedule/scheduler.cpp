#include "adapters/kubernetes/schedule/scheduler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/host_name.hpp>
#include <boost/asio/post.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <utility>

#include "adapters/kubernetes/api/time_text.hpp"
#include "adapters/kubernetes/client/errors.hpp"

namespace wanwise::kubernetes {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using std::chrono::steady_clock;
using std::chrono::system_clock;

/// Decisions in a row before others may use the thread.
constexpr int kDecisionsAtOnce = 256;
/// A request that gets no answer for so long is looked at again: is the pod still there?
constexpr std::chrono::seconds kPatience{30};
constexpr std::size_t kMaxInstance = 128;  ///< of an Event's reportingInstance

std::string path_of(const ObjectName& pod) {
  return fmt::format("/api/v1/namespaces/{}/pods/{}", encode(pod.name_space), encode(pod.name));
}

Call binding_of(const PodToBind& pod, const std::string& node) {
  Call call;
  call.verb = Verb::create;
  call.repeatable = true;  // a pod is bound once: the second is a conflict
  call.path = path_of(pod.name) + "/binding";
  json::object body{{"apiVersion", "v1"}, {"kind", "Binding"}};
  body["metadata"] =
      json::object{{"name", pod.name.name}, {"namespace", pod.name.name_space}, {"uid", pod.uid}};
  body["target"] = json::object{{"apiVersion", "v1"}, {"kind", "Node"}, {"name", node}};
  call.body = std::move(body);
  return call;
}

/// With the version that was judged: a pod that was bound meanwhile must not be called
/// unschedulable.
Call condition_of(const PodToBind& pod, const std::string& why) {
  Call call;
  call.verb = Verb::strategic_merge;
  call.path = path_of(pod.name) + "/status";
  json::object condition{
      {"type", "PodScheduled"}, {"status", "False"}, {"reason", "Unschedulable"}, {"message", why}};
  if (pod.told.empty()) condition["lastTransitionTime"] = time_text(system_clock::now());
  json::array conditions;
  conditions.emplace_back(std::move(condition));
  json::object body;
  body["metadata"] = json::object{{"uid", pod.uid}, {"resourceVersion", pod.version}};
  body["status"] = json::object{{"conditions", std::move(conditions)}};
  call.body = std::move(body);
  return call;
}

}  // namespace

std::shared_ptr<Scheduler> Scheduler::create(std::shared_ptr<Client> client,
                                             std::shared_ptr<EventRecorder> events,
                                             SchedulerOptions options) {
  return std::shared_ptr<Scheduler>(
      new Scheduler(std::move(client), std::move(events), std::move(options)));
}

core::Expected<std::shared_ptr<Scheduler>> Scheduler::connect(const asio::any_io_executor& executor,
                                                              const Access& access, Limits limits,
                                                              SchedulerOptions options) {
  const EventLimits event_limits;
  limits.idle_connections = options.bindings + options.conditions + event_limits.parallel;
  auto client = Client::create(executor, access, limits);
  if (!client) return core::Unexpected{client.error()};
  boost::system::error_code ignored;
  std::string host = asio::ip::host_name(ignored);
  host.resize(std::min(host.size(), kMaxInstance));
  if (host.empty()) host = kFieldManager;
  auto events = EventRecorder::create(*client, std::move(host), event_limits);
  return create(std::move(*client), std::move(events), std::move(options));
}

Scheduler::Scheduler(std::shared_ptr<Client> client, std::shared_ptr<EventRecorder> events,
                     SchedulerOptions options)
    : m_client(std::move(client)),
      m_events(std::move(events)),
      m_options(std::move(options)),
      m_queue(m_table, m_options.backoff),
      m_nodes({[this](const json::value& node) {
                 m_table.put(read_node(node));
                 notify();
               },
               [this](const ObjectName& name) { m_table.remove(name.name); },
               [this] { notify(); }}),
      m_pods({[this](const json::value& pod) { heard(read_pod_to_bind(pod)); },
              [this](const ObjectName& name) {
                m_table.leave(name);
                m_queue.remove(name);
                notify();
              },
              [this] { notify(); }}),
      m_timer(m_client->executor()) {}

void Scheduler::stop() {
  m_stopped = true;
  m_timer.cancel();
  m_events->stop();
  m_client->stop();
}

void Scheduler::heard(PodToBind pod) {
  if (!pod.node.empty()) {
    if (pod.ended) {
      m_table.leave(pod.name);
    } else {
      m_table.stand(pod.name, pod.uid, pod.node, pod.kind.rules.requests);
    }
    m_queue.remove(pod.name);
  } else if (pod.ended) {
    m_table.leave(pod.name);  // it was not bound in time, and will not be
    m_queue.remove(pod.name);
  } else if (pod.scheduler == m_options.name && !m_queue.find(pod.name, pod.uid) &&
             m_table.stands(pod.name, pod.uid)) {
    return;  // old news: it is bound
  } else if (pod.scheduler == m_options.name) {
    const ObjectName name = pod.name;
    const std::string uid = pod.uid;
    if (!m_table.stands(name, uid)) m_table.leave(name);  // of that name there was another pod
    m_queue.put(std::move(pod));
    const auto* entry = m_queue.find(name, uid);
    if (entry->state == PodQueue::State::parked && entry->why != entry->pod.told) tell_soon(name);
  }
  notify();
}

/// Much is heard in one read; it is thought about once.
void Scheduler::notify() {
  if (m_stopped || std::exchange(m_posted, true)) return;
  asio::post(m_client->executor(), [self = shared_from_this()] {
    self->m_posted = false;
    self->work();
  });
}

/// Nothing is decided on what may be old: not before nodes and pods were listed, nor while one of
/// them can not be followed.
void Scheduler::work() {
  if (m_stopped || !m_nodes.current() || !m_pods.current()) return;
  m_queue.release(steady_clock::now());
  int decisions = 0;
  while (m_binding < m_options.bindings && decisions++ < kDecisionsAtOnce) {
    PodQueue::Entry* entry = m_queue.take();
    if (entry == nullptr) return arm();
    decide(*entry);
  }
  if (m_binding < m_options.bindings) return notify();
  arm();
}

void Scheduler::arm() {
  const auto next = m_queue.next();
  if (!next) return;
  m_timer.expires_at(*next);
  m_timer.async_wait([weak = weak_from_this()](const boost::system::error_code& ended) {
    const auto self = weak.lock();
    if (!ended && self) self->notify();
  });
}

void Scheduler::decide(PodQueue::Entry& entry) {
  Ranking& ranking = m_queue.ranking_for(entry);
  const std::string* best = ranking.best();
  if (best == nullptr) return found_none(entry, ranking.why_none());
  const std::string node = *best;
  m_table.stand(entry.pod.name, entry.pod.uid, node, entry.pod.kind.rules.requests);
  spawn(bind(entry.pod, node), m_binding);
}

void Scheduler::found_none(PodQueue::Entry& entry, std::string why) {
  ++m_counters.no_node;
  entry.why = std::move(why);
  m_queue.park(entry, steady_clock::now());
  record(entry.pod, EventType::warning, "FailedScheduling", "Scheduling", entry.why);
  if (entry.why != entry.pod.told) tell_soon(entry.pod.name);
}

void Scheduler::spawn(Awaitable<void> what, std::size_t& under_way) {
  ++under_way;
  asio::co_spawn(m_client->executor(), std::move(what),
                 [self = shared_from_this(), &under_way](const std::exception_ptr& thrown) {
                   --under_way;
                   if (thrown) std::rethrow_exception(thrown);
                   self->notify();
                 });
}

/// Until it is known what became of it: a request without an answer may have been carried out, and
/// the room that it takes must not be given away.
asio::awaitable<void> Scheduler::bind(PodToBind pod, std::string node) {
  while (!m_stopped) {
    Call call = binding_of(pod, node);
    const auto answer =
        co_await m_client->call_until(std::move(call), steady_clock::now() + kPatience);
    if (answer) {
      bound(pod, node);
      co_return;
    }
    const core::Error& error = answer.error();
    if (error.code == "conflict" || error.code == "not-found") {
      co_await learn(std::move(pod));
      co_return;
    }
    if (!is_transient(error)) {
      refused(pod, error);
      co_return;
    }
    if (m_queue.find(pod.name, pod.uid) == nullptr) co_return;
  }
}

void Scheduler::bound(const PodToBind& pod, const std::string& node) {
  ++m_counters.bound;
  if (m_queue.find(pod.name, pod.uid) != nullptr) m_queue.remove(pod.name);
  record(
      pod, EventType::normal, "Scheduled", "Binding",
      fmt::format("Successfully assigned {}/{} to {}", pod.name.name_space, pod.name.name, node));
}

void Scheduler::refused(const PodToBind& pod, const core::Error& why) {
  if (why.code == "closed") return;
  ++m_counters.failed;
  PodQueue::Entry* entry = m_queue.find(pod.name, pod.uid);
  if (entry == nullptr) return;  // the watch knew better
  m_table.leave(pod.name);
  entry->why = "the binding was refused: " + why.message;
  m_queue.park(*entry, steady_clock::now());
  record(pod, EventType::warning, "FailedScheduling", "Binding", entry->why);
  if (entry->why != entry->pod.told) tell_soon(pod.name);
}

/// Somebody else bound or deleted it, or an earlier request got through although its answer was
/// lost. The server's word now is newer than what the watch told.
asio::awaitable<void> Scheduler::learn(PodToBind pod) {
  ++m_counters.taken;
  Call call;
  call.path = path_of(pod.name);
  const auto answer =
      co_await m_client->call_until(std::move(call), steady_clock::now() + kPatience);
  if (m_queue.find(pod.name, pod.uid) == nullptr) co_return;
  if (!answer && answer.error().code != "not-found") {
    refused(pod, answer.error());
    co_return;
  }
  PodToBind now;
  if (answer) now = read_pod_to_bind(*answer);
  if (now.uid != pod.uid || now.ended) {
    m_table.leave(pod.name);
    m_queue.remove(pod.name);
  }
  if (!now.node.empty()) {
    heard(std::move(now));
  } else if (PodQueue::Entry* entry = m_queue.find(pod.name, pod.uid)) {
    m_table.leave(pod.name);
    m_queue.park(*entry, steady_clock::now());
  }
}

void Scheduler::tell_soon(const ObjectName& name) {
  if (m_stopped) return;
  m_untold.insert(name);
  if (m_telling < m_options.conditions) spawn(tell(), m_telling);
}

asio::awaitable<void> Scheduler::tell() {
  while (!m_untold.empty() && !m_stopped) {
    const ObjectName name = m_untold.extract(m_untold.begin()).value();
    const PodQueue::Entry* judged = m_queue.find(name);
    if (judged == nullptr || judged->state != PodQueue::State::parked) continue;
    const std::string uid = judged->pod.uid;
    const std::string why = judged->why;
    Call call = condition_of(judged->pod, why);
    // A conflict: the pod has changed, and the watch will tell.
    const auto answer =
        co_await m_client->call_until(std::move(call), steady_clock::now() + kPatience);
    if (!answer) continue;
    ++m_counters.conditions;
    if (PodQueue::Entry* entry = m_queue.find(name); entry != nullptr && entry->pod.uid == uid) {
      entry->pod.told = why;
    }
  }
}

void Scheduler::record(const PodToBind& pod, EventType type, const char* reason, const char* action,
                       std::string note) {
  ObjectEvent event;
  event.regarding = {"v1", "Pod", pod.name, pod.uid};
  event.type = type;
  event.reason = reason;
  event.action = action;
  event.note = std::move(note);
  m_events->record(std::move(event));
}

}  // namespace wanwise::kubernetes
