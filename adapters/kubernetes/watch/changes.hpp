// A mirror that keeps names only and tells of each object's change: for who keeps an index of his
// own. What a new list does not hold is told as gone. Belongs to the reflector's executor's thread.
#pragma once

#include <functional>
#include <set>
#include <utility>

#include "adapters/kubernetes/api/objects.hpp"
#include "adapters/kubernetes/watch/reflector.hpp"

namespace wanwise::kubernetes {

class Changes final : public Mirror {
 public:
  struct Hooks {
    std::function<void(const boost::json::value&)> put;
    std::function<void(const ObjectName&)> gone;
    std::function<void()> current;  ///< it became current: listed, and followed again
  };

  explicit Changes(Hooks hooks) : m_hooks(std::move(hooks)) {}

  /// What was told is the whole collection, and its changes are being told.
  [[nodiscard]] bool current() const { return m_listed && m_followed; }

  void list_begins() override {
    m_before.merge(m_seen);
    m_seen.clear();
  }
  void put(const boost::json::value& object) override {
    m_seen.insert(name_of(object));
    m_hooks.put(object);
  }
  void removed(const boost::json::value& object) override {
    const ObjectName name = name_of(object);
    m_seen.erase(name);
    m_hooks.gone(name);
  }
  void list_ends() override {
    for (const ObjectName& name : m_before) {
      if (!m_seen.contains(name)) m_hooks.gone(name);
    }
    m_before.clear();
    m_listed = true;
    if (current()) m_hooks.current();
  }
  void broken(const core::Error&) override { m_followed = false; }
  void followed() override {
    m_followed = true;
    if (current()) m_hooks.current();
  }

 private:
  Hooks m_hooks;
  std::set<ObjectName> m_seen;    ///< since the last list began
  std::set<ObjectName> m_before;  ///< before it, and not known to be gone
  bool m_listed = false;
  bool m_followed = false;
};

}  // namespace wanwise::kubernetes
