#include "tests/contract/cluster/cluster_site.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <stdexcept>

#include "sim/door/door_client.hpp"
#include "sim/door/site_door.hpp"
#include "sim/door/world_ports.hpp"
#include "tests/support/small_site.hpp"

namespace wanwise::testing {
namespace {

class InProcessSite final : public ClusterSite {
 public:
  ports::Cluster& cluster() override { return m_ports.cluster(); }
  ports::NodeMetrics& metrics() override { return m_ports.metrics(); }
  sim::World& world() override { return m_world; }
  [[nodiscard]] core::Instant now() const override { return m_world.now(); }

  void pass(core::Micros time) override {
    const core::Instant end = m_world.now() + time;
    m_ports.poll();
    while (m_world.now() < end) {
      m_world.advance_to(std::clamp(m_ports.next_due(), m_world.now() + core::Micros{1}, end));
      m_ports.poll();
    }
  }

 private:
  sim::World m_world{small_world()};
  sim::WorldPorts m_ports{m_world, small_site(), core::seconds(1)};
};

/// Client and server on one io_context over real TCP. The client's clock is moved with the world,
/// but counts from another origin, as in another process.
class DoorSite final : public ClusterSite {
 public:
  DoorSite() {
    m_clock.set(core::Instant{5'000'000});
    auto door = sim::SiteDoor::open(m_io, small_site(), [this](const auto& use) { use(m_world); },
                                    {.poll_every = core::Micros{0}});
    if (!door) throw std::runtime_error(door.error().message);
    m_door = std::move(*door);
    m_door->start();
    m_client = std::make_unique<sim::DoorClient>(m_io, m_clock, "127.0.0.1", m_door->port());
  }

  ports::Cluster& cluster() override { return m_client->cluster(); }
  ports::NodeMetrics& metrics() override { return m_client->metrics(); }
  sim::World& world() override { return m_world; }
  [[nodiscard]] core::Instant now() const override { return m_clock.now(); }

  void pass(core::Micros time) override {
    settle();
    const core::Instant end = m_world.now() + time;
    while (m_world.now() < end) {
      const core::Instant next = std::min(m_world.now() + sim::kWatchStep, end);
      m_clock.advance(next - m_world.now());
      m_world.advance_to(next);
      m_door->poll();
      settle();
    }
  }

 private:
  /// Until all that was sent, either way, has arrived.
  void settle() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!quiet()) {
      if (std::chrono::steady_clock::now() > deadline) {
        ADD_FAILURE() << "the door and its client do not come to rest";
        return;
      }
      m_io.restart();
      m_io.run_one_for(std::chrono::milliseconds(100));
    }
  }
  [[nodiscard]] bool quiet() const {
    if (!m_client->started()) return true;
    return m_client->connected() && m_client->counters().lines_in == m_door->counters().lines_out &&
           m_client->counters().requests == m_door->counters().requests;
  }

  boost::asio::io_context m_io;
  FakeClock m_clock;
  sim::World m_world{small_world()};
  std::unique_ptr<sim::SiteDoor> m_door;
  std::unique_ptr<sim::DoorClient> m_client;
};

}  // namespace

std::unique_ptr<ClusterSite> in_process_site() {
  return std::make_unique<InProcessSite>();
}
std::unique_ptr<ClusterSite> door_site() {
  return std::make_unique<DoorSite>();
}

}  // namespace wanwise::testing
