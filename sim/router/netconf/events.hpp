// Notifications that are no push-update: netconf-config-change for who asked by RFC 5277
// create-subscription, and native ones for who asked by establish-subscription on
// yang-notif-native. Whoever has news posts it and goes on; each session's own thread takes what is
// for it, so that a session that stands still keeps nobody waiting. Thread-safe; sessions are
// borrowed until drop().
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "sim/router/netconf/netconf_c.hpp"
#include "sim/router/netconf/roots.hpp"
#include "sim/router/netconf/session.hpp"

namespace wanwise::router {

/// What waits for one session; a client that reads nothing loses the newest beyond it.
inline constexpr std::size_t kMaxQueuedEvents = 256;

enum class EventStream : std::uint8_t { netconf, native };

class Events {
 public:
  struct News {
    Tree tree;
    std::string time;
  };

  /// `wanted`: names of notifications. False: the session listens to the NETCONF stream already.
  [[nodiscard]] bool listen(Session& session, EventStream stream, Roots wanted);
  /// The session is told nothing more.
  void drop(Session& session);
  /// Kept for everybody who listens.
  void post(EventStream stream, const Tree& notification);
  /// What the session is to be told, oldest first.
  [[nodiscard]] std::vector<News> take(const Session& session);
  [[nodiscard]] std::uint64_t lost() const;

 private:
  struct Listener {
    Session* session = nullptr;
    EventStream stream = EventStream::netconf;
    Roots wanted;
    std::vector<News> news;
  };

  mutable std::mutex m_mutex;
  std::vector<Listener> m_listeners;
  std::uint64_t m_lost = 0;
};

}  // namespace wanwise::router
