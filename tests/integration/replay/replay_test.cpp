// The real engine on a real policy, journalled to a file and decided again from that file alone.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/policy/load.hpp"
#include "engine/runtime/journal_codec.hpp"
#include "engine/runtime/journal_file.hpp"
#include "engine/runtime/loop.hpp"
#include "engine/runtime/replay.hpp"
#include "engine/runtime/summary.hpp"
#include "sim/door/world_ports.hpp"
#include "tests/support/fakes.hpp"

namespace wanwise::runtime {
namespace {

namespace fs = std::filesystem;
using core::Instant;

const fs::path kSite = fs::path(WANWISE_SOURCE_DIR) / "tests/golden/engine/cases/site";
const std::string kSchemas = fs::path(WANWISE_SOURCE_DIR) / "yang";

class ReplayOfARun : public ::testing::Test {
 protected:
  ReplayOfARun() {
    m_path = fs::temp_directory_path() /
             ("wanwise-replay-" + std::to_string(::getpid()) + "-" +
              ::testing::UnitTest::GetInstance()->current_test_info()->name());
    auto texts = policy::read_documents({kSite.string()});
    m_documents = std::move(*texts);
  }
  ~ReplayOfARun() override { fs::remove(m_path); }

  static core::Model load(const std::vector<policy::SourceText>& documents) {
    auto loaded = policy::load(documents, kSchemas);
    return std::move(loaded->sites.front().model);
  }

  /// A minute of the loop over a simulated cluster, in virtual time, with a router that takes
  /// everything; the node dies on the way.
  void run() {
    const core::Model model = load(m_documents);
    sim::WorldConfig config;
    config.model = model;
    const core::Link& link = model.site.links.front();
    config.links = {
        {link.name, sim::constant_rate(link.uplink), sim::constant_rate(link.downlink), {}}};
    sim::World world(config);
    sim::WorldPorts site(world, model, core::seconds(1));
    for (const core::Workload& workload : model.policy.workloads) {
      world.place(workload.name, workload.targets.front(), 0);
    }

    boost::asio::io_context io;
    testing::FakeClock clock;
    testing::FakeAlarm alarm;
    testing::FakeRouter router;
    router.answer = core::Outcome::done;
    auto journal =
        JournalFile::create(m_path, {"0.1.0", model.site.name, clock.now(), m_documents}, {});
    ASSERT_TRUE(journal) << journal.error().message;
    Loop loop(io, core::Engine(model), clock, alarm,
              {{{model.site.routers.front().name, &router}},
               &site.cluster(),
               {&site.metrics()},
               journal->get()});
    loop.start();
    loop.sink().post(core::RouterSession{
        model.site.routers.front().name, core::SessionState::connected, {}, {}});
    for (int tenth = 0; tenth < 600; ++tenth) {
      const Instant now = Instant{} + core::milliseconds(100 * tenth);
      clock.set(now);
      if (alarm.when() && *alarm.when() <= now) alarm.ring();
      world.advance_to(now);
      if (tenth == 300) world.set_alive(model.site.nodes.front().name, false);
      site.poll();
      if (tenth % 10 == 0) post_telemetry(loop.sink(), model, world, router);
      io.restart();
      io.poll();
    }
    m_digest = loop.engine().digest();
    (*journal)->close();
  }

  static void post_telemetry(ports::EventSink& sink, const core::Model& model,
                             const sim::World& world, const testing::FakeRouter& router) {
    const core::Link& link = model.site.links.front();
    const sim::InterfaceReading seen = world.interface(link.interface);
    sink.post(core::LinkCounters{link.name, world.now(), seen.up, seen.tx_bytes, seen.rx_bytes,
                                 seen.tx_drops});
    core::ProbeSample probe{link.name, world.now(), {}};
    if (const auto reading = world.probe(link.probe.value_or(0))) probe.rtt = reading->rtt;
    sink.post(probe);
    core::RadioSample radio;
    radio.link = link.name;
    radio.observed_at = world.now();
    radio.access = core::RadioAccess::lte;
    radio.in_service = true;
    radio.rsrp = core::MilliDb{-90'000};
    sink.post(radio);
    core::RouterQosObserved qos{model.site.routers.front().name, world.now(), {}, {}};
    if (!router.submitted.empty()) qos.qos = router.submitted.back().action.desired;
    sink.post(qos);
  }

  void rewrite(const std::function<void(std::string&)>& change) const {
    std::ifstream in(m_path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(in), {}};
    change(bytes);
    std::ofstream(m_path, std::ios::binary | std::ios::trunc) << bytes;
  }

  fs::path m_path;
  std::vector<policy::SourceText> m_documents;
  std::uint64_t m_digest = 0;
};

TEST_F(ReplayOfARun, GivesTheSameDigestFromTheJournalAlone) {
  run();
  const auto report = replay_file(m_path, kSchemas);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->equal()) << report->first_difference->detail;
  EXPECT_TRUE(report->closed);
  EXPECT_EQ(report->digest, m_digest);
  EXPECT_GT(report->steps, 400U);  // a minute of at least seven samples a second
}

TEST_F(ReplayOfARun, TheSummaryTellsTheStory) {
  run();
  const auto summary = summarise_file(m_path);
  ASSERT_TRUE(summary);
  EXPECT_NEAR(static_cast<double>(summary->micros), 60e6, 1e6);
  EXPECT_GE(summary->router_commits, 1U);
  EXPECT_EQ(summary->router_refusals, 0U);
  EXPECT_FALSE(summary->shaper_bps.empty());
  EXPECT_EQ(summary->objective_met_ppm.size(), 2U);
  int fled = 0;
  for (const Move& move : summary->moves) {
    if (move.to == core::TargetName{"cloud"} && move.at_ms >= 30'000) ++fled;
  }
  EXPECT_GE(fled, 2) << "both workloads leave the dead node\n" << to_text(*summary, true);
}

TEST_F(ReplayOfARun, AnotherPolicyIsFoundAtItsFirstStep) {
  run();
  rewrite([](std::string& bytes) {
    const std::string before = "queue: {guarantee: 40%}";
    bytes.replace(bytes.find(before), before.size(), "queue: {guarantee: 30%}");
  });
  const auto report = replay_file(m_path, kSchemas);
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_FALSE(report->equal());
  EXPECT_GT(report->first_difference->record, 1U);
}

TEST_F(ReplayOfARun, DocumentsThatAreNoLongerRightAreNamed) {
  run();
  rewrite([](std::string& bytes) {
    const std::string before = "dscp: af41";
    bytes.replace(bytes.find(before), before.size(), "dscp: af99");
  });
  const auto report = replay_file(m_path, kSchemas);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, "journal-documents-invalid");
  EXPECT_NE(report.error().message.find("policy.yaml"), std::string::npos);
}

}  // namespace
}  // namespace wanwise::runtime
