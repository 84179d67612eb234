// core types <-> the messages of engine/proto/types.proto, exactly. Decoding is total: whatever the
// bytes held, the result is a core value inside its type's ranges or a named Fault. Pure; any
// thread.
#pragma once

#include <optional>
#include <string>

#include "engine/core/action.hpp"
#include "engine/core/event.hpp"
#include "engine/core/explain.hpp"
#include "engine/runtime/wire.hpp"

namespace wanwise::runtime {

/// The first thing that was wrong with a message; empty while nothing was.
class Fault {
 public:
  void note(const std::string& what) {
    if (m_what.empty()) m_what = what;
  }
  [[nodiscard]] bool found() const { return !m_what.empty(); }
  [[nodiscard]] const std::string& what() const { return m_what; }

 private:
  std::string m_what;
};

/// Wire enumerations are the core's shifted by one (0 is "missing"); `last` is the core's greatest.
template <class Core, class Wire>
Core enum_from_wire(Wire wire, Core last, const char* name, Fault& fault) {
  const int value = static_cast<int>(wire);
  if (value < 1 || value > static_cast<int>(last) + 1) {
    fault.note(std::string(name) + " " + std::to_string(value) + " (allowed: 1.." +
               std::to_string(static_cast<int>(last) + 1) + ")");
    return Core{};
  }
  return static_cast<Core>(value - 1);
}

template <class Wire, class Core>
Wire enum_to_wire(Core core) {
  return static_cast<Wire>(static_cast<int>(core) + 1);
}

void split_to_wire(const core::Split& in, v1::Split& out);
void to_wire(const core::RouterQos& in, v1::RouterQos& out);
void to_wire(const core::Action& in, v1::Action& out);
void to_wire(const core::ActionDone& in, v1::ActionDone& out);
void to_wire(const core::Explanation& in, v1::Explanation& out);

core::Split split_from_wire(const v1::Split& in);
core::RouterQos from_wire(const v1::RouterQos& in, Fault& fault);
core::Action from_wire(const v1::Action& in, Fault& fault);
core::ActionDone from_wire(const v1::ActionDone& in, Fault& fault);
core::Explanation from_wire(const v1::Explanation& in, Fault& fault);

}  // namespace wanwise::runtime
