// The sessions that are alive, so that one can kill another and all can be ended. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "sim/router/netconf/session.hpp"

namespace wanwise::router {

/// As `netconf-yang max-sessions` has it by default.
inline constexpr std::size_t kMaxSessions = 32;

class Sessions {
 public:
  /// Owns the session from now on and starts its thread with `run(Session&)`; false, and nothing
  /// done, when there are kMaxSessions or the end has begun.
  template <class Run>
  bool add(std::unique_ptr<Session> session, Run run) {
    const std::lock_guard lock(m_mutex);
    reap();
    if (m_closed || m_all.size() >= kMaxSessions) {
      return false;
    }
    Session& kept = *(m_all[session->id] = std::move(session));
    kept.thread = std::thread([&kept, run] { run(kept); });
    return true;
  }
  /// False: no such session. It ends at its next turn.
  bool kill(std::uint32_t id, std::uint32_t by) {
    const std::lock_guard lock(m_mutex);
    const auto found = m_all.find(id);
    if (found == m_all.end() || found->second->ended) {
      return false;
    }
    found->second->killed_by = by;
    return true;
  }
  /// All of them, as kill() does.
  void kill_all(std::uint32_t by) {
    const std::lock_guard lock(m_mutex);
    for (auto& [id, session] : m_all) {
      session->killed_by = by;
    }
  }
  /// Calls `use(const Session&)` for each that has not ended.
  template <class Use>
  void each(Use use) {
    const std::lock_guard lock(m_mutex);
    for (const auto& [id, session] : m_all) {
      if (!session->ended) use(*session);
    }
  }
  [[nodiscard]] std::size_t alive() {
    const std::lock_guard lock(m_mutex);
    reap();
    return m_all.size();
  }
  /// Waits for the threads of all sessions; they must have been told to end.
  void join_all() {
    std::map<std::uint32_t, std::unique_ptr<Session>> all;
    {
      const std::lock_guard lock(m_mutex);
      m_closed = true;
      all.swap(m_all);
    }
    for (auto& [id, session] : all) {
      session->thread.join();
    }
  }

 private:
  void reap() {
    for (auto it = m_all.begin(); it != m_all.end();) {
      if (it->second->ended) {
        it->second->thread.join();
        it = m_all.erase(it);
      } else {
        ++it;
      }
    }
  }

  std::mutex m_mutex;
  bool m_closed = false;
  std::map<std::uint32_t, std::unique_ptr<Session>> m_all;
};

}  // namespace wanwise::router
