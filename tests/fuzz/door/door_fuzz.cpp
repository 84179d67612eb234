// Any line, from either side of the door: decoded or refused with a reason, and what was decoded
// crosses the door again unchanged.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sim/door/door_codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace sim = wanwise::sim;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const wanwise::core::Instant now{1'000'000'000'000'000};
  const auto message = sim::decode_message(line, now);
  if (!message && message.error().message.empty()) std::abort();
  if (message) {
    if (const auto* body = std::get_if<wanwise::core::EventBody>(&*message)) {
      const auto again = sim::decode_message(sim::encode(*body, now), now);
      if (!again || *again != *message) std::abort();
    }
  }
  const auto request = sim::decode_request(line);
  if (!request && request.error().message.empty()) std::abort();
  if (request && *sim::decode_request(sim::encode(*request)) != *request) std::abort();
  return 0;
}
