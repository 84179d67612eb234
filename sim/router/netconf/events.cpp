#include "sim/router/netconf/events.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "sim/router/oper/oper_data.hpp"

namespace wanwise::router {

bool Events::listen(Session& session, EventStream stream, Roots wanted) {
  const std::lock_guard lock(m_mutex);
  const bool already =
      stream == EventStream::netconf &&
      std::any_of(m_listeners.begin(), m_listeners.end(), [&](const Listener& one) {
        return one.session == &session && one.stream == stream;
      });
  if (already) {
    return false;
  }
  nc_session_inc_notif_status(session.raw);  // libnetconf2 sends no notification without it
  m_listeners.push_back({&session, stream, std::move(wanted), {}});
  return true;
}

void Events::drop(Session& session) {
  const std::lock_guard lock(m_mutex);
  std::erase_if(m_listeners, [&](const Listener& one) {
    if (one.session != &session) {
      return false;
    }
    nc_session_dec_notif_status(session.raw);
    return true;
  });
}

void Events::post(EventStream stream, const Tree& notification) {
  std::timespec now{};
  std::timespec_get(&now, TIME_UTC);
  const std::string time = date_and_time(now);
  const std::lock_guard lock(m_mutex);
  for (Listener& one : m_listeners) {
    if (one.stream != stream || !one.wanted.has(LYD_NAME(notification.get()))) {
      continue;
    }
    if (one.news.size() >= kMaxQueuedEvents) {
      ++m_lost;
    } else {
      one.news.push_back({notification.copy(), time});
    }
  }
}

std::vector<Events::News> Events::take(const Session& session) {
  const std::lock_guard lock(m_mutex);
  std::vector<News> out;
  for (Listener& one : m_listeners) {
    if (one.session == &session) {
      std::move(one.news.begin(), one.news.end(), std::back_inserter(out));
      one.news.clear();
    }
  }
  return out;
}

std::uint64_t Events::lost() const {
  const std::lock_guard lock(m_mutex);
  return m_lost;
}

}  // namespace wanwise::router
