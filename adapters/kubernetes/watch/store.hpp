// A collection mirrored as objects of one type, by namespace and name. Belongs to one executor's
// thread. `changed` is called after each change, also of what is known about the server.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "adapters/kubernetes/api/objects.hpp"
#include "adapters/kubernetes/watch/reflector.hpp"

namespace wanwise::kubernetes {

template <class T>
class Store {
 public:
  using Read = T (*)(const boost::json::value&);

  Store(Read read, std::function<void()> changed) : m_read(read), m_changed(std::move(changed)) {}

  /// A mirror of one of the collections that the store is made of: a namespace, or all.
  class Part final : public Mirror {
   public:
    explicit Part(Store& store) : m_store(store) { ++store.m_parts; }

    void list_begins() override {
      m_before.merge(m_seen);
      m_seen.clear();
    }
    void put(const boost::json::value& object) override {
      const ObjectName name = name_of(object);
      m_seen.insert(name);
      m_store.m_objects.insert_or_assign(name, m_store.m_read(object));
      if (m_listed) m_store.m_changed();
    }
    void removed(const boost::json::value& object) override {
      const ObjectName name = name_of(object);
      m_seen.erase(name);
      m_store.m_objects.erase(name);
      m_store.m_changed();
    }
    void list_ends() override {
      for (const ObjectName& name : m_before) {
        if (!m_seen.contains(name)) m_store.m_objects.erase(name);
      }
      m_before.clear();
      if (!std::exchange(m_listed, true)) ++m_store.m_listed;
      m_store.m_changed();
    }
    void broken(const core::Error& why) override {
      m_trouble = why;
      m_store.m_changed();
    }
    void followed() override {
      m_trouble.reset();
      m_store.m_changed();
    }
    [[nodiscard]] const std::optional<core::Error>& trouble() const { return m_trouble; }

   private:
    Store& m_store;
    std::set<ObjectName> m_seen;    ///< since the last list began
    std::set<ObjectName> m_before;  ///< before it, and not known to be gone
    std::optional<core::Error> m_trouble;
    bool m_listed = false;
  };

  [[nodiscard]] const std::map<ObjectName, T>& all() const { return m_objects; }
  [[nodiscard]] const T* find(const ObjectName& name) const {
    const auto found = m_objects.find(name);
    return found == m_objects.end() ? nullptr : &found->second;
  }
  /// Each part was listed whole once; never without a part.
  [[nodiscard]] bool listed() const { return m_parts > 0 && m_listed == m_parts; }

 private:
  Read m_read;
  std::function<void()> m_changed;
  std::map<ObjectName, T> m_objects;
  int m_parts = 0;
  int m_listed = 0;
};

}  // namespace wanwise::kubernetes
