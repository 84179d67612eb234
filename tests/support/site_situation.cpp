#include "tests/support/site_situation.hpp"

#include "tests/support/random_situation.hpp"

namespace wanwise::test {
namespace {

using core::Index;
using core::kNone;

constexpr std::int64_t kUsd = 1'000'000'000;

struct Frame {
  Index nodes = 2;
  Index clouds = 2;
  Index links = 2;
  std::int64_t workloads = 20;
  std::int64_t load_percent = 100;
};

core::Option site_option(const Frame& frame, Index target, Index link, std::int64_t service,
                         core::MilliHz rate) {
  core::Option option;
  option.target = target;
  option.link = link;
  option.rank = target;
  option.rate = rate;
  const bool node = target < frame.nodes;
  option.service_mean = core::Micros{node ? service : service / 4};
  option.service_p99 = option.service_mean * 12 / 10;
  option.fixed = core::Micros{node ? 1'000 : (link == 0 ? 15'000 : 45'000) + 5'000 * target};
  return option;
}

void add_rung(core::WorkloadInput& workload, const Frame& frame, bool bound_to_site,
              std::int64_t service, core::MilliHz rate, std::int32_t rung) {
  const Index targets = bound_to_site ? frame.nodes : frame.nodes + frame.clouds;
  for (Index target = 0; target < targets; ++target) {
    const bool node = target < frame.nodes;
    for (Index link = node ? kNone : 0; link < (node ? 0 : frame.links); ++link) {
      workload.options.push_back(site_option(frame, target, link, service, rate));
      workload.options.back().rung = rung;
    }
  }
}

core::WorkloadInput site_workload(Random& random, const Frame& frame) {
  core::WorkloadInput workload;
  const std::int64_t kind = random.between(1, 10);
  workload.priority = kind <= 2   ? core::Priority::critical
                      : kind <= 5 ? core::Priority::high
                      : kind <= 8 ? core::Priority::normal
                                  : core::Priority::low;
  workload.service_class = kind <= 2 ? 0 : kind <= 8 ? 1 : 2;
  workload.quantile = core::Ppm{990'000};
  workload.request = core::Bytes{random.between(4, 40) * 1'000};
  workload.response = core::Bytes{random.between(1, 4) * 500};
  workload.memory = core::Bytes{random.between(2, 7) * 100'000'000};
  const std::int64_t service = random.between(4, 25) * 1'000;
  // Its part of all accelerators, give or take half of it.
  const std::int64_t part = 1'000'000 * frame.nodes / frame.workloads;
  const std::int64_t busy = part * random.between(50, 150) / 100 * frame.load_percent / 100;
  const core::MilliHz rate{busy * 1'000 / service};
  workload.objective = core::Micros{service * 4 + random.between(60, 200) * 1'000};
  const bool bound_to_site = random.percent(10);
  const std::int32_t rungs = random.percent(50) ? 2 : 1;
  for (std::int32_t rung = 0; rung < rungs; ++rung) {
    add_rung(workload, frame, bound_to_site, service, rung == 0 ? rate : rate / 2, rung);
  }
  if (kind > 5) {
    core::Option suspended;
    suspended.rung = rungs;
    workload.options.push_back(suspended);
  }
  return workload;
}

core::LinkInput link_of(std::int64_t mbps, std::int64_t jitter_ms, std::int64_t usd_per_gb) {
  const core::Bps rate{mbps * 1'000'000};
  return {rate, rate * 95 / 100, rate * 3, core::milliseconds(jitter_ms),
          core::NanoUsd{usd_per_gb * kUsd}};
}

core::Situation site_of(std::uint64_t seed, const Frame& frame) {
  Random random(seed);
  core::Situation situation;
  situation.classes = {{core::QueueKind::priority, 30},
                       {core::QueueKind::remaining, 40},
                       {core::QueueKind::remaining, 5}};
  for (Index n = 0; n < frame.nodes; ++n) {
    situation.targets.push_back({1, core::Bytes{8'000'000'000}, {}});
  }
  for (Index c = 0; c < frame.clouds; ++c) {
    situation.targets.push_back({4 + 4 * c, core::Bytes{INT64_MAX}, core::NanoUsd{(1 + c) * kUsd}});
  }
  for (std::int64_t w = 0; w < frame.workloads; ++w) {
    situation.workloads.push_back(site_workload(random, frame));
  }
  return situation;
}

}  // namespace

core::Situation site_situation(std::uint64_t seed, std::int64_t load_percent) {
  core::Situation situation = site_of(seed, {2, 2, 2, 20, load_percent});
  situation.links = {link_of(40, 1, 0), link_of(12, 8, 4)};
  return situation;
}

core::Situation large_site_situation(std::uint64_t seed, std::int64_t load_percent) {
  core::Situation situation = site_of(seed, {3, 3, 3, 50, load_percent});
  situation.links = {link_of(60, 1, 0), link_of(20, 8, 4), link_of(10, 8, 6)};
  situation.links[2].quota = core::Bps{2'000'000};
  return situation;
}

core::Model model_of_sites() {
  core::Model model;
  for (const char* name : {"tx2-a", "tx2-b"}) {
    core::Node node;
    node.name = core::TargetName{name};
    model.site.nodes.push_back(node);
  }
  for (const char* name : {"cloud-a", "cloud-b"}) {
    core::Cloud cloud;
    cloud.name = core::TargetName{name};
    model.site.clouds.push_back(cloud);
  }
  return model;
}

void settle(core::Situation& situation, const core::Assignment& chosen) {
  for (std::size_t w = 0; w < chosen.size(); ++w) {
    situation.workloads[w].current = chosen[w];
  }
}

}  // namespace wanwise::test
