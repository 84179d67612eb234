// The Router ports over a World in the same process and on the same time line, with the pace of
// real devices: counters at a period, each known only after a delay, configuration that takes its
// time. For studies and tests in virtual time; whoever advances the world calls poll() after it.
// Borrows the world; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/ports/router.hpp"
#include "sim/world/world.hpp"

namespace wanwise::sim {

struct RouterPace {
  core::Micros period = core::seconds(1);        ///< of counters, radio and probe; > 0
  core::Micros delay = core::milliseconds(200);  ///< read on the device until it is an event
  core::Micros write = core::milliseconds(300);  ///< a change, until it is in force and answered
};

class WorldRouters {
 public:
  WorldRouters(World& world, const core::Model& model, RouterPace pace);
  ~WorldRouters();
  WorldRouters(const WorldRouters&) = delete;
  WorldRouters& operator=(const WorldRouters&) = delete;

  [[nodiscard]] std::map<core::RouterName, ports::Router*> ports() const;

  /// Reads, delivers and answers what is due in the world.
  void poll();
  /// The moment, at the latest, to which the world should be advanced before the next poll().
  [[nodiscard]] core::Instant next_due() const;

  /// The management session breaks, or comes back; what is on the router stays.
  void set_reachable(const core::RouterName& router, bool reachable);
  /// Of samples read from now on.
  void set_delay(const core::RouterName& router, core::Micros delay);

  /// What the router's shaper on this link is set to now.
  [[nodiscard]] std::optional<core::Bps> shaper(const core::LinkName& link) const;
  [[nodiscard]] std::int64_t writes() const { return m_writes; }  ///< that changed a router

 private:
  class Port;

  void install(const core::RouterName& router, core::RouterQos qos);

  World& m_world;
  std::vector<std::unique_ptr<Port>> m_ports;
  std::map<core::RouterName, core::RouterQos> m_installed;
  std::int64_t m_writes = 0;
};

}  // namespace wanwise::sim
