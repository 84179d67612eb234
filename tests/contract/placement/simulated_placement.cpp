#include <algorithm>

#include "sim/door/world_ports.hpp"
#include "sim/world/world.hpp"
#include "tests/contract/placement/placement_site.hpp"
#include "tests/support/small_site.hpp"

namespace wanwise::testing {
namespace {

class SimulatedPlacement final : public PlacementSite {
 public:
  SimulatedPlacement() {
    m_world.place(core::WorkloadName{"detector"}, core::TargetName{"tx2"}, 0);
    pass(core::seconds(2));
  }
  ports::Cluster& cluster() override { return m_ports.cluster(); }
  [[nodiscard]] core::Instant now() const override { return m_world.now(); }
  bool until(const std::function<bool()>& reached) override {
    const core::Instant end = now() + core::seconds(30);
    while (!reached() && now() < end) pass(core::milliseconds(10));
    return reached();
  }
  void pass(core::Micros time) override {
    const core::Instant end = m_world.now() + time;
    m_ports.poll();
    while (m_world.now() < end) {
      m_world.advance_to(std::clamp(m_ports.next_due(), m_world.now() + core::Micros{1}, end));
      m_ports.poll();
    }
  }
  void set_alive(const core::TargetName& target, bool alive) override {
    m_world.set_alive(target, alive);
  }
  void hold(const core::TargetName& /*target*/, bool /*held*/) override {}
  /// A start in the cloud takes 300 ms.
  [[nodiscard]] core::Micros short_patience() const override { return core::milliseconds(200); }

 private:
  sim::World m_world{small_world()};
  sim::WorldPorts m_ports{m_world, small_site(), core::seconds(1)};
};

}  // namespace

std::unique_ptr<PlacementSite> simulated_placement(std::string& /*lacking*/) {
  return std::make_unique<SimulatedPlacement>();
}

}  // namespace wanwise::testing
