// Journals from before there were splits must replay to the digests they hold.
#include "engine/core/digest.hpp"

#include <gtest/gtest.h>

namespace wanwise::core {
namespace {

std::uint64_t digest_of(const Event& event) {
  Digest digest;
  digest.add(event);
  return digest.value();
}

TEST(SplitDigest, WithoutASplitAPlacementsDigestIsThatOfItsOtherFieldsAlone) {
  const PlacementObserved placement{WorkloadName{"w"}, Instant{5}, TargetName{"tx2"}, 1, true};
  const Event event{Instant{7}, placement};
  Digest digest;
  digest.add_number(7);
  digest.add_number(event.body.index());
  digest.add_text("w");
  digest.add_number(5);
  digest.add_number(1);  // there is a target
  digest.add_text("tx2");
  digest.add_number(1);
  digest.add_number(1);
  EXPECT_EQ(digest_of(event), digest.value());
}

TEST(SplitDigest, TargetAndShareOfASplitAreInIt) {
  PlacementObserved placement{WorkloadName{"w"}, Instant{5}, TargetName{"tx2"}, 1, true};
  const std::uint64_t whole = digest_of({Instant{7}, placement});
  placement.split = Split{TargetName{"cloud"}, Ppm{250'000}};
  const std::uint64_t quarter = digest_of({Instant{7}, placement});
  placement.split->share = Ppm{500'000};
  const std::uint64_t half = digest_of({Instant{7}, placement});
  EXPECT_NE(whole, quarter);
  EXPECT_NE(quarter, half);
}

TEST(SplitDigest, AnActionsSplitIsInIt) {
  PlaceWorkload place{WorkloadName{"w"}, TargetName{"tx2"}, TargetName{"tx2"}, 0};
  const auto value = [&] {
    Digest digest;
    digest.add(Action{1, Instant{1}, "why", place});
    return digest.value();
  };
  const std::uint64_t whole = value();
  place.split = Split{TargetName{"cloud"}, Ppm{250'000}};
  EXPECT_NE(value(), whole);
}

}  // namespace
}  // namespace wanwise::core
