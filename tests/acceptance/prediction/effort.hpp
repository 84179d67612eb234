// How much is played: the short form is a case of every build, `prediction --long` takes minutes.
#pragma once

#include <cstdint>

namespace wanwise::prediction {

enum class Effort : std::uint8_t { brief, full };

void set_effort(Effort effort);
[[nodiscard]] Effort effort();

template <class T>
[[nodiscard]] T by_effort(T brief, T full) {
  return effort() == Effort::full ? full : brief;
}

}  // namespace wanwise::prediction
