// The NETCONF sessions that are alive, so that one can kill another. A session is in here from its
// hello until just before it is freed. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>

#include "sim/router/netconf_c.hpp"

namespace wanwise::router {

class Sessions {
 public:
  void add(nc_session* session) {
    const std::lock_guard lock(m_mutex);
    m_alive[nc_session_get_id(session)] = session;
  }
  void remove(nc_session* session) {
    const std::lock_guard lock(m_mutex);
    m_alive.erase(nc_session_get_id(session));
  }
  [[nodiscard]] std::size_t count() const {
    const std::lock_guard lock(m_mutex);
    return m_alive.size();
  }
  /// False: no such session. The poller of the session frees it at its next turn.
  bool kill(std::uint32_t id, std::uint32_t by) {
    const std::lock_guard lock(m_mutex);
    const auto found = m_alive.find(id);
    if (found == m_alive.end()) {
      return false;
    }
    nc_session_set_term_reason(found->second, NC_SESSION_TERM_KILLED);
    nc_session_set_killed_by(found->second, by);
    nc_session_set_status(found->second, NC_STATUS_INVALID);
    return true;
  }

 private:
  mutable std::mutex m_mutex;
  std::map<std::uint32_t, nc_session*> m_alive;
};

}  // namespace wanwise::router
