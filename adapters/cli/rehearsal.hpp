// The site's real ports with their hands tied: everything is read, nothing is written. `plan` and
// `doctor` look at a site through it. One thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <vector>

#include "adapters/cli/site_ports.hpp"
#include "engine/core/engine.hpp"
#include "engine/runtime/steady_clock.hpp"

namespace wanwise::cli {

/// What the site said of itself, newest value each.
struct Observations {
  std::map<core::RouterName, core::RouterSession> sessions;
  std::map<core::RouterName, core::RouterQosObserved> qos;
  std::map<core::LinkName, core::LinkCounters> links;
  std::map<core::LinkName, core::RadioSample> radios;
  std::map<core::LinkName, core::ProbeSample> probes;
  std::map<core::TargetName, core::TargetSample> targets;
  std::map<core::WorkloadName, core::PlacementObserved> placements;
};

class Rehearsal final : public ports::EventSink {
 public:
  Rehearsal(boost::asio::io_context& io, SitePorts& ports, const ports::Clock& clock);

  /// Listens until `enough` says so, or the patience ends.
  void listen(core::Micros patience, const std::function<bool()>& enough);

  void post(core::EventBody body) override;
  [[nodiscard]] const Observations& observed() const { return m_observed; }
  /// Every event in order, as an engine would have had them.
  [[nodiscard]] const std::vector<core::Event>& events() const { return m_events; }

 private:
  /// A few seconds of a site's telemetry; more is a sign that nobody stops listening.
  static constexpr std::size_t kMostEvents = 100'000;

  void note(const core::EventBody& body);

  boost::asio::io_context& m_io;
  SitePorts& m_ports;
  const ports::Clock& m_clock;
  Observations m_observed;
  std::vector<core::Event> m_events;
};

}  // namespace wanwise::cli
