// The policy's promises on every recorded link: moves per hour, no way there and back within the
// dwell, a fall-back in time, no hasty return, and nobody left on a dead target.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/traces/import.hpp"
#include "sim/trial/site_loop.hpp"
#include "sim/world/air/generate.hpp"
#include "tests/acceptance/stability/options.hpp"
#include "tests/acceptance/stability/witness.hpp"
#include "tests/support/harbour.hpp"

namespace wanwise::acceptance {
namespace {

namespace fs = std::filesystem;
using core::Bps;
using core::Instant;
using core::Micros;
using core::milliseconds;
using core::Ppm;
using core::seconds;

/// The short form plays each recording's first minutes; the story below needs that many.
constexpr Micros kShort = seconds(180);
/// The long form plays it whole; a bus day of recordings is cut here.
constexpr Micros kLong = seconds(7'200);

const char* const kFolders[] = {"mahimahi", "ucc5g", "cicv5g", "nyu_mets", "fjordlink_router"};

std::vector<fs::path> recordings(const fs::path& root) {
  std::vector<fs::path> files;
  for (const char* folder : kFolders) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string name = entry.path().filename().string();
      const bool about = name == "ORIGIN" || name.rfind("README", 0) == 0;
      const bool down = name.find(".down") != std::string::npos;  // taken with its .up
      if (entry.is_regular_file() && !about && !down) files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

struct Recorded {
  sim::LinkTraces link;
  Micros length;
  std::string from;  ///< what of it is the recording's
  Bps mean;
};

Bps mean_of(const sim::RateTrace& trace) {
  const double bits = static_cast<double>(trace.opportunities.size()) * 1500 * 8;
  return Bps{static_cast<std::int64_t>(bits * 1e6 / static_cast<double>(trace.period.count))};
}

std::optional<sim::RateTrace> rate_of(const sim::TraceFile& file, sim::Direction direction) {
  const auto& rates = direction == sim::Direction::uplink ? file.uplink : file.downlink;
  if (rates.empty()) return std::nullopt;
  auto loaded = sim::rate_of(file, direction, file.origin);
  if (!loaded || loaded->trace.opportunities.empty()) return std::nullopt;
  return std::move(loaded->trace);
}

/// The recording's uplink; its downlink in that place where it has no other; else an invented rate
/// under the recorded radio values.
std::optional<Recorded> read(const fs::path& path, std::uint64_t seed) {
  const auto imported = sim::import_file(path.string(), {});
  if (!imported) return std::nullopt;
  const sim::TraceFile& file = imported->file;
  Recorded it;
  it.length = file.period;
  const auto invented =
      sim::generate(sim::lte_driving(Bps{12'000'000}, Bps{40'000'000}), seconds(1'200), seed);
  it.link = {core::LinkName{"lte"}, invented.uplink, invented.downlink, invented.radio};
  it.from = "radio";
  if (auto up = rate_of(file, sim::Direction::uplink)) {
    it.link.uplink = std::move(*up);
    it.from = "uplink";
  } else if (auto down = rate_of(file, sim::Direction::downlink)) {
    it.link.uplink = std::move(*down);
    it.from = "downlink as uplink";
  }
  if (!file.radio.empty()) {
    it.link.radio = sim::RadioTrace{file.radio, file.period};
  } else if (it.from != "radio") {
    it.link.radio.reset();
  } else {
    return std::nullopt;
  }
  it.mean = mean_of(it.link.uplink);
  return it;
}

core::Model model_for(const Recorded& recorded) {
  core::Model model = test::harbour();
  core::Link& link = model.site.links.front();
  link.uplink = std::clamp(recorded.mean, link.uplink_floor, link.uplink_ceiling);
  return model;
}

/// The node saturates, dies, and the line is cut: what a fall-back is for, on this very air.
std::vector<sim::TimedDisturbance> story(Micros length) {
  const auto at = [&](int percent) { return Micros{length.count / 100 * percent}; };
  const core::WorkloadName video{"traffic-counting"};
  const core::TargetName node{"tx2"};
  const core::LinkName lte{"lte"};
  return {{at(15), sim::DemandChange{video, Ppm{2'200'000}}, ""},
          {at(45), sim::DemandChange{video, core::kWhole}, ""},
          {at(60), sim::AliveChange{node, false}, ""},
          {at(70), sim::AliveChange{node, true}, ""},
          {at(85), sim::LinkChange{lte, false}, ""},
          {at(90), sim::LinkChange{lte, true}, ""}};
}

void tell(Witness& witness, const sim::Disturbance& what, Instant at) {
  if (const auto* alive = std::get_if<sim::AliveChange>(&what)) {
    alive->alive ? witness.target_is_back(at) : witness.target_dies(alive->target, at);
  } else if (const auto* link = std::get_if<sim::LinkChange>(&what)) {
    if (!link->up) witness.link_goes(link->link, at);
  }
}

class Deaf final : public sim::LoopListener {
 public:
  void on_event(const core::Event&) override {}
  void on_action(Instant, const core::Action&) override {}
};

void play(const Recorded& recorded, Micros length, const std::string& name) {
  sim::WorldConfig config;
  config.model = model_for(recorded);
  config.links = {recorded.link};
  config.tuning.detail = sim::Detail::requests;
  const Witness::Pace pace{seconds(1), milliseconds(200), seconds(1)};
  Witness witness(config.model, pace);
  Deaf deaf;
  sim::World world(config);
  world.observe(&witness);
  sim::SiteLoop loop(world, config.model, witness,
                     {{pace.telemetry, pace.delay, milliseconds(300)}, pace.cluster}, deaf);
  loop.start();
  for (const sim::TimedDisturbance& step : story(length)) {
    loop.run_to(Instant{} + step.at);
    tell(witness, step.what, world.now());
    loop.disturb(step.what);
  }
  loop.run_to(Instant{} + length);
  world.observe(nullptr);

  const SpellCounts& spells = witness.spells();
  std::printf("%-44s %-18s %6.2f %6lld %5d %5d %9d/%d/%d/%d/%d %9.2f %8.2f\n", name.c_str(),
              recorded.from.c_str(), static_cast<double>(recorded.mean.count) / 1e6,
              static_cast<long long>(length.count / 1'000'000), witness.ledger().total(),
              witness.ledger().most_in_an_hour(), spells.answered, spells.over, spells.limited,
              spells.nowhere, spells.late, static_cast<double>(spells.slowest.count) / 1e6,
              static_cast<double>(witness.slowest_escape().value_or(Micros{}).count) / 1e6);
  if (options().verbose) std::printf("%s", witness.ledger().text().c_str());
  for (const std::string& line : witness.ledger().broken()) ADD_FAILURE() << name << ": " << line;
  for (const std::string& line : witness.faults()) std::printf("  late: %s\n", line.c_str());
  EXPECT_EQ(witness.ledger().there_and_back(), 0) << name;
  // A violation that pauses begins anew: where the uplink wavers around what an objective needs,
  // one spell of a recording may be answered late.
  EXPECT_LE(spells.late, 1) << name;
  EXPECT_TRUE(witness.slowest_escape()) << name << ": nobody had to leave the dead node";
  count_case();
}

TEST(RecordedLinks, never_make_the_engine_break_what_its_policy_promises) {
  const fs::path root = fs::path(WANWISE_SOURCE_DIR) / ".." / "shared" / "traces";
  if (!fs::exists(root)) GTEST_SKIP() << "no recordings: ../shared/traces is absent";
  std::printf("%-44s %-18s %6s %6s %5s %5s %s %s %s\n", "recording", "its", "Mb/s", "s", "moves",
              "/hour", "answered/over/limited/nowhere/late", "slowest", "escape");
  int played = 0;
  for (const fs::path& path : recordings(root)) {
    const auto recorded = read(path, static_cast<std::uint64_t>(played + 1));
    if (!recorded) {
      std::printf("%-44s no rate and no radio values: left out\n", path.filename().c_str());
      continue;
    }
    const Micros length = options().whole ? std::clamp(recorded->length, kShort, kLong) : kShort;
    play(*recorded, length, path.filename().string());
    ++played;
  }
  EXPECT_GT(played, 20);
}

}  // namespace
}  // namespace wanwise::acceptance
