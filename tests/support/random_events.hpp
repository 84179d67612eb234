// Random but reproducible core values for property tests: every kind of event, action and
// explanation, with the corners of their integers and texts that are not UTF-8.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "engine/core/engine.hpp"

namespace wanwise::testing {

class RandomValues {
 public:
  explicit RandomValues(std::uint64_t seed) : m_engine(seed) {}

  core::Event event();
  core::EventBody body(std::size_t kind);  ///< kind: index in core::EventBody
  core::Step step();
  std::string text();
  std::int64_t number();
  std::uint64_t below(std::uint64_t bound);
  bool coin() { return below(2) == 1; }

 private:
  core::RouterQos qos();
  core::FlowMatch flow();
  std::optional<core::Split> split();
  core::Action action();
  core::Explanation explanation();
  core::Instant instant() { return core::Instant{number()}; }
  std::uint64_t word();

  template <class Quantity>
  std::optional<Quantity> maybe() {
    if (coin()) return std::nullopt;
    return Quantity{number()};
  }
  template <class Name>
  std::optional<Name> maybe_name() {
    if (coin()) return std::nullopt;
    return Name{text()};
  }
  std::int32_t small() { return static_cast<std::int32_t>(number()); }

  std::mt19937_64 m_engine;
};

}  // namespace wanwise::testing
