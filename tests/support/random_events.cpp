#include "tests/support/random_events.hpp"

#include <limits>
#include <utility>

namespace wanwise::testing {

std::uint64_t RandomValues::below(std::uint64_t bound) {
  return m_engine() % bound;
}

std::uint64_t RandomValues::word() {
  const std::uint64_t corners[] = {0, 1, std::numeric_limits<std::uint64_t>::max(), m_engine(),
                                   m_engine() >> 40};
  return corners[below(5)];
}

std::int64_t RandomValues::number() {
  return static_cast<std::int64_t>(word());
}

std::string RandomValues::text() {
  std::string out;
  for (std::uint64_t n = below(12); n > 0; --n) out.push_back(static_cast<char>(below(256)));
  return out;
}

core::FlowMatch RandomValues::flow() {
  const auto prefix = [this] {
    return core::Ipv4Prefix{static_cast<std::uint32_t>(word()),
                            static_cast<std::uint8_t>(below(33))};
  };
  return {coin() ? core::Transport::udp : core::Transport::tcp, prefix(), prefix(),
          static_cast<std::uint16_t>(below(65'536))};
}

std::optional<core::Split> RandomValues::split() {
  if (coin()) return std::nullopt;
  return core::Split{core::TargetName{text()}, core::Ppm{number()}};
}

core::RouterQos RandomValues::qos() {
  core::RouterQos out;
  out.router = core::RouterName{text()};
  out.lan_interface = text();
  for (std::uint64_t n = below(3); n > 0; --n) {
    core::MarkingRule rule{core::ClassName{text()}, {static_cast<std::uint8_t>(below(64))}, {}};
    for (std::uint64_t m = below(3); m > 0; --m) rule.flows.push_back(flow());
    out.marking.push_back(std::move(rule));
  }
  for (std::uint64_t n = below(3); n > 0; --n) {
    core::WanQos wan{core::LinkName{text()}, text(), core::Bps{number()}, {}, 100};
    wan.default_percent = static_cast<std::uint32_t>(below(101));
    wan.load_interval = static_cast<std::uint32_t>(below(601));
    for (std::uint64_t m = below(3); m > 0; --m) {
      wan.queues.push_back({core::ClassName{text()},
                            {static_cast<std::uint8_t>(below(64))},
                            coin() ? core::QueueKind::priority : core::QueueKind::remaining,
                            static_cast<std::uint32_t>(below(101)),
                            static_cast<std::uint32_t>(below(2'000)),
                            core::Bytes{static_cast<std::int64_t>(below(2'000'000))}});
    }
    out.wans.push_back(std::move(wan));
  }
  for (std::uint64_t n = below(3); n > 0; --n) {
    core::SteeringRule rule;
    rule.via = core::LinkName{text()};
    rule.trunk = maybe_name<core::TrunkName>();
    rule.backup = maybe_name<core::LinkName>();
    rule.backup_trunk = maybe_name<core::TrunkName>();
    for (std::uint64_t m = below(3); m > 0; --m) rule.flows.push_back(flow());
    out.steering.push_back(std::move(rule));
  }
  for (std::uint64_t n = below(3); n > 0; --n) {
    core::ProbeRule rule;
    rule.link = core::LinkName{text()};
    rule.service_class = maybe_name<core::ClassName>();
    rule.entry = static_cast<std::uint32_t>(word());
    rule.kind = coin() ? core::ProbeKind::udp_jitter : core::ProbeKind::icmp_echo;
    rule.target = static_cast<std::uint32_t>(word());
    rule.port = static_cast<std::uint16_t>(below(65'536));
    rule.source_interface = text();
    rule.dscp = {static_cast<std::uint8_t>(below(64))};
    rule.period = core::Micros{number()};
    rule.timeout = core::Micros{number()};
    rule.tracked = coin();
    out.probes.push_back(std::move(rule));
  }
  return out;
}

core::EventBody RandomValues::body(std::size_t kind) {
  switch (kind) {
    case 0:
      return core::LinkCounters{core::LinkName{text()}, instant(), coin(), word(), word(), word()};
    case 1:
      return core::ClassCounters{
          core::LinkName{text()}, core::ClassName{text()}, instant(), word(), word(), word()};
    case 2: {
      core::RadioSample out{core::LinkName{text()}, instant(), {}, coin(), {}, {}, {}, {}};
      out.access = static_cast<core::RadioAccess>(below(6));
      out.rsrp = maybe<core::MilliDb>();
      out.rsrq = maybe<core::MilliDb>();
      out.sinr = maybe<core::MilliDb>();
      if (coin()) out.band = small();
      return out;
    }
    case 3:
      return core::ProbeSample{core::LinkName{text()}, instant(),
                               maybe<core::Micros>(),  maybe_name<core::ClassName>(),
                               maybe<core::Micros>(),  maybe<core::Ppm>()};
    case 4:
      return core::RouterSession{core::RouterName{text()},
                                 static_cast<core::SessionState>(below(2)), text(), text()};
    case 5: {
      core::RouterQosObserved out{core::RouterName{text()}, instant(), {}, {}};
      if (coin()) out.qos = qos();
      for (std::uint64_t n = below(3); n > 0; --n) out.foreign.push_back(text());
      for (std::uint64_t n = below(3); n > 0; --n) out.altered.push_back(text());
      return out;
    }
    case 6: {
      core::TargetSample out;
      out.target = core::TargetName{text()};
      out.observed_at = instant();
      out.reachable = coin();
      out.power_mode = maybe_name<core::PowerModeName>();
      out.throttle = maybe<core::Ppm>();
      out.load = maybe<core::Ppm>();
      if (coin()) out.temperature_c = small();
      out.memory_free = maybe<core::Bytes>();
      return out;
    }
    case 7:
      return core::WorkloadSample{core::WorkloadName{text()},
                                  instant(),
                                  core::TargetName{text()},
                                  core::Micros{number()},
                                  number(),
                                  number(),
                                  number(),
                                  maybe<core::Micros>(),
                                  maybe<core::Micros>()};
    case 8:
      return core::PlacementObserved{core::WorkloadName{text()},
                                     instant(),
                                     maybe_name<core::TargetName>(),
                                     small(),
                                     coin(),
                                     split()};
    case 9:
      return core::ActionDone{word(), static_cast<core::Outcome>(below(4)), text(), text()};
    case 10:
      return core::DrainRequested{core::TargetName{text()}, coin()};
    case 11:
      return core::Tick{};
    case 12:
      return core::LinkUsage{core::LinkName{text()}, instant(), core::Bytes{number()},
                             core::Micros{number()}};
    case 13: {
      core::TollsSet set;
      const auto toll = [this] {
        return core::Toll{static_cast<core::TollLevel>(below(6)), number()};
      };
      if (coin()) set.tolls.targets[core::TargetName{text()}] = toll();
      if (coin()) set.tolls.links[core::LinkName{text()}] = toll();
      return set;
    }
    case 14:
      return core::PathAlarm{core::LinkName{text()}, instant(),
                             static_cast<core::PathAlarm::Source>(below(2)), coin(), text()};
    case 15:
      return core::RouterHealth{core::RouterName{text()}, instant(),          maybe<core::Ppm>(),
                                maybe<core::Bytes>(),     maybe<core::Ppm>(), maybe<core::Bytes>()};
    case 16:
      return core::NodePort{core::TargetName{text()}, instant(), coin()};
    case 17:
      return core::NodeObserved{core::TargetName{text()}, instant(), coin(), maybe<core::Micros>()};
    case 18: {
      core::PlacementLimits out{core::WorkloadName{text()}, instant(), {}, coin()};
      for (std::uint64_t n = below(3); n > 0; --n) {
        out.closed.push_back({maybe_name<core::TargetName>(), text(), text()});
      }
      return out;
    }
  }
  std::abort();  // a new kind of event: give it a case here
}

core::Event RandomValues::event() {
  const core::Instant at = instant();
  return {at, body(below(std::variant_size_v<core::EventBody>))};
}

core::Action RandomValues::action() {
  core::Action out{word(), instant(), text(), {}};
  if (coin()) {
    out.body = core::ApplyQos{qos()};
  } else {
    core::PlaceWorkload place{core::WorkloadName{text()}, maybe_name<core::TargetName>(), {}, 0};
    place.to = maybe_name<core::TargetName>();
    place.rung = small();
    place.split = split();
    out.body = place;
  }
  return out;
}

core::Explanation RandomValues::explanation() {
  core::Explanation out{core::WorkloadName{text()}, instant(), text(), text(), {}};
  for (std::uint64_t n = below(4); n > 0; --n) {
    core::OptionReport option;
    option.target = maybe_name<core::TargetName>();
    option.link = maybe_name<core::LinkName>();
    option.rung = small();
    option.verdict = static_cast<core::Verdict>(below(5));
    option.predicted = maybe<core::Micros>();
    option.split = split();
    option.split_link = maybe_name<core::LinkName>();
    for (std::uint64_t m = below(3); m > 0; --m) {
      option.findings.push_back({text(), text(), text(), coin()});
    }
    out.options.push_back(std::move(option));
  }
  return out;
}

core::Step RandomValues::step() {
  core::Step out;
  for (std::uint64_t n = below(3); n > 0; --n) out.actions.push_back(action());
  for (std::uint64_t n = below(3); n > 0; --n) out.explanations.push_back(explanation());
  out.counters = {word(), word(), word(), word(), word()};
  return out;
}

}  // namespace wanwise::testing
