#include "tests/acceptance/stability/adverse_site.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace wanwise::acceptance {
namespace {

using core::Bps;
using core::Instant;
using core::Micros;
using core::milliseconds;
using core::seconds;

constexpr double kLongest = 40'000;  // seconds that a telegraph is drawn for
constexpr double kPoorLink = 0.05;
constexpr double kSlow = 3;

/// The node's accelerator and the mean of the one model that the sites here use.
double service_seconds(const core::Model& model) {
  const core::Node& node = model.site.nodes.front();
  return static_cast<double>(model.profiles.at(node.device).models.begin()->second.mean.count) /
         1e6;
}

}  // namespace

const char* name_of(Swing swing) {
  switch (swing) {
    case Swing::link_rate:
      return "link rate";
    case Swing::round_trip:
      return "round trip";
    case Swing::slowdown:
      return "slowdown";
    case Swing::demand:
      return "demand";
    case Swing::misses:
      return "misses";
    case Swing::misses_on_site:
      return "misses on site";
    case Swing::target:
      return "target";
    case Swing::link:
      return "link";
    case Swing::refused:
      return "refused";
    case Swing::everything:
      return "everything";
  }
  return "";
}

bool AdverseSite::Square::bad(double at) const {
  if (!flips.empty())
    return (std::upper_bound(flips.begin(), flips.end(), at) - flips.begin()) % 2 == 1;
  return std::fmod(at + phase, period) < duty * period;
}

AdverseSite::AdverseSite(core::Model model, Swing swing, const Wave& wave)
    : m_engine(std::move(model)),
      m_model(m_engine.model()),
      m_swing(swing),
      m_placed(m_model.policy.workloads.size()),
      m_owed(m_model.policy.workloads.size()),
      m_ledger(m_model.policy.stability) {
  std::mt19937_64 random(wave.seed);
  const auto draw = [&] { return static_cast<double>(random() >> 11) / 9007199254740992.0; };
  for (int i = 0; i < kWaves; ++i) {
    // Everything: each input has a period of its own around the given one.
    const double stretch = swing == Swing::everything ? 0.5 + draw() : 1;
    Square square{wave.period * stretch, wave.duty, draw() * wave.period, {}};
    for (double at = 0; wave.telegraph && at < kLongest;) {
      const bool good = square.flips.size() % 2 == 0;
      at += -std::log(1 - draw()) * square.period * (good ? 1 - wave.duty : wave.duty);
      square.flips.push_back(at);
    }
    m_squares.push_back(std::move(square));
  }
}

bool AdverseSite::bad(Swing swing) const {
  if (m_calm || (m_swing != swing && m_swing != Swing::everything)) return false;
  return m_squares[static_cast<std::size_t>(swing)].bad(now());
}

Bps AdverseSite::capacity() const {
  const Bps declared = m_model.site.links.front().uplink;
  const double factor = bad(Swing::link_rate) ? kPoorLink : 1;
  return Bps{static_cast<std::int64_t>(static_cast<double>(declared.count) * factor)};
}

double AdverseSite::rate_of(std::size_t workload) const {
  const core::Workload& it = m_model.policy.workloads[workload];
  const core::Place& place = m_placed[workload].place;
  if (!place.target) return 0;
  const double wanted = static_cast<double>(it.rate.count) / 1e3 * demand();
  const auto& rung = it.ladder[static_cast<std::size_t>(place.rung)];
  return place.rung == 0 ? wanted : std::min(wanted, static_cast<double>(rung.rate.count) / 1e3);
}

Bps AdverseSite::offered() const {
  double sum = 0;
  for (std::size_t w = 0; w < m_placed.size(); ++w) {
    const auto& target = m_placed[w].place.target;
    if (!target || *target != m_model.site.clouds.front().name) continue;
    sum += rate_of(w) * static_cast<double>(m_model.policy.workloads[w].request.count) * 8;
  }
  return Bps{static_cast<std::int64_t>(sum)};
}

double AdverseSite::busy() const {
  double sum = 0;
  for (std::size_t w = 0; w < m_placed.size(); ++w) {
    const auto& target = m_placed[w].place.target;
    if (target && *target == m_model.site.nodes.front().name) sum += rate_of(w);
  }
  return sum * service_seconds(m_model) * (bad(Swing::slowdown) ? kSlow : 1);
}

bool AdverseSite::misses(std::size_t workload) const {
  const auto& target = m_placed[workload].place.target;
  if (bad(Swing::misses)) return true;
  if (*target == m_model.site.clouds.front().name)
    return bad(Swing::link) || bad(Swing::round_trip) || offered() > capacity();
  return bad(Swing::misses_on_site) || bad(Swing::target) || busy() > 1;
}

std::map<std::string, core::Place> AdverseSite::places() const {
  std::map<std::string, core::Place> all;
  for (std::size_t w = 0; w < m_placed.size(); ++w)
    all[m_model.policy.workloads[w].name.text] = m_placed[w].place;
  return all;
}

void AdverseSite::run_until(double end) {
  while (now() < end) second();
}

void AdverseSite::second() {
  const Instant end = m_now + seconds(1);
  if (!std::exchange(m_greeted, true)) {
    const core::RouterName router = m_model.site.routers.front().name;
    apply(core::RouterSession{router, core::SessionState::connected, "", ""});
    apply(core::RouterQosObserved{router, m_now, m_on_router, {}});
  }
  report_link();
  report_node();
  report_workloads();
  for (auto wake = m_engine.next_wakeup(); wake && *wake < end; wake = m_engine.next_wakeup()) {
    m_now = std::max(m_now, *wake);
    apply(core::Tick{});
  }
  m_now = end;
}

void AdverseSite::report_link() {
  const core::Link& link = m_model.site.links.front();
  const Bps load = offered();
  m_link_gone = bad(Swing::link);
  m_tx_bytes += static_cast<std::uint64_t>(std::min(load, capacity()).count / 8);
  apply(core::LinkCounters{link.name, m_now, !bad(Swing::link), m_tx_bytes, m_tx_bytes, 0});
  const bool lost = bad(Swing::link) || load.count > 2 * capacity().count;
  Micros rtt = link.rtt;
  if (bad(Swing::round_trip)) rtt += milliseconds(300);
  if (load > capacity()) rtt += milliseconds(500);
  m_lost_probes = lost ? m_lost_probes + 1 : 0;
  apply(core::ProbeSample{link.name, m_now, lost ? std::nullopt : std::optional{rtt}});
}

void AdverseSite::report_node() {
  core::TargetSample sample;
  sample.target = m_model.site.nodes.front().name;
  sample.observed_at = m_now;
  sample.reachable = !bad(Swing::target);
  sample.throttle = core::Ppm{bad(Swing::slowdown) ? std::int64_t{3'000'000} : 1'000'000};
  m_dead_scrapes = sample.reachable ? 0 : m_dead_scrapes + 1;
  apply(sample);
}

void AdverseSite::report_workloads() {
  for (std::size_t w = 0; w < m_placed.size(); ++w) {
    const core::Workload& workload = m_model.policy.workloads[w];
    const core::Place place = m_placed[w].place;
    apply(core::PlacementObserved{workload.name, m_now, place.target, place.rung, true});
    if (!place.target) continue;
    core::WorkloadSample sample;
    sample.workload = workload.name;
    sample.observed_at = m_now;
    sample.target = *place.target;
    sample.window = seconds(1);
    m_owed[w] += rate_of(w);
    sample.arrived = sample.completed = static_cast<std::int64_t>(m_owed[w]);
    m_owed[w] -= static_cast<double>(sample.arrived);
    sample.missed = misses(w) ? sample.completed : 0;
    sample.latency = workload.objective.latency * (misses(w) ? 4 : 1) / 2;
    apply(sample);
  }
}

void AdverseSite::apply(core::EventBody body) {
  const core::Step step = m_engine.apply({m_now, std::move(body)});
  for (const core::Action& action : step.actions) carry_out(action);
}

void AdverseSite::carry_out(const core::Action& action) {
  core::ActionDone done{action.id, core::Outcome::done, {}, {}};
  if (const auto* move = std::get_if<core::PlaceWorkload>(&action.body)) {
    done = place(action, *move);
  } else {
    m_on_router = std::get<core::ApplyQos>(action.body).desired;
  }
  apply(done);
}

core::ActionDone AdverseSite::place(const core::Action& action, const core::PlaceWorkload& move) {
  if (bad(Swing::refused)) return {action.id, core::Outcome::refused, "told-to-refuse", ""};
  const auto& workloads = m_model.policy.workloads;
  const auto found = std::find_if(workloads.begin(), workloads.end(),
                                  [&](const auto& w) { return w.name == move.workload; });
  Placed& placed = m_placed[static_cast<std::size_t>(found - workloads.begin())];
  const core::Place to{move.to, move.rung, {}};
  const bool node = placed.place.target == m_model.site.nodes.front().name;
  const bool gone = node ? m_dead_scrapes >= 2 : m_link_gone || m_lost_probes >= 3;
  const bool first = !placed.place.target && placed.since == Instant{};
  m_ledger.add(move.workload.text, {m_now, placed.place, to, gone || first});
  placed = {to, m_now};
  return {action.id, core::Outcome::done, {}, {}};
}

}  // namespace wanwise::acceptance
