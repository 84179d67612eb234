#include "tests/support/random_situation.hpp"

#include <algorithm>

namespace wanwise::test {
namespace {

using core::Index;
using core::kNone;

constexpr std::int64_t kUsd = 1'000'000'000;

core::LinkInput random_link(Random& random) {
  core::LinkInput link;
  link.uplink = core::Bps{random.between(1, 30) * 1'000'000};
  const std::int64_t share =
      random.percent(20) ? random.between(101, 150) : random.between(80, 100);
  link.shaper = link.uplink * share / 100;
  link.downlink = link.uplink * random.between(1, 4);
  link.jitter = core::Micros{random.between(0, 10'000)};
  link.price_per_gb = core::NanoUsd{random.percent(50) ? random.between(0, 6) * kUsd : 0};
  if (random.percent(30)) {
    link.quota = core::Bps{random.between(0, 8) * 1'000'000};
  }
  return link;
}

core::TargetInput random_target(Random& random, bool cloud) {
  core::TargetInput target;
  target.servers = static_cast<std::int32_t>(cloud ? random.between(1, 4) : 1);
  target.memory = core::Bytes{cloud ? INT64_MAX : random.between(1'000, 8'000) * 1'000'000};
  target.price_per_hour = core::NanoUsd{cloud ? random.between(0, 2) * kUsd / 2 : 0};
  return target;
}

struct Frame {
  std::size_t nodes = 1;
  std::int64_t load_percent = 100;
  std::int64_t options_max = 6;
};

core::Option random_option(Random& random, const Frame& frame, std::size_t target, Index link,
                           std::int32_t rung, std::int64_t rate, std::int64_t service) {
  core::Option option;
  const bool cloud = target >= frame.nodes;
  option.target = static_cast<Index>(target);
  option.link = link;
  option.rung = rung;
  option.rate = core::MilliHz{rate >> rung};
  option.service_mean = core::Micros{cloud ? service / 4 : service};
  option.service_p99 = option.service_mean * random.between(100, 300) / 100;
  option.fixed = core::Micros{cloud ? random.between(10, 60) * 1'000 : random.between(200, 2'000)};
  return option;
}

/// One of the options gives a part of its requests to another on the same rung.
void add_split(Random& random, std::vector<core::Option>& options) {
  const auto last = static_cast<std::int64_t>(options.size()) - 1;
  core::Option split = options[static_cast<std::size_t>(random.between(0, last))];
  const core::Option& other = options[static_cast<std::size_t>(random.between(0, last))];
  if (split.target == kNone || other.target == kNone || split.target == other.target ||
      split.rung != other.rung) {
    return;
  }
  split.spill = {other.target,       other.link,        core::Ppm{random.between(1, 3) * 250'000},
                 other.service_mean, other.service_p99, other.fixed};
  options[static_cast<std::size_t>(random.between(0, last))] = split;
}

std::vector<core::Option> random_options(Random& random, const Frame& frame,
                                         const core::Situation& situation) {
  std::vector<core::Option> options;
  const std::int64_t rate = random.between(1, 20) * 10 * frame.load_percent;
  const std::int64_t service = random.between(2, 60) * 1'000;
  const auto rungs = static_cast<std::int32_t>(random.percent(50) ? 1 : random.between(2, 3));
  for (std::int32_t rung = 0; rung < rungs; ++rung) {
    for (std::size_t target = 0; target < situation.targets.size(); ++target) {
      if (target < frame.nodes) {
        options.push_back(random_option(random, frame, target, kNone, rung, rate, service));
        continue;
      }
      for (std::size_t link = 0; link < situation.links.size(); ++link) {
        options.push_back(
            random_option(random, frame, target, static_cast<Index>(link), rung, rate, service));
      }
    }
  }
  for (core::Option& option : options) {
    option.rank = option.target;
  }
  if (random.percent(30)) {
    core::Option suspended;
    suspended.rung = rungs;
    options.push_back(suspended);
  }
  while (static_cast<std::int64_t>(options.size()) > frame.options_max) {
    options.erase(options.begin() +
                  random.between(0, static_cast<std::int64_t>(options.size()) - 1));
  }
  if (random.percent(30)) {
    add_split(random, options);
  }
  if (random.percent(10)) {  // pinned
    options.resize(1);
  }
  return options;
}

core::WorkloadInput random_workload(Random& random, const Frame& frame,
                                    const core::Situation& situation) {
  core::WorkloadInput workload;
  workload.service_class = static_cast<Index>(
      random.between(0, static_cast<std::int64_t>(situation.classes.size()) - 1));
  workload.priority = static_cast<core::Priority>(random.between(0, 3));
  const std::int64_t quantiles[] = {500'000, 950'000, 990'000, 990'000};
  workload.quantile = core::Ppm{quantiles[random.between(0, 3)]};
  workload.objective = core::Micros{random.between(20, 400) * 1'000};
  workload.request = core::Bytes{random.between(1, 60) * 1'000};
  workload.response = core::Bytes{random.between(1, 4) * 500};
  workload.memory = core::Bytes{random.between(1, 15) * 100'000'000};
  workload.options = random_options(random, frame, situation);
  const auto count = static_cast<std::int64_t>(workload.options.size());
  workload.current = random.percent(60) ? static_cast<Index>(random.between(0, count - 1)) : kNone;
  return workload;
}

core::Toll random_toll(Random& random) {
  return {static_cast<core::TollLevel>(random.between(0, 5)), random.between(1, 100) * 1'000'000};
}

/// What a fleet may ask for one cloud and one link.
void add_tolls(Random& random, core::Situation& situation) {
  situation.targets.back().toll = random_toll(random);
  situation.links.front().toll = random_toll(random);
}

}  // namespace

std::uint64_t Random::next() {
  m_state += 0x9E3779B97F4A7C15ULL;
  std::uint64_t z = m_state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

std::int64_t Random::between(std::int64_t low, std::int64_t high) {
  const auto span = static_cast<std::uint64_t>(high - low) + 1;
  return low + static_cast<std::int64_t>(next() % span);
}

core::Situation random_situation(std::uint64_t seed, const Shape& shape) {
  Random random(seed);
  core::Situation situation;
  situation.classes = {{core::QueueKind::priority, 30},
                       {core::QueueKind::remaining, 40},
                       {core::QueueKind::remaining, 5}};
  Frame frame;
  frame.nodes = static_cast<std::size_t>(random.between(1, 2));
  frame.load_percent = shape.load_percent * random.between(20, 300) / 100;
  frame.options_max = shape.options_max;
  const auto clouds = static_cast<std::size_t>(random.between(1, 2));
  for (std::size_t t = 0; t < frame.nodes + clouds; ++t) {
    situation.targets.push_back(random_target(random, t >= frame.nodes));
  }
  const std::int64_t links = random.between(1, 2);
  for (std::int64_t l = 0; l < links; ++l) {
    situation.links.push_back(random_link(random));
  }
  const std::int64_t count = random.between(shape.workloads_min, shape.workloads_max);
  while (static_cast<std::int64_t>(situation.workloads.size()) < count) {
    if (!situation.workloads.empty() && random.percent(15)) {  // a twin
      situation.workloads.push_back(situation.workloads.back());
    } else {
      situation.workloads.push_back(random_workload(random, frame, situation));
    }
  }
  if (random.percent(30)) add_tolls(random, situation);
  return situation;
}

}  // namespace wanwise::test
