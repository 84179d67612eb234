// What news about a link make it usable, or not.
#include "engine/core/observe/link_state.hpp"

#include <gtest/gtest.h>

#include "tests/support/model_builder.hpp"

namespace wanwise::core {
namespace {

class LinkStateTest : public testing::Test {
 protected:
  LinkStateTest() {
    m_state.observe(LinkCounters{m_link.name, at(0), true, 0, 0, 0});
    m_state.observe(ProbeSample{m_link.name, at(0), milliseconds(40)});
  }

  static Instant at(std::int64_t tenths) { return Instant{0} + milliseconds(100 * tenths); }
  void alarm(std::int64_t tenths, PathAlarm::Source source, bool raised) {
    m_state.observe(PathAlarm{m_link.name, at(tenths), source, raised, "no answer"});
  }
  Availability availability(std::int64_t tenths) {
    m_state.refresh(at(tenths));
    return m_state.view().availability;
  }

  Link m_link = test::lte_link();
  LinkState m_state{m_link, {}, seconds(2)};
};

constexpr auto kBfd = PathAlarm::Source::bfd;
constexpr auto kReaction = PathAlarm::Source::probe_reaction;

TEST_F(LinkStateTest, an_alarm_takes_the_link_down_before_three_probes_are_lost) {
  ASSERT_EQ(availability(1), Availability::up);
  alarm(2, kReaction, true);
  EXPECT_EQ(availability(2), Availability::down);
}

TEST_F(LinkStateTest, the_watch_that_raised_an_alarm_takes_it_back) {
  alarm(2, kBfd, true);
  alarm(3, kReaction, false);
  EXPECT_EQ(availability(3), Availability::down) << "another watch says nothing about it";
  alarm(4, kBfd, false);
  EXPECT_EQ(availability(4), Availability::up);
}

TEST_F(LinkStateTest, a_later_probe_that_comes_through_ends_an_alarm) {
  alarm(2, kReaction, true);
  m_state.observe(ProbeSample{m_link.name, at(1), milliseconds(40)});
  EXPECT_EQ(availability(2), Availability::down) << "it was sent before";
  m_state.observe(ProbeSample{m_link.name, at(5), milliseconds(40)});
  EXPECT_EQ(availability(5), Availability::up);
}

TEST_F(LinkStateTest, a_class_probe_is_told_and_does_not_move_the_round_trip) {
  m_state.note_class({m_link.name, at(1), milliseconds(900), ClassName{"video"}, {}, {}});
  m_state.note_class({m_link.name, at(2), milliseconds(800), ClassName{"video"}, {}, {}});
  m_state.note_class({m_link.name, at(2), {}, ClassName{"bulk"}, {}, Ppm{1'000'000}});
  m_state.refresh(at(2));
  const LinkStatus status = m_state.status(at(2));
  EXPECT_EQ(status.rtt, milliseconds(40));
  const std::vector<ClassPathStatus> classes{{ClassName{"bulk"}, {}, {}, Ppm{1'000'000}},
                                             {ClassName{"video"}, milliseconds(800), {}, {}}};
  EXPECT_EQ(status.classes, classes);
}

}  // namespace
}  // namespace wanwise::core
