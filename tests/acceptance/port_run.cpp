#include "tests/acceptance/port_run.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace wanwise::acceptance {

using sim::Nanos;
using sim::Packet;

FlowSource::FlowSource(sim::EventQueue& events, Entry entry, Flow flow, std::uint16_t index,
                       std::uint64_t seed, Nanos stop)
    : m_events(events),
      m_entry(std::move(entry)),
      m_flow(flow),
      m_index(index),
      m_times(seed, "times/" + std::to_string(index)),
      m_sizes(seed, "sizes/" + std::to_string(index)),
      m_stop(stop) {
  schedule_next(0);
}

void FlowSource::schedule_next(Nanos now) {
  switch (m_flow.times) {
    case Times::poisson:
      m_due = static_cast<double>(now) + m_times.exponential(m_flow.interval);
      break;
    case Times::periodic:
      m_due += m_flow.interval;
      break;
  }
  if (m_due < static_cast<double>(m_stop)) m_events.schedule(std::llround(m_due), *this);
}

void FlowSource::on_event(Nanos now, std::uint64_t) {
  Packet packet;
  packet.id = static_cast<std::uint64_t>(now);
  packet.flow = m_index;
  packet.dscp = core::Dscp{m_flow.dscp};
  double bytes = m_flow.bytes;
  switch (m_flow.sizes) {
    case Sizes::constant:
      break;
    case Sizes::exponential:
      bytes = m_sizes.exponential(m_flow.bytes);
      break;
    case Sizes::uniform:
      bytes = 64 + m_sizes.uniform() * 2 * (m_flow.bytes - 64);
      break;
  }
  packet.bytes = std::max(1u, static_cast<std::uint32_t>(std::lround(bytes)));
  ++m_sent;
  m_sent_bytes += packet.bytes;
  schedule_next(now);
  m_entry(now, packet);
}

void FlowSink::accept(Nanos now, const Packet& packet) {
  FlowSeen& flow = m_flows[packet.flow];
  ++flow.packets;
  flow.bytes += packet.bytes;
  const Nanos sojourn = now - static_cast<Nanos>(packet.id);
  flow.sojourn += static_cast<double>(sojourn);
  flow.transmission += static_cast<double>(sim::transmission(packet.bytes, m_rate));
  flow.longest = std::max(flow.longest, sojourn);
  if (m_watcher) m_watcher(now, packet);
}

Bottleneck::Bottleneck(core::Bps rate, std::uint32_t ring, std::optional<std::size_t> limit,
                       const std::vector<Flow>& flows, std::optional<sim::OutputPolicy> policy,
                       Nanos stop, std::uint64_t seed)
    : seen(rate, flows.size()),
      dropped(rate, flows.size()),
      port(events, {rate, ring, limit}, dropped),
      line(events, rate, port, seen) {
  port.attach(line);
  port.configure(0, std::move(policy));
  seen.watch([this](Nanos now, const Packet&) { count(now, -1); });
  dropped.watch([this](Nanos now, const Packet&) { count(now, -1); });
  for (std::size_t i = 0; i < flows.size(); ++i) {
    const auto entry = [this](Nanos now, const Packet& packet) {
      count(now, +1);
      port.enqueue(now, packet);
    };
    sources.push_back(std::make_unique<FlowSource>(events, entry, flows[i],
                                                   static_cast<std::uint16_t>(i), seed, stop));
  }
}

void Bottleneck::count(Nanos now, std::int64_t change) {
  m_area += static_cast<double>(m_inside) * static_cast<double>(now - m_counted);
  m_counted = now;
  m_inside += change;
}

std::uint64_t Bottleneck::offered() const {
  std::uint64_t sum = 0;
  for (const auto& source : sources) sum += source->sent();
  return sum;
}

void Bottleneck::drain() {
  while (events.pending() > 0) events.run_until(events.now() + sim::kNanosPerSecond);
  std::uint64_t passed = 0, drops = 0;
  double sojourn = 0;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    passed += seen.flow(i).packets;
    drops += dropped.flow(i).packets;
    sojourn += seen.flow(i).sojourn + dropped.flow(i).sojourn;
  }
  EXPECT_EQ(offered(), passed + drops);
  EXPECT_EQ(port.counters().drops, drops);
  EXPECT_EQ(m_inside, 0);
  EXPECT_NEAR(m_area / sojourn, 1, 1e-9);
}

sim::OutputPolicy strict_priorities() {
  sim::OutputPolicy policy;
  policy.queues = {{"EF", {core::Dscp{kEf}}, core::QueueKind::priority, 100},
                   {"AF41", {core::Dscp{kAf41}}, core::QueueKind::priority, 100}};
  return policy;
}

sim::OutputPolicy shares(std::uint32_t ef, std::uint32_t af41, std::uint32_t rest) {
  sim::OutputPolicy policy;
  policy.queues = {{"EF", {core::Dscp{kEf}}, core::QueueKind::remaining, ef},
                   {"AF41", {core::Dscp{kAf41}}, core::QueueKind::remaining, af41}};
  policy.default_percent = rest;
  return policy;
}

Reference reference_load(double rho, Sizes sizes) {
  const double scale = sizes == Sizes::constant ? 1 : 100;
  Reference reference{core::Bps{static_cast<std::int64_t>(10'000'000 * scale)}, {}};
  const std::uint8_t dscps[] = {kEf, kAf41, kBestEffort};
  const double parts[] = {.2, .3, .5};
  for (std::size_t i = 0; i < 3; ++i)
    reference.flows.push_back(
        {dscps[i], 1250 * scale, 1e6 / (rho * parts[i]), sizes, Times::poisson});
  return reference;
}

}  // namespace wanwise::acceptance
