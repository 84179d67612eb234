// One router for the contract suite, reached through one implementation of the Router port.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "engine/ports/router.hpp"

namespace wanwise::testing {

using Events = std::vector<core::EventBody>;

class RouterSite {
 public:
  virtual ~RouterSite() = default;
  [[nodiscard]] virtual ports::Router& router() = 0;
  virtual void start() = 0;
  /// The engine's time, which deadlines are in.
  [[nodiscard]] virtual core::Instant now() const = 0;
  /// Lets time pass until the events so far fit; false when they never do.
  [[nodiscard]] virtual bool until(const std::function<bool(const Events&)>& fits) = 0;
  /// Everything posted so far.
  [[nodiscard]] virtual Events events() = 0;
};

/// An implementation of the port with a router behind it.
struct RouterKind {
  std::string name;
  std::function<std::unique_ptr<RouterSite>()> make;
};
std::ostream& operator<<(std::ostream& out, const RouterKind& kind);

/// The real adapter and the emulator in every release and datastore; the simulator's port.
[[nodiscard]] std::vector<RouterKind> router_kinds();

}  // namespace wanwise::testing
