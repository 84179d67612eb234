#include "sim/trial/trial.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/core/check.hpp"
#include "sim/trial/air_rate.hpp"
#include "sim/trial/move_meter.hpp"
#include "sim/trial/relief_watch.hpp"
#include "sim/trial/request_meter.hpp"
#include "sim/trial/site_loop.hpp"

namespace wanwise::sim {
namespace {

constexpr core::Micros kSecond = core::seconds(1);
constexpr std::int64_t kStalePeriods = 3;
constexpr core::Micros kStaleAtLeast = core::seconds(5);

/// The counters that costs are made of, at one moment.
struct Reading {
  std::vector<std::uint64_t> up, down;  ///< bytes, by link
  std::vector<WorkloadTotals> totals;
  std::int64_t energy_mj = 0;  ///< of all targets
};

class Trial {
 public:
  Trial(const TrialConfig& config, const ControllerMaker& make)
      : m_config(config),
        m_world(config.world),
        m_controller(make(m_world)),
        m_requests(config.world.model, config.warm_up),
        m_moves(config.world.model, m_requests, config.warm_up,
                std::max(config.telemetry.period * kStalePeriods, kStaleAtLeast)),
        m_air(config.world),
        m_loop(m_world, config.world.model, *m_controller,
               {{config.telemetry.period, config.telemetry.delay, config.telemetry.write},
                config.telemetry.cluster_period},
               m_moves) {
    m_world.observe(&m_requests);
  }

  TrialResult run() {
    m_loop.start();
    core::Micros until{0};
    if (m_config.warm_up.count == 0) begin_counting();
    while (until < m_config.horizon) {
      const core::Micros from = until;
      until = std::min(until + kSecond, m_config.horizon);
      run_to(until);
      end_second(from, until);
      if (from < m_config.warm_up && until >= m_config.warm_up) begin_counting();
    }
    finish();
    return std::move(m_result);
  }

 private:
  [[nodiscard]] const core::Model& model() const { return m_config.world.model; }

  /// Up to a whole second, with the story's steps on the way.
  void run_to(core::Micros until) {
    while (m_next_step < m_config.story.size() && m_config.story[m_next_step].at <= until) {
      const TimedDisturbance& step = m_config.story[m_next_step++];
      m_loop.run_to(core::Instant{} + step.at);
      m_loop.disturb(step.what);
      m_air.disturb(step.what);
      if (m_relief.ends_something(step.what)) m_moves.relief(m_world.now());
      m_told.push_back(step.say.empty() ? describe(step.what) : step.say);
    }
    m_loop.run_to(core::Instant{} + until);
  }

  [[nodiscard]] Reading read() const {
    Reading now;
    for (const core::Link& link : model().site.links) {
      const InterfaceReading port = m_world.interface(link.interface);
      now.up.push_back(port.tx_bytes);
      now.down.push_back(port.rx_bytes);
    }
    for (const core::Node& node : model().site.nodes) now.energy_mj += m_world.energy_mj(node.name);
    for (const core::Cloud& cloud : model().site.clouds)
      now.energy_mj += m_world.energy_mj(cloud.name);
    for (const core::Workload& workload : model().policy.workloads)
      now.totals.push_back(m_world.totals(workload.name));
    return now;
  }

  void begin_counting() {
    m_begin = read();
    m_writes_before = m_loop.routers().writes();
  }

  void end_second(core::Micros from, core::Micros to) {
    const RequestMeter::Second second = m_requests.take_second();
    std::vector<std::string> news = m_moves.take_news();
    if (to > m_config.warm_up) charge_clouds(to - from);
    if (!m_config.timeline) return;
    TimelinePoint point;
    point.at = to;
    point.uplink_rate = m_air.between(from, to);
    point.uplink_used = used_since_last(to - from);
    for (const core::Link& link : model().site.links)
      point.shaper += m_loop.routers().shaper(link.name).value_or(core::Bps{0});
    point.ended = second.ended;
    point.missed = second.missed;
    point.worst = second.worst;
    for (const core::Cloud& cloud : model().site.clouds)
      point.in_cloud += m_moves.running_on(cloud.name);
    point.events = std::exchange(m_told, {});
    point.events.insert(point.events.end(), news.begin(), news.end());
    m_result.timeline.push_back(std::move(point));
  }

  void charge_clouds(core::Micros time) {
    for (const core::Cloud& cloud : model().site.clouds) {
      if (m_moves.running_on(cloud.name) == 0) continue;
      m_result.cloud_cost += cloud.price_per_hour * (time.count / 1'000) / 3'600'000;
    }
  }

  [[nodiscard]] core::Bps used_since_last(core::Micros time) {
    std::uint64_t bytes = 0;
    for (const core::Link& link : model().site.links)
      bytes += m_world.interface(link.interface).tx_bytes;
    const std::uint64_t more = bytes - std::exchange(m_sent_before, bytes);
    return core::Bps{static_cast<std::int64_t>(static_cast<double>(more) * 8e6 /
                                               static_cast<double>(time.count))};
  }

  void finish() {
    m_result.arrival_hash = m_world.arrival_hash();
    m_result.checksum = m_world.checksum();
    m_result.world_events = m_world.events();
    m_result.controller_events = static_cast<std::uint64_t>(m_loop.events());
    m_result.measured = m_config.horizon - m_config.warm_up;
    m_result.moves = m_moves.moves();
    m_result.failed_moves = m_moves.failed();
    m_result.stale_moves = m_moves.stale();
    m_result.returns = m_moves.returns();
    m_result.router_writes = m_loop.routers().writes() - m_writes_before;
    m_result.mser5 = m_requests.warm_up_check().truncation();
    const Reading end = read();
    add_workloads(end);
    add_link_costs(end);
    m_result.energy_mj = end.energy_mj - m_begin.energy_mj;
    check_conservation(end);
    check_little();
    m_world.observe(nullptr);
  }

  void add_workloads(const Reading& end) {
    m_result.workloads = m_requests.results();
    for (std::size_t i = 0; i < m_result.workloads.size(); ++i) {
      WorkloadResult& it = m_result.workloads[i];
      it.generated = end.totals[i].generated - m_begin.totals[i].generated;
      it.open = it.generated - it.skipped - it.completed - it.lost;
      const auto& answered = m_requests.spells(i).answered();
      m_result.fall_backs.insert(m_result.fall_backs.end(), answered.begin(), answered.end());
    }
  }

  void add_link_costs(const Reading& end) {
    for (std::size_t i = 0; i < model().site.links.size(); ++i) {
      const core::Bytes up{static_cast<std::int64_t>(end.up[i] - m_begin.up[i])};
      const core::Bytes down{static_cast<std::int64_t>(end.down[i] - m_begin.down[i])};
      m_result.uplink += up;
      m_result.downlink += down;
      const double gigabytes = static_cast<double>((up + down).count) * 1e-9;
      m_result.link_cost += core::NanoUsd{static_cast<std::int64_t>(
          gigabytes * static_cast<double>(model().site.links[i].price_per_gb.count))};
    }
  }

  /// What the world counted and what the observer was told must be the same.
  void check_conservation(const Reading& end) {
    m_result.conserved = true;
    for (std::size_t i = 0; i < end.totals.size(); ++i) {
      const WorkloadTotals& it = end.totals[i];
      const RequestMeter::Fates told{it.completed, it.lost, it.skipped};
      const bool whole = it.generated == it.skipped + it.completed + it.lost + it.in_flight;
      if (!whole || it.in_flight < 0 || told != m_requests.fates(i)) m_result.conserved = false;
    }
  }

  /// Little's law: the world's own integral of the requests under way against the sojourns that the
  /// observer was told of.
  void check_little() {
    const double integral = m_world.request_time().as_seconds();
    if (integral <= 0) return;
    const double told = m_requests.sojourn_seconds() + m_world.age_in_flight().as_seconds();
    m_result.little_error =
        core::Ppm{static_cast<std::int64_t>(std::abs(integral - told) / integral * 1e6)};
  }

  const TrialConfig& m_config;
  World m_world;
  std::unique_ptr<Controller> m_controller;
  RequestMeter m_requests;
  MoveMeter m_moves;
  AirRate m_air;
  ReliefWatch m_relief;
  SiteLoop m_loop;
  TrialResult m_result;
  Reading m_begin;  ///< at the end of the warm-up
  std::int64_t m_writes_before = 0;
  std::size_t m_next_step = 0;
  std::vector<std::string> m_told;
  std::uint64_t m_sent_before = 0;
};

}  // namespace

TrialResult run_trial(const TrialConfig& config) {
  return run_trial(config, [&](const World& world) {
    return make_controller(config.policy, config.believed, {&world, &config.world, &config.story});
  });
}

TrialResult run_trial(const TrialConfig& config, const ControllerMaker& make) {
  WANWISE_CHECK(config.horizon > config.warm_up && config.warm_up.count >= 0);
  return Trial(config, make).run();
}

}  // namespace wanwise::sim
