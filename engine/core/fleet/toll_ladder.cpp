#include "engine/core/fleet/toll_ladder.hpp"

#include <array>
#include <cstddef>

#include "engine/core/check.hpp"

namespace wanwise::core {
namespace {

/// The cheapest toll of a level: a thousandth of a dollar for an hour of an accelerator or a
/// Mbit/s; an objective's whole weight for one of either. A million times that is prohibitive for
/// whoever uses a millionth.
constexpr std::int64_t kCheapest = 1'000'000;

constexpr std::array<std::int64_t, kTollSteps> amounts() {
  std::array<std::int64_t, kTollSteps> all{};
  std::int64_t amount = kCheapest;
  for (std::int64_t& step : all) {
    step = amount;
    amount = amount / 4 * 5;
  }
  return all;
}

constexpr std::array<TollLevel, 5> kLevels = {TollLevel::money, TollLevel::low, TollLevel::normal,
                                              TollLevel::high, TollLevel::critical};

}  // namespace

Toll toll_at(std::int32_t rung) {
  static constexpr std::array<std::int64_t, kTollSteps> kAmounts = amounts();
  WANWISE_CHECK(rung >= 0 && rung <= kDearestToll);
  if (rung == 0) return {};
  const auto step = static_cast<std::size_t>(rung - 1);
  return {kLevels[step / kTollSteps], kAmounts[step % kTollSteps]};
}

}  // namespace wanwise::core
