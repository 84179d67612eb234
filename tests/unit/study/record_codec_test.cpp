// A record goes through its line unchanged, and what is no record is refused with the reason.
#include "sim/study/runs/record_codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/study/runs/study_codec.hpp"
#include "sim/world/kernel/random.hpp"
#include "tests/unit/study/study_documents.hpp"

namespace wanwise::sim {
namespace {

using testing::HasSubstr;

std::int64_t any(Stream& stream, double mean) {
  return static_cast<std::int64_t>(stream.exponential(mean));
}

TrialResult any_result(Stream& stream) {
  TrialResult r;
  r.arrival_hash = stream.next();
  r.checksum = stream.next();
  r.world_events = stream.next();
  r.controller_events = stream.next();
  r.measured = core::Micros{any(stream, 1e9)};
  for (int i = 0; i < 3; ++i) {
    WorkloadResult w;
    w.workload = core::WorkloadName{"w" + std::to_string(i)};
    w.service_class = core::ClassName{"r\"e\\al\n"};
    w.generated = any(stream, 1e5);
    w.skipped = any(stream, 1e5);
    w.completed = any(stream, 1e5);
    w.lost = any(stream, 1e5);
    w.open = any(stream, 1e5);
    w.late = any(stream, 1e5);
    w.on_site = any(stream, 1e5);
    w.in_cloud = any(stream, 1e5);
    for (int n = 0; n < i * 500; ++n) w.latency.add(core::Micros{any(stream, 1e5)}, 1 + n % 3);
    r.workloads.push_back(std::move(w));
  }
  r.uplink = core::Bytes{any(stream, 1e12)};
  r.downlink = core::Bytes{any(stream, 1e12)};
  r.link_cost = core::NanoUsd{any(stream, 1e12)};
  r.cloud_cost = core::NanoUsd{any(stream, 1e12)};
  r.energy_mj = any(stream, 1e9);
  r.moves = any(stream, 10);
  r.failed_moves = any(stream, 10);
  r.router_writes = any(stream, 10);
  r.stale_moves = any(stream, 10);
  for (int i = 0; i < 4; ++i) r.fall_backs.push_back(core::Micros{any(stream, 1e6)});
  for (int i = 0; i < 2; ++i) r.returns.push_back(core::Micros{any(stream, 1e7)});
  r.mser5 = core::Micros{any(stream, 1e7)};
  r.conserved = true;
  r.little_error = core::Ppm{any(stream, 100)};
  for (int i = 0; i < 5; ++i) {
    TimelinePoint p;
    p.at = core::seconds(i + 1);
    p.uplink_rate = core::Bps{any(stream, 1e7)};
    p.uplink_used = core::Bps{any(stream, 1e7)};
    p.shaper = core::Bps{any(stream, 1e7)};
    p.ended = any(stream, 40);
    p.missed = any(stream, 4);
    p.worst = core::Micros{any(stream, 1e5)};
    p.in_cloud = static_cast<std::int32_t>(any(stream, 3));
    if (i % 2 == 1) p.events = {"radio collapses", "video -> cloud"};
    r.timeline.push_back(std::move(p));
  }
  return r;
}

void expect_equal(const TrialResult& a, const TrialResult& b) {
  EXPECT_EQ(a.arrival_hash, b.arrival_hash);
  EXPECT_EQ(a.checksum, b.checksum);
  EXPECT_EQ(a.world_events, b.world_events);
  EXPECT_EQ(a.controller_events, b.controller_events);
  EXPECT_EQ(a.measured, b.measured);
  EXPECT_EQ(a.workloads, b.workloads);
  EXPECT_EQ(a.uplink, b.uplink);
  EXPECT_EQ(a.downlink, b.downlink);
  EXPECT_EQ(a.link_cost, b.link_cost);
  EXPECT_EQ(a.cloud_cost, b.cloud_cost);
  EXPECT_EQ(a.energy_mj, b.energy_mj);
  EXPECT_EQ(a.moves, b.moves);
  EXPECT_EQ(a.failed_moves, b.failed_moves);
  EXPECT_EQ(a.router_writes, b.router_writes);
  EXPECT_EQ(a.stale_moves, b.stale_moves);
  EXPECT_EQ(a.fall_backs, b.fall_backs);
  EXPECT_EQ(a.returns, b.returns);
  EXPECT_EQ(a.mser5, b.mser5);
  EXPECT_EQ(a.conserved, b.conserved);
  EXPECT_EQ(a.little_error, b.little_error);
  ASSERT_EQ(a.timeline.size(), b.timeline.size());
  for (std::size_t i = 0; i < a.timeline.size(); ++i) {
    EXPECT_EQ(a.timeline[i].at, b.timeline[i].at);
    EXPECT_EQ(a.timeline[i].uplink_rate, b.timeline[i].uplink_rate);
    EXPECT_EQ(a.timeline[i].uplink_used, b.timeline[i].uplink_used);
    EXPECT_EQ(a.timeline[i].shaper, b.timeline[i].shaper);
    EXPECT_EQ(a.timeline[i].ended, b.timeline[i].ended);
    EXPECT_EQ(a.timeline[i].missed, b.timeline[i].missed);
    EXPECT_EQ(a.timeline[i].worst, b.timeline[i].worst);
    EXPECT_EQ(a.timeline[i].in_cloud, b.timeline[i].in_cloud);
    EXPECT_EQ(a.timeline[i].events, b.timeline[i].events);
  }
}

std::string refusal(const std::string& line) {
  const auto decoded = decode_record(line);
  return decoded ? "accepted" : decoded.error().message;
}

TEST(RecordCodec, EveryFieldGoesThroughUnchanged) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Stream stream(seed, "records");
    const RunRecord record{seed, seed % 7, stream.next(), any_result(stream), core::seconds(3)};
    const std::string text = encode({"00ff", record});
    EXPECT_EQ(text.find('\n'), std::string::npos);
    const auto line = decode_record(text);
    ASSERT_TRUE(line) << line.error().message;
    EXPECT_EQ(line->study, "00ff");
    const auto& back = std::get<RunRecord>(line->body);
    EXPECT_EQ(back.cell, record.cell);
    EXPECT_EQ(back.policy, record.policy);
    EXPECT_EQ(back.seed, record.seed);
    EXPECT_EQ(back.took, record.took);
    expect_equal(back.result, record.result);
    EXPECT_EQ(encode(*line), text);
  }
}

TEST(RecordCodec, PilotsGoThroughUnchanged) {
  const auto line = decode_record(encode({"00ff", PilotRecord{3, 4, core::Micros{12'345}}}));
  ASSERT_TRUE(line);
  const auto& pilot = std::get<PilotRecord>(line->body);
  EXPECT_EQ(pilot.cell, 3U);
  EXPECT_EQ(pilot.policy, 4U);
  EXPECT_EQ(pilot.mser5.count, 12'345);
}

TEST(RecordCodec, RefusesWhatIsNoRecord) {
  const std::string good = encode({"00ff", PilotRecord{3, 4, core::Micros{5}}});
  EXPECT_THAT(refusal(""), HasSubstr("not JSON"));
  EXPECT_THAT(refusal(good + "x"), HasSubstr("not JSON"));
  EXPECT_EQ(refusal("[]"), "is no object");
  EXPECT_EQ(refusal("{}"), "schema is missing");
  EXPECT_EQ(refusal(with(good, "\"schema\":1", "\"schema\":2")), "schema 2 (allowed: 1)");
  EXPECT_EQ(refusal(with(good, "pilot", "rum")), "kind is unknown (allowed: run, pilot)");
  EXPECT_EQ(refusal(with(good, "\"cell\":3", "\"cell\":-3")), "cell is out of range");
  EXPECT_EQ(refusal(with(good, "\"cell\":3", "\"cell\":3.5")), "cell is no integer");
  EXPECT_EQ(refusal(with(good, "\"cell\":3", "\"call\":3")), "cell is missing");
  EXPECT_EQ(refusal(with(good, "\"cell\":3", "\"cell\":3,\"x\":1")), "has keys nobody knows");
  EXPECT_THAT(refusal("[[[[[[[[[[]]]]]]]]]]"), HasSubstr("not JSON"));
}

TEST(RecordCodec, RefusesHistogramsThatCannotBe) {
  Stream stream(1, "records");
  RunRecord record{0, 0, 1, any_result(stream), {}};
  record.result.workloads.resize(1);
  record.result.workloads[0].latency = {};
  record.result.workloads[0].latency.add(core::Micros{5}, 2);
  const std::string good = encode({"", record});
  const std::string buckets = "\"buckets\":[5,2]";
  const std::string where = "result/workloads[0]/latency/buckets ";
  EXPECT_EQ(refusal(good), "accepted");
  EXPECT_EQ(refusal(with(good, buckets, "\"buckets\":[5,2,6]")), where + "lack a count");
  for (const char* wrong : {"[5,2,5,1]", "[5,0]", "[-1,2]", "[5,9223372036854775807]",
                            "[9223372036854775807,1]", "[5.5,1]", "[\"5\",1]"})
    EXPECT_EQ(refusal(with(good, buckets, std::string{"\"buckets\":"} + wrong)),
              where + "are not ascending edges with counts")
        << wrong;
  EXPECT_EQ(refusal(with(good, buckets, "\"buckets\":[1000000000000,9000000000000]")),
            where + "are too full");
}

TEST(StudyCodec, EveryFieldGoesThroughUnchanged) {
  Study study = load_study(valid_study()).study;
  study.claims[0].where = {{"load", "0.5"}};
  study.claims[0].margin = 0.1;
  study.policies[0].parameters = {{"a", "1"}};
  study.warm_up_rule = WarmUpRule::mser5;
  const std::string text = encode_study(study);
  const auto back = decode_study(text);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(encode_study(*back), text);
  EXPECT_EQ(back->policies, study.policies);
  EXPECT_EQ(back->seeds, study.seeds);
  EXPECT_EQ(back->hash, study.hash);
  EXPECT_EQ(back->claims[0].where, study.claims[0].where);
  EXPECT_EQ(back->claims[0].margin, 0.1);
  EXPECT_EQ(back->factors[0].levels[1].number, 1.5);
  EXPECT_EQ(back->class_names, study.class_names);
  EXPECT_EQ(back->cells().size(), 4U);
}

TEST(StudyCodec, RefusesWhatIsNoStudy) {
  const std::string good = encode_study(load_study(valid_study()).study);
  const auto says = [](const std::string& text) {
    const auto study = decode_study(text);
    return study ? "accepted" : study.error().message;
  };
  EXPECT_THAT(says("{"), HasSubstr("not JSON"));
  EXPECT_EQ(says(with(good, "\"schema\":1", "\"schema\":9")), "schema is out of range");
  EXPECT_EQ(says(with(good, "\"seeds\":[5,6,7]", "\"seeds\":[]")), "has no runs, or too many");
  EXPECT_EQ(says(with(good, "\"less\"", "\"lesser\"")), "claims[0]/expect is unknown");
  EXPECT_EQ(says(with(good, "\"where\":{}", "\"where\":{\"a\":1}")),
            "claims[0]/where has a value that is no text");
}

}  // namespace
}  // namespace wanwise::sim
