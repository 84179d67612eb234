#include "engine/runtime/journal_codec.hpp"

#include <gtest/gtest.h>

#include <string>

#include "engine/runtime/wire.hpp"
#include "tests/support/random_events.hpp"

namespace wanwise::runtime {
namespace {

constexpr int kRounds = 400;  // of each kind; a codec of ~60 fields meets every corner many times

TEST(JournalCodec, EveryKindOfEventComesBackExactly) {
  testing::RandomValues random(1);
  for (std::size_t kind = 0; kind < std::variant_size_v<core::EventBody>; ++kind) {
    for (int i = 0; i < kRounds; ++i) {
      const core::Event event{core::Instant{random.number()}, random.body(kind)};
      const auto record = decode_record(encode_record(event));
      ASSERT_TRUE(record) << "kind " << kind << ": " << record.error().message;
      ASSERT_TRUE(std::holds_alternative<core::Event>(*record));
      ASSERT_EQ(std::get<core::Event>(*record), event) << "kind " << kind;
    }
  }
}

TEST(JournalCodec, StepsWithActionsAndExplanationsComeBackExactly) {
  testing::RandomValues random(2);
  for (int i = 0; i < kRounds; ++i) {
    const core::Step step = random.step();
    const auto digest = static_cast<std::uint64_t>(random.number());
    const auto record = decode_record(encode_record(step, digest));
    ASSERT_TRUE(record) << record.error().message;
    const auto& back = std::get<StepRecord>(*record);
    ASSERT_EQ(back.step.actions, step.actions);
    ASSERT_EQ(back.step.explanations, step.explanations);
    ASSERT_EQ(back.step.counters, step.counters);
    ASSERT_EQ(back.digest, digest);
  }
}

TEST(JournalCodec, HeaderNoteAndTrailerComeBackExactly) {
  const JournalHeader header{
      "0.1.0", core::SiteName{"plant"}, core::Instant{7}, {{"a.yaml", "wanwise: site/1\n"}, {}}};
  const auto first = decode_record(encode_record(header));
  ASSERT_TRUE(first);
  const auto& back = std::get<JournalHeader>(*first);
  EXPECT_EQ(back.wanwise_version, header.wanwise_version);
  EXPECT_EQ(back.site, header.site);
  EXPECT_EQ(back.origin, header.origin);
  ASSERT_EQ(back.documents.size(), 2U);
  EXPECT_EQ(back.documents[0].text, header.documents[0].text);

  const JournalNote note{core::Instant{5}, 9'000, "2026-01-02T03:04:05Z", "journal-full"};
  EXPECT_EQ(std::get<JournalNote>(*decode_record(encode_record(note))), note);
  const JournalTrailer trailer{3, 2, 0xfeedULL};
  EXPECT_EQ(std::get<JournalTrailer>(*decode_record(encode_record(trailer))), trailer);
}

v1::Record event_record() {
  v1::Record record;
  record.mutable_event()->set_at_us(1);
  return record;
}

std::string error_of(const v1::Record& record) {
  const auto decoded = decode_record(record.SerializeAsString());
  return decoded ? "" : decoded.error().code + ": " + decoded.error().message;
}

TEST(JournalCodec, ValuesOutsideTheirRangeAreNamed) {
  v1::Record outcome = event_record();
  outcome.mutable_event()->mutable_action_done()->set_outcome(static_cast<v1::Outcome>(9));
  EXPECT_EQ(error_of(outcome), "record-invalid: outcome 9 (allowed: 1..4)");

  v1::Record missing = event_record();
  missing.mutable_event()->mutable_radio_sample();
  EXPECT_EQ(error_of(missing), "record-invalid: radio access 0 (allowed: 1..6)");

  v1::Record dscp = event_record();
  v1::RouterQos& qos = *dscp.mutable_event()->mutable_router_qos_observed()->mutable_qos();
  qos.add_marking()->set_dscp(64);
  EXPECT_EQ(error_of(dscp), "record-invalid: dscp 64 (allowed: 0..63)");

  v1::FlowMatch& flow = *qos.mutable_marking(0)->add_flows();
  qos.mutable_marking(0)->set_dscp(0);
  flow.set_transport(v1::TRANSPORT_TCP);
  flow.set_port(65'536);
  EXPECT_EQ(error_of(dscp), "record-invalid: flow port 65536 (allowed: 0..65535)");
  flow.set_port(1);
  flow.mutable_source()->set_length(33);
  EXPECT_EQ(error_of(dscp), "record-invalid: prefix length 33 (allowed: 0..32)");
}

TEST(JournalCodec, EmptyAndUnknownRecordsAreNamed) {
  EXPECT_EQ(error_of(v1::Record{}), "record-invalid: record of an unknown kind");
  EXPECT_EQ(error_of(event_record()), "record-invalid: event of an unknown kind");

  v1::Record action;
  action.mutable_step()->add_actions();
  EXPECT_EQ(error_of(action), "record-invalid: action without a body");

  v1::Record future;
  future.mutable_header()->set_format_version(2);
  EXPECT_EQ(error_of(future), "record-invalid: journal format 2 (allowed: 1)");
}

TEST(JournalCodec, ARecordFromBeforeThereWereSplitsHasNone) {
  v1::Record old = event_record();
  v1::PlacementObserved& placement = *old.mutable_event()->mutable_placement_observed();
  placement.set_workload("detector");
  placement.set_target("tx2");
  placement.set_ready(true);
  const auto decoded = decode_record(old.SerializeAsString());
  ASSERT_TRUE(decoded);
  const auto& event = std::get<core::Event>(*decoded);
  EXPECT_FALSE(std::get<core::PlacementObserved>(event.body).split);
  EXPECT_EQ(encode_record(event), old.SerializeAsString()) << "and is written as it was";
}

TEST(JournalCodec, BytesThatAreNoMessageAreRefused) {
  EXPECT_EQ(decode_record("\xff\xff\xff").error().code, "record-malformed");
  EXPECT_EQ(decode_record(std::string(kMaxRecordBytes + 1, '\0')).error().code, "record-too-long");
}

TEST(JournalCodec, EveryPrefixAndEveryChangedByteIsSurvived) {
  testing::RandomValues random(3);
  for (int i = 0; i < 40; ++i) {
    const std::string whole = encode_record(random.step(), 1);
    for (std::size_t n = 0; n < whole.size(); ++n) {
      (void)decode_record(std::string_view(whole).substr(0, n));
      std::string changed = whole;
      changed[n] = static_cast<char>(changed[n] ^ (1 << (n % 8)));
      (void)decode_record(changed);
    }
  }
}

TEST(JournalFrame, LengthsComeBack) {
  for (const std::size_t length : {0UL, 1UL, 127UL, 128UL, 16'383UL, 16'384UL, kMaxRecordBytes}) {
    std::string bytes;
    append_length(length, bytes);
    const Frame frame = next_frame(bytes);
    EXPECT_EQ(frame.payload_bytes, length);
    EXPECT_EQ(frame.header_bytes, bytes.size());
    EXPECT_EQ(frame.state, length == 0 ? Frame::State::whole : Frame::State::more);
  }
}

TEST(JournalFrame, LengthsOverTheLimitAreBad) {
  std::string bytes;
  append_length(kMaxRecordBytes + 1, bytes);
  EXPECT_EQ(next_frame(bytes).state, Frame::State::bad);
  EXPECT_EQ(next_frame("\xff\xff\xff\xff\xff").state, Frame::State::bad);
  EXPECT_EQ(next_frame("\xff\xff").state, Frame::State::more);
}

}  // namespace
}  // namespace wanwise::runtime
