// What holds for every entry of the catalogue, on the shipped demo site.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/support/random_events.hpp"
#include "tests/unit/baselines/bench.hpp"

namespace wanwise::sim::test {
namespace {

const core::Model& model() {
  static const core::Model it = demo_site();
  return it;
}

/// A world at its beginning: what a clairvoyant looks at.
struct Truth {
  WorldConfig config = demo_world(model());
  World world{config};
  std::vector<TimedDisturbance> story{
      {core::seconds(40), UplinkChange{core::LinkName{"lte"}, core::Ppm{80'000}}, ""}};

  [[nodiscard]] Foresight foresight() const { return {&world, &config, &story}; }
};

class EveryPolicy : public ::testing::TestWithParam<std::string> {};

/// A day at the harbour in two minutes.
void live(Bench& bench) {
  bench.run(20);
  bench.load = {{"tx2", 97}, {"cloud", 3}};
  bench.per_s = {{"traffic-counting", 54}, {"collision-avoidance", 3}};
  bench.run(30);
  bench.rtt_ms = 700;
  bench.rsrp_dbm = -118;
  bench.run(30);
  bench.rtt_ms.reset();
  bench.in_service = bench.link_up = false;
  bench.run(15);
  bench.rtt_ms = 45;
  bench.in_service = bench.link_up = true;
  bench.reachable["tx2"] = false;
  bench.run(30);
  bench.reachable["tx2"] = true;
  bench.load["tx2"] = 40;
  bench.run(30);
}

TEST_P(EveryPolicy, PlacesEverythingAndKeepsTheRules) {
  const Truth truth;
  Bench bench(GetParam(), model(), {}, truth.foresight());
  bench.answer_after_s = 2;  // so that actions overlap with news
  live(bench);
  for (const core::Workload& w : model().policy.workloads) {
    EXPECT_FALSE(bench.moves(w.name.text).empty()) << w.name.text;
  }
  EXPECT_EQ(bench.place("incident-archive"), "cloud");
}

TEST_P(EveryPolicy, DoesTheSameAgain) {
  const Truth truth;
  const auto actions = [&] {
    Bench bench(GetParam(), model(), {}, truth.foresight());
    live(bench);
    return bench.actions();
  };
  EXPECT_EQ(actions(), actions());
}

/// Half of the names are the site's, the rest and all numbers are anything.
template <class Body>
void name_from_site(wanwise::testing::RandomValues& random, Body& body) {
  const auto pick = [&](const auto& things) { return things[random.below(things.size())].name; };
  if constexpr (requires { body.link; }) body.link = pick(model().site.links);
  if constexpr (requires { body.router; }) body.router = pick(model().site.routers);
  if constexpr (requires { body.workload; }) body.workload = pick(model().policy.workloads);
  if constexpr (requires { body.service_class; }) body.service_class = pick(model().policy.classes);
  if constexpr (requires { body.target; }) body.target = pick(model().site.nodes);
}

TEST_P(EveryPolicy, SurvivesAnyNews) {
  const Truth truth;
  const auto controller = make_controller({GetParam(), GetParam(), {}}, model(), truth.foresight());
  wanwise::testing::RandomValues random(7);
  core::Instant now{0};
  std::map<core::WorkloadName, core::ActionId> in_the_air;
  std::set<core::ActionId> ids;
  for (int i = 0; i < 3'000; ++i) {
    now = now + core::Micros{static_cast<std::int64_t>(random.below(2'000'000))};
    core::EventBody body = random.body(random.below(std::variant_size_v<core::EventBody>));
    if (random.coin()) std::visit([&](auto& news) { name_from_site(random, news); }, body);
    if (auto* done = std::get_if<core::ActionDone>(&body); done && !ids.empty() && random.coin()) {
      done->id = *std::next(ids.begin(), static_cast<std::ptrdiff_t>(random.below(ids.size())));
    }
    if (const auto* done = std::get_if<core::ActionDone>(&body)) {
      std::erase_if(in_the_air, [&](const auto& item) { return item.second == done->id; });
      ids.erase(done->id);
    }
    for (const core::Action& action : controller->on_event({now, std::move(body)})) {
      expect_allowed(model(), action);
      EXPECT_TRUE(ids.insert(action.id).second);
      if (const auto* move = std::get_if<core::PlaceWorkload>(&action.body)) {
        EXPECT_TRUE(in_the_air.emplace(move->workload, action.id).second) << move->workload.text;
      }
    }
  }
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const PolicyEntry& entry : catalogue()) all.push_back(entry.name);
  return all;
}

std::string test_name(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Catalogue, EveryPolicy, ::testing::ValuesIn(names()), test_name);

}  // namespace
}  // namespace wanwise::sim::test
