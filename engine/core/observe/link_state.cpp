#include "engine/core/observe/link_state.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/observe/freshness.hpp"
#include "engine/core/observe/quantise.hpp"

namespace wanwise::core {
namespace {

/// One lost probe is radio weather; three in a row are a path that does not answer (RFC 5880 and
/// Cisco's track use the same multiplier).
constexpr int kProbesToDown = 3;

/// Fades are waited out: what a decision gives up it does not get back sooner than `return-after`.
/// A policy that falls back sooner than in two seconds waits for four times that only. A link
/// without service, and a dead target, are answered at once.
constexpr std::int64_t kWaitsOfFallBack = 4;

}  // namespace

LinkState::LinkState(const Link& link, WhenBlind when_blind, Micros fall_back_after)
    : m_link(&link),
      m_when_blind(when_blind),
      m_wait_out(std::min(kLongestFade, fall_back_after * kWaitsOfFallBack)),
      m_estimator(link, m_wait_out),
      m_sustained(m_wait_out) {
  m_view.uplink = Bps{coarse_down(m_estimator.interval().low.count)};
  m_view.shaper = m_view.planned = m_estimator.shaper();
  m_view.rtt = link.rtt;
  if (link.data_cap) m_plan.emplace(*link.data_cap);
}

void LinkState::observe(const LinkCounters& sample) {
  if (m_counters_at && sample.observed_at < *m_counters_at) return;
  m_counters_at = sample.observed_at;
  m_interface_up = sample.up;
  m_estimator.observe(sample);
  if (m_plan) m_plan->observe(sample);
}

void LinkState::observe(const LinkUsage& usage) {
  if (m_plan) m_plan->observe(usage);
}

void LinkState::observe(const ClassCounters& sample) {
  m_estimator.observe(sample);
}

void LinkState::observe(const RadioSample& sample) {
  if (m_radio && sample.observed_at < m_radio->observed_at) return;
  m_radio = sample;
  m_estimator.observe(sample);
}

void LinkState::observe(const ProbeSample& sample) {
  if (m_probed_at && sample.observed_at < *m_probed_at) return;
  m_probed_at = sample.observed_at;
  m_lost_probes = sample.rtt ? 0 : std::min(m_lost_probes + 1, kProbesToDown);
  m_estimator.observe(sample);
  if (sample.rtt && m_alarm && sample.observed_at > m_alarm->observed_at) m_alarm.reset();
}

void LinkState::note_class(const ProbeSample& sample) {
  const auto at = std::lower_bound(
      m_classes.begin(), m_classes.end(), *sample.service_class,
      [](const ClassPathStatus& one, const ClassName& name) { return one.service_class < name; });
  ClassPathStatus now{*sample.service_class, sample.rtt, sample.jitter, sample.loss};
  if (at != m_classes.end() && at->service_class == now.service_class) {
    *at = std::move(now);
  } else {
    m_classes.insert(at, std::move(now));
  }
}

/// Two watches may speak of one link: any alarm counts until its own watch takes it back, or until
/// a later probe came through.
void LinkState::observe(const PathAlarm& alarm) {
  if (alarm.raised) {
    m_alarm = alarm;
  } else if (m_alarm && m_alarm->source == alarm.source) {
    m_alarm.reset();
  }
}

void LinkState::in_force(const WanQos& qos) {
  std::set<ClassName> policed;
  for (const QueueShare& queue : qos.queues) {
    if (queue.kind == QueueKind::priority) policed.insert(queue.service_class);
  }
  m_estimator.policed(policed);
  m_estimator.shaper_in_force(qos.shaper);
}

bool LinkState::blind(Instant now) const {
  return freshness(m_counters_at, now, m_when_blind.after) != Freshness::fresh;
}

Availability LinkState::availability(Instant now) const {
  if (blind(now)) return Availability::blind;
  const bool no_service =
      m_radio && !m_radio->in_service &&
      freshness(m_radio->observed_at, now, m_when_blind.after) == Freshness::fresh;
  const bool silent = m_lost_probes >= kProbesToDown;
  return m_interface_up && !no_service && !silent && !m_alarm ? Availability::up
                                                              : Availability::down;
}

bool LinkState::refresh(Instant now) {
  LinkView fresh;
  fresh.availability = availability(now);
  m_sustained.observe(now, m_estimator.interval().low);
  fresh.uplink = Bps{sticky_down(m_view.uplink.count, m_sustained.value().count)};
  fresh.shaper = m_estimator.shaper();
  const Bps shaped = ShaperControl::below(m_sustained.value());
  fresh.planned = std::max(Bps{sticky_down(m_view.planned.count, shaped.count)}, fresh.shaper);
  const auto since = m_estimator.disturbed_since();
  fresh.fading = since && now - *since < m_wait_out;
  fresh.rtt =
      Micros{sticky_up(m_view.rtt.count, m_estimator.rtt_base().value_or(m_link->rtt).count)};
  fresh.jitter = Micros{sticky_up(m_view.jitter.count, m_estimator.jitter().count)};
  m_now = now;
  if (m_plan) {
    m_plan->refresh(now);
    fresh.quota = m_plan->quota();
  }
  const bool changed = fresh != m_view;
  m_view = fresh;
  return changed;
}

std::optional<Instant> LinkState::next_expiry(Instant now) const {
  const auto radio_at = m_radio ? std::optional{m_radio->observed_at} : std::nullopt;
  return earlier(core::next_expiry(m_counters_at, now, m_when_blind.after),
                 core::next_expiry(radio_at, now, m_when_blind.after));
}

LinkStatus LinkState::status(Instant now) const {
  LinkStatus status;
  status.name = m_link->name;
  status.known = m_view.availability != Availability::blind;
  status.up = m_view.availability == Availability::up;
  status.uplink_low = m_estimator.interval().low;
  status.uplink_high = m_estimator.interval().high;
  if (m_estimator.interval().observed_at > Instant{0}) {
    status.uplink_age = std::max(now - m_estimator.interval().observed_at, Micros{0});
  }
  status.shaper = m_view.shaper;
  status.tx_rate = m_estimator.tx_rate();
  status.rtt = m_estimator.rtt();
  status.rtt_base = m_estimator.rtt_base();
  if (m_radio) {
    status.access = m_radio->access;
    status.rsrp = m_radio->rsrp;
    status.sinr = m_radio->sinr;
  }
  status.classes = m_classes;
  if (m_plan) {
    status.data_plan = DataPlanStatus{m_plan->limit(), m_plan->used(), m_plan->left(m_now),
                                      m_view.quota, m_plan->told()};
  }
  return status;
}

void LinkState::append_degradations(std::vector<Degradation>& out) const {
  const std::string& name = m_link->name.text;
  if (m_view.availability == Availability::blind) {
    out.push_back({"link-blind", name, "no fresh interface counters"});
  }
  if (m_view.availability == Availability::down) {
    out.push_back({"link-down", name,
                   m_alarm                          ? "its path is broken: " + m_alarm->detail
                   : m_lost_probes >= kProbesToDown ? "its probes get no answer"
                   : m_interface_up                 ? "the modem has no service"
                                                    : "the interface is not up"});
  }
  if (m_link->kind == LinkKind::cellular && !m_radio) {
    out.push_back({"no-radio", name,
                   "the router reports no radio values; the uplink estimate has "
                   "no prior"});
  }
  if (!m_probed_at) {
    out.push_back({"no-probe", name,
                   "no IP SLA operation measures this link; its round trip is "
                   "the site's word"});
  }
  if (m_plan && !m_plan->told()) {
    out.push_back({"usage-unknown", name,
                   "nobody told what its data plan has used; the period is taken to have begun "
                   "with wanwise's first event"});
  }
}

}  // namespace wanwise::core
