// The Cluster and NodeMetrics ports over a World in the same process and on the same time line: for
// studies and tests in virtual time. Whoever advances the world calls poll() after it. Borrows the
// world; one thread.
#pragma once

#include "engine/ports/cluster.hpp"
#include "engine/ports/node_metrics.hpp"
#include "sim/door/site_watch.hpp"

namespace wanwise::sim {

class WorldPorts {
 public:
  WorldPorts(World& world, const core::Model& model, core::Micros period);

  [[nodiscard]] ports::Cluster& cluster() { return m_cluster; }
  [[nodiscard]] ports::NodeMetrics& metrics() { return m_metrics; }

  /// Posts what is news in the world.
  void poll();
  /// The cluster's API is cut off: nothing is heard of it, what is asked of it fails, what runs
  /// goes on. The targets' metrics do not pass through it.
  void set_cluster_reachable(bool reachable);
  /// The moment, at the latest, to which the world should be advanced before the next poll().
  [[nodiscard]] core::Instant next_due() const { return m_watch.next_due(m_world); }

 private:
  class Cluster final : public ports::Cluster {
   public:
    explicit Cluster(WorldPorts& owner) : m_owner(owner) {}
    void start(ports::EventSink& sink) override;
    void submit(core::ActionId id, const core::PlaceWorkload& action, core::Instant deadline,
                const std::string& why) override;
    void stop() override { m_owner.m_cluster_sink = nullptr; }

   private:
    WorldPorts& m_owner;
  };
  class Metrics final : public ports::NodeMetrics {
   public:
    explicit Metrics(WorldPorts& owner) : m_owner(owner) {}
    void start(ports::EventSink& sink) override;
    void stop() override { m_owner.m_metrics_sink = nullptr; }

   private:
    WorldPorts& m_owner;
  };

  World& m_world;
  SiteWatch m_watch;
  bool m_cluster_reachable = true;
  ports::EventSink* m_cluster_sink = nullptr;
  ports::EventSink* m_metrics_sink = nullptr;
  Cluster m_cluster{*this};
  Metrics m_metrics{*this};
};

}  // namespace wanwise::sim
