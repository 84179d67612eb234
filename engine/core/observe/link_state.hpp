// What is known of one WAN link, and what a decision may rest on. One owner.
#pragma once

#include <optional>
#include <vector>

#include "engine/core/event.hpp"
#include "engine/core/model.hpp"
#include "engine/core/observe/data_plan.hpp"
#include "engine/core/status.hpp"
#include "engine/core/uplink/sustained_rate.hpp"
#include "engine/core/uplink/uplink_estimate.hpp"

namespace wanwise::core {

enum class Availability : std::uint8_t {
  up,
  down,   ///< the router, the modem, a path alarm or three lost probes say so
  blind,  ///< nothing fresh is known
};

/// The link as decisions see it: coarse, sticky, comparable.
struct LinkView {
  Availability availability = Availability::blind;
  Bps uplink;           ///< carried for sure
  Bps shaper;           ///< wanted on the router
  Bps planned;          ///< the shaper's rate once a fade that is being waited out is over
  bool fading = false;  ///< misses over it are a short fade's doing until that lasts too long
  Micros rtt;           ///< propagation round trip to the probe's target
  Micros jitter;
  Bps quota = kNoQuota;  ///< both directions together, so that the data plan lasts
  bool operator==(const LinkView&) const = default;
};

class LinkState {
 public:
  LinkState(const Link& link, WhenBlind when_blind, Micros fall_back_after);

  void observe(const LinkCounters& sample);
  void observe(const ClassCounters& sample);
  void observe(const RadioSample& sample);
  void observe(const ProbeSample& sample);
  void observe(const LinkUsage& usage);
  void observe(const PathAlarm& alarm);
  /// Of a class' own probe, which measures the queues too: told, not decided on.
  void note_class(const ProbeSample& sample);
  /// The router confirmed this.
  void in_force(const WanQos& qos);

  /// Brings the view up to `now`; true when it changed.
  bool refresh(Instant now);
  [[nodiscard]] const LinkView& view() const { return m_view; }
  [[nodiscard]] std::optional<Instant> next_expiry(Instant now) const;
  [[nodiscard]] bool reported() const { return m_counters_at.has_value(); }

  [[nodiscard]] LinkStatus status(Instant now) const;
  void append_degradations(std::vector<Degradation>& out) const;

 private:
  [[nodiscard]] Availability availability(Instant now) const;
  [[nodiscard]] bool blind(Instant now) const;

  const Link* m_link;
  WhenBlind m_when_blind;
  Micros m_wait_out;  ///< shorter fades are no reason to move
  UplinkEstimator m_estimator;
  SustainedRate m_sustained;
  std::optional<DataPlan> m_plan;
  Instant m_now;
  LinkView m_view;
  std::optional<Instant> m_counters_at;
  std::optional<Instant> m_probed_at;
  std::optional<RadioSample> m_radio;
  bool m_interface_up = false;
  int m_lost_probes = 0;
  std::vector<ClassPathStatus> m_classes;  ///< by name
  std::optional<PathAlarm> m_alarm;        ///< raised and not answered by anything since
};

}  // namespace wanwise::core
