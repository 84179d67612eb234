#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/runtime/journal_codec.hpp"
#include "engine/runtime/journal_file.hpp"
#include "engine/runtime/journal_reader.hpp"
#include "engine/runtime/replay.hpp"
#include "tests/support/random_events.hpp"
#include "tests/unit/runtime/scripted_engine.hpp"

namespace wanwise::runtime {
namespace {

using core::Instant;

class JournalTest : public ::testing::Test {
 protected:
  JournalTest() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    m_folder = std::filesystem::temp_directory_path() /
               ("wanwise-journal-" + std::to_string(::getpid()) + "-" + test->name());
    std::filesystem::create_directories(m_folder);
  }
  ~JournalTest() override { std::filesystem::remove_all(m_folder); }

  [[nodiscard]] std::string path() const { return m_folder / "journal"; }
  static JournalHeader header() {
    return {"0.1.0", core::SiteName{"plant"}, Instant{0}, {{"site.yaml", "wanwise: site/1\n"}}};
  }
  std::unique_ptr<JournalFile> create(JournalOptions options = {}) {
    auto journal = JournalFile::create(path(), header(), std::move(options));
    EXPECT_TRUE(journal) << journal.error().message;
    return std::move(*journal);
  }
  [[nodiscard]] std::string bytes() const {
    std::ifstream file(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(const std::string& bytes) const {
    std::ofstream(path(), std::ios::binary | std::ios::trunc) << bytes;
  }
  /// All records after the header; ends at the first error.
  std::vector<JournalRecord> read() {
    std::vector<JournalRecord> out;
    auto reader = JournalReader::open(path());
    if (!reader) return m_error = reader.error().code, out;
    for (;;) {
      auto record = reader->next();
      if (!record) return m_error = record.error().code + " " + record.error().message, out;
      if (!*record) break;
      out.push_back(std::move(**record));
    }
    m_truncated = reader->truncated();
    return out;
  }

  static core::Event tick(std::int64_t micros) { return {Instant{micros}, core::Tick{}}; }

  std::filesystem::path m_folder;
  std::string m_error;
  bool m_truncated = false;
};

TEST_F(JournalTest, WhatIsWrittenIsReadInOrder) {
  testing::RandomValues random(4);
  std::vector<core::Event> events;
  {
    const auto journal = create();
    for (int i = 0; i < 200; ++i) {
      events.push_back(random.event());
      events.back().at = Instant{1'000 * i};  // the loop stamps: never negative, never backwards
      journal->record(events.back());
      journal->record(random.step(), 11);
    }
  }
  const auto records = read();
  ASSERT_EQ(records.size(), 401U) << m_error;
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(std::get<core::Event>(records[2 * i]), events[i]);
  }
  EXPECT_EQ(std::get<JournalTrailer>(records.back()), (JournalTrailer{200, 200, 11}));
}

TEST_F(JournalTest, AStepWithActionsIsOnDiskWhenRecordReturns) {
  const auto journal = create();
  journal->record(tick(1));
  journal->record(core::Step{}, 1);
  EXPECT_TRUE(read().empty()) << "buffered: no system call for each event";
  core::Step step;
  step.actions.push_back({1, Instant{2}, "why", core::PlaceWorkload{}});
  journal->record(tick(2));
  journal->record(step, 2);
  EXPECT_EQ(read().size(), 4U);
}

TEST_F(JournalTest, TimeAndSizeFlushToo) {
  const auto journal = create();
  journal->record(tick(0));
  journal->record(core::Step{}, 1);
  journal->record(tick(1'000'000));
  journal->record(core::Step{}, 1);
  EXPECT_EQ(read().size(), 4U);

  const auto small = create({.flush_bytes = 1});
  small->record(tick(1));
  EXPECT_EQ(read().size(), 1U);
}

TEST_F(JournalTest, ALastRecordCutAtAnyByteIsReportedAndTheRestIsRead) {
  {
    const auto journal = create();
    journal->record(tick(1));
    journal->record(core::Step{}, 5);
  }
  const std::string whole = bytes();
  const std::size_t all = read().size();
  ASSERT_EQ(all, 3U);
  const std::size_t trailer = encode_record(JournalTrailer{1, 1, 5}).size() + 1;
  for (std::size_t cut = 1; cut < trailer; ++cut) {
    write(whole.substr(0, whole.size() - cut));
    EXPECT_EQ(read().size(), all - 1) << "cut " << cut;
    EXPECT_TRUE(m_truncated) << "cut " << cut;
    EXPECT_EQ(m_error, "");
  }
}

TEST_F(JournalTest, CorruptBytesAreAnErrorWithTheRecordsNumber) {
  {
    const auto journal = create();
    journal->record(tick(1));
  }
  const std::string header_bytes = encode_record(header());
  std::string broken = bytes();
  broken[header_bytes.size() + 2] = '\x7f';  // first byte of the second record: no such field type
  write(broken);
  EXPECT_TRUE(read().empty());
  EXPECT_EQ(m_error, "record-malformed record 2: the bytes are not a protobuf message");

  write(bytes().substr(0, header_bytes.size() + 1) + "\xff\xff\xff\xff\xff");
  read();
  EXPECT_EQ(m_error,
            "record-malformed record 2: not a record's length (allowed: up to 4194304 bytes)");
}

TEST_F(JournalTest, FilesThatAreNoJournalAreNamed) {
  EXPECT_EQ(JournalReader::open(path()).error().code, "journal-not-readable");
  write("");
  EXPECT_EQ(JournalReader::open(path()).error().code, "journal-without-header");
  write("#!/bin/sh\necho no journal\n");
  EXPECT_FALSE(JournalReader::open(path()));
  std::string event = encode_record(tick(1));
  std::string framed;
  append_length(event.size(), framed);
  write(framed + event);
  EXPECT_EQ(JournalReader::open(path()).error().code, "journal-without-header");
  EXPECT_EQ(JournalReader::open(m_folder).error().code, "journal-without-header");
}

TEST_F(JournalTest, AFullJournalStopsSaysSoAndCounts) {
  const auto journal = create({.max_bytes = 2'000});
  for (int i = 0; i < 1'000; ++i) {
    journal->record(tick(i));
    journal->record(core::Step{}, 1);
  }
  EXPECT_EQ(journal->ended(), "journal-full");
  EXPECT_GT(journal->counters().dropped, 1'000U);
  journal->close();
  EXPECT_LE(bytes().size(), 2'000U);
  const auto records = read();
  EXPECT_EQ(std::get<JournalNote>(records.back()).text, "journal-full");
  EXPECT_EQ(m_error, "");
}

TEST_F(JournalTest, AFileThatCanNotGrowEndsRecordingNotTheProcess) {
  const auto journal = create({.flush_bytes = 1});
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit tight{bytes().size() + 10, before.rlim_max};
  const auto old = std::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &tight);
  for (int i = 0; i < 10; ++i) journal->record(tick(i));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old);
  EXPECT_EQ(journal->ended().rfind("write-failed: ", 0), 0U) << journal->ended();
  EXPECT_GT(journal->counters().dropped, 0U);
}

TEST_F(JournalTest, AnUnwritablePlaceIsAnError) {
  const auto journal = JournalFile::create(m_folder / "no" / "such", header());
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().code, "journal-not-writable");
}

TEST_F(JournalTest, ARecordOverTheLimitEndsRecording) {
  JournalHeader large = header();
  large.documents.push_back({"large.yaml", std::string(kMaxRecordBytes, '#')});
  const auto refused = JournalFile::create(path(), large);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "journal-header-too-long");

  const auto journal = create();
  core::RouterSession session;
  session.detail = std::string(kMaxRecordBytes, 'x');
  journal->record(core::Event{Instant{1}, session});
  journal->record(tick(2));
  EXPECT_EQ(journal->ended(), "record-too-long");
  EXPECT_EQ(journal->counters().dropped, 2U);
}

TEST_F(JournalTest, TheFormerJournalIsKeptOnce) {
  create()->record(tick(1));
  create()->record(tick(2));
  EXPECT_TRUE(std::filesystem::exists(path() + ".1"));
  EXPECT_EQ(std::get<core::Event>(read().at(0)).at, Instant{2});
}

TEST_F(JournalTest, MemoryIsNotedAtItsIntervalAndAtTheEnd) {
  {
    const auto journal = create({.resident_kib = [] { return std::uint64_t{777}; }});
    for (const int second : {0, 5, 10, 15}) {
      journal->record(tick(second * 1'000'000));
      journal->record(core::Step{}, 1);
    }
  }
  int notes = 0;
  for (const JournalRecord& record : read()) {
    const auto* note = std::get_if<JournalNote>(&record);
    if (note == nullptr) continue;
    ++notes;
    EXPECT_EQ(note->rss_kib, 777U);
  }
  EXPECT_EQ(notes, 2);
  EXPECT_GT(resident_kib(), 0U);
}

class ReplayTest : public JournalTest {
 protected:
  /// Journals `count` ticks decided by the scripted engine; every third gives an action.
  void record(int count) {
    core::Engine engine = testing::scripted_engine();
    testing::script().answer = answer;
    const auto journal = create();
    for (int i = 0; i < count; ++i) {
      const core::Event event = tick(i);
      journal->record(event);
      const core::Step step = engine.apply(event);
      journal->record(step, engine.digest());
    }
  }
  static core::Step answer(const core::Event& event) {
    core::Step step;
    if (event.at.micros % 3 == 0) {
      step.actions.push_back({1, event.at, "every third", core::PlaceWorkload{}});
    }
    return step;
  }
  core::Expected<ReplayReport> replay_with(std::function<core::Step(const core::Event&)> other) {
    auto journal = JournalReader::open(path());
    core::Engine engine = testing::scripted_engine();
    testing::script().answer = std::move(other);
    return replay(*journal, std::move(engine));
  }
};

TEST_F(ReplayTest, TheSameEngineGivesTheSameDigest) {
  record(50);
  const auto report = replay_with(answer);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->equal());
  EXPECT_TRUE(report->closed);
  EXPECT_EQ(report->events, 50U);
  EXPECT_EQ(report->steps, 50U);
  EXPECT_EQ(report->site, core::SiteName{"plant"});
}

TEST_F(ReplayTest, TheFirstStepThatDiffersIsNamed) {
  record(50);
  const auto report = replay_with([](const core::Event& event) {
    core::Step step = answer(event);
    if (event.at.micros == 9) step.actions.clear();
    return step;
  });
  ASSERT_TRUE(report);
  ASSERT_TRUE(report->first_difference);
  EXPECT_EQ(report->first_difference->record, 21U);  // header, then two a tick: 0..9
  EXPECT_EQ(report->first_difference->at, Instant{9});
  EXPECT_EQ(report->first_difference->detail, "recorded 1 actions, replayed 0");
}

TEST_F(ReplayTest, AJournalCutShortIsReplayedAsFarAsItGoes) {
  record(50);
  const std::string whole = bytes();
  write(whole.substr(0, whole.size() / 2));
  const auto report = replay_with(answer);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->equal());
  EXPECT_FALSE(report->closed);
  EXPECT_GT(report->steps, 20U);
}

TEST_F(ReplayTest, RecordsOutOfOrderAreAnError) {
  {
    const auto journal = create();
    journal->record(tick(1));
    journal->record(tick(2));
  }
  EXPECT_EQ(replay_with(answer).error().code, "journal-out-of-order");
  create()->record(core::Step{}, 1);
  const auto report = replay_with(answer);
  EXPECT_EQ(report.error().message, "record 2: a step without its event");
}

}  // namespace
}  // namespace wanwise::runtime
