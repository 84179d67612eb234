// Tells two mirrors what one reflector hears: a collection is watched once, however many read it.
// Belongs to the executor's thread of the reflector.
#pragma once

#include "adapters/kubernetes/watch/reflector.hpp"

namespace wanwise::kubernetes {

class Tee final : public Mirror {
 public:
  /// Both outlive it.
  Tee(Mirror& first, Mirror& second) : m_first(first), m_second(second) {}

  void list_begins() override {
    m_first.list_begins();
    m_second.list_begins();
  }
  void put(const boost::json::value& object) override {
    m_first.put(object);
    m_second.put(object);
  }
  void removed(const boost::json::value& object) override {
    m_first.removed(object);
    m_second.removed(object);
  }
  void list_ends() override {
    m_first.list_ends();
    m_second.list_ends();
  }
  void broken(const core::Error& why) override {
    m_first.broken(why);
    m_second.broken(why);
  }
  void followed() override {
    m_first.followed();
    m_second.followed();
  }

 private:
  Mirror& m_first;
  Mirror& m_second;
};

}  // namespace wanwise::kubernetes
