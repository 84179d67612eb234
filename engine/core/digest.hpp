// The running hash of an engine's history: FNV-1a, 64 bits, over the fields of every event and
// action in order. Not cryptographic: it finds divergence, not forgery. Value type.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/core/action.hpp"
#include "engine/core/event.hpp"

namespace wanwise::core {

class Digest {
 public:
  void add(const Event& event);
  void add(const Action& action);
  [[nodiscard]] std::uint64_t value() const { return m_hash; }

  void add_number(std::uint64_t number);
  void add_text(std::string_view text);

 private:
  std::uint64_t m_hash = 0xcbf29ce484222325;  ///< FNV-1a offset basis
};

}  // namespace wanwise::core
