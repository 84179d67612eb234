#include "adapters/kubernetes/events/event_recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/json/object.hpp>
#include <utility>

#include "adapters/kubernetes/api/time_text.hpp"

namespace wanwise::kubernetes {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using std::chrono::steady_clock;
using std::chrono::system_clock;

/// Of a name of at most 253 characters the time and number take the rest.
constexpr std::size_t kMaxStem = 200;

/// At most `most` bytes, and no character of UTF-8 cut in two.
std::string cut(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text;
}

/// An Event lies in its object's namespace; one about the cluster in kube-system.
const std::string& name_space_of(const ObjectReference& about) {
  static const std::string system = "kube-system";
  return about.name.name_space.empty() ? system : about.name.name_space;
}

json::object reference(const ObjectReference& about) {
  json::object made{
      {"apiVersion", about.api_version}, {"kind", about.kind}, {"name", about.name.name}};
  if (!about.name.name_space.empty()) made["namespace"] = about.name.name_space;
  if (!about.uid.empty()) made["uid"] = about.uid;
  return made;
}

}  // namespace

std::shared_ptr<EventRecorder> EventRecorder::create(std::shared_ptr<Client> client,
                                                     std::string instance, EventLimits limits) {
  return std::shared_ptr<EventRecorder>(
      new EventRecorder(std::move(client), std::move(instance), limits));
}

EventRecorder::EventRecorder(std::shared_ptr<Client> client, std::string instance,
                             EventLimits limits)
    : m_client(std::move(client)),
      m_instance(std::move(instance)),
      m_limits(limits),
      m_timer(m_client->executor()) {}

void EventRecorder::stop() {
  m_stopped = true;
  m_timer.cancel();
  for (const Place series : m_queue) series->pending = false;
  m_pending -= m_queue.size();
  m_queue.clear();
}

void EventRecorder::record(ObjectEvent event) {
  if (m_stopped) return;
  ++m_counters.recorded;
  event.note = cut(std::move(event.note), m_limits.note);
  const auto now = system_clock::now();
  auto known = m_by_event.find(event);
  if (known != m_by_event.end() && !known->second->pending &&
      now - known->second->last > m_limits.series_end) {
    forget(known->second);
    known = m_by_event.end();
  }
  if (known != m_by_event.end()) {
    const Place series = known->second;
    m_series.splice(m_series.begin(), m_series, series);
    ++series->count;
    series->last = now;
    if (!series->pending) arm();
    return;
  }
  if (!make_room()) {
    ++m_counters.no_room;
    return;
  }
  const std::int64_t ticks = now.time_since_epoch().count();
  std::string stem = event.regarding.name.name.substr(0, kMaxStem);
  std::string name = fmt::format("{}.{:x}{:x}", stem, ticks, m_names++ & 0xFFFFU);
  m_series.push_front({std::move(event), std::move(name), now, now, 1, 0, false});
  m_by_event.emplace(m_series.front().event, m_series.begin());
  enqueue(m_series.begin());
}

/// What happened longest ago is forgotten first, but nothing that waits.
bool EventRecorder::make_room() {
  if (m_series.size() < m_limits.known) return true;
  const auto oldest = std::find_if(m_series.rbegin(), m_series.rend(),
                                   [](const Series& series) { return !series.pending; });
  if (oldest == m_series.rend()) return false;
  forget(std::prev(oldest.base()));
  return true;
}

void EventRecorder::forget(Place series) {
  m_by_event.erase(series->event);
  m_series.erase(series);
}

void EventRecorder::enqueue(Place series) {
  series->pending = true;
  ++m_pending;
  m_queue.push_back(series);
  if (m_workers == m_limits.parallel) return;
  ++m_workers;
  asio::co_spawn(m_client->executor(), work(),
                 [self = shared_from_this()](const std::exception_ptr& thrown) {
                   --self->m_workers;
                   if (thrown) std::rethrow_exception(thrown);
                 });
}

void EventRecorder::arm() {
  if (m_stopped || std::exchange(m_armed, true)) return;
  m_timer.expires_after(m_limits.series_period);
  m_timer.async_wait([weak = weak_from_this()](const boost::system::error_code& ended) {
    const auto self = weak.lock();
    if (ended || !self || self->m_stopped) return;
    self->m_armed = false;
    self->tell_counts();
  });
}

void EventRecorder::tell_counts() {
  for (Place series = m_series.begin(); series != m_series.end(); ++series) {
    if (!series->pending && series->count > series->written) enqueue(series);
  }
}

Call EventRecorder::call_for(const Series& series) const {
  const ObjectEvent& event = series.event;
  Call call;
  call.path =
      "/apis/events.k8s.io/v1/namespaces/" + encode(name_space_of(event.regarding)) + "/events";
  json::object body;
  if (series.count > 1) {
    body["series"] =
        json::object{{"count", series.count}, {"lastObservedTime", micro_time_text(series.last)}};
  }
  if (series.written > 0) {
    call.verb = Verb::merge;
    call.path += "/" + encode(series.name);
    call.body = std::move(body);
    return call;
  }
  body["metadata"] =
      json::object{{"name", series.name}, {"namespace", name_space_of(event.regarding)}};
  body["regarding"] = reference(event.regarding);
  body["type"] = event.type == EventType::normal ? "Normal" : "Warning";
  body["reason"] = event.reason;
  body["action"] = event.action;
  body["note"] = event.note;
  body["eventTime"] = micro_time_text(series.first);
  body["reportingController"] = kFieldManager;
  body["reportingInstance"] = m_instance;
  call.verb = Verb::create;
  call.repeatable = true;  // its name is in it: a second one is refused
  call.body = std::move(body);
  return call;
}

asio::awaitable<void> EventRecorder::work() {
  while (!m_queue.empty()) {
    const Place series = m_queue.front();
    m_queue.pop_front();
    const std::uint64_t count = series->count;
    Call call = call_for(*series);
    const auto answer =
        co_await m_client->call_until(std::move(call), steady_clock::now() + m_limits.give_up);
    series->pending = false;
    --m_pending;
    if (answer || answer.error().code == "already-exists") {
      ++m_counters.written;
      series->written = count;
      if (series->count > count) arm();
    } else {
      // Among the refusals: an Event that grew too old and is gone; its next occurrence makes one.
      ++m_counters.refused;
      forget(series);
    }
  }
}

}  // namespace wanwise::kubernetes
