// RFC 6242 framing of any bytes, in both versions: no message above the limit, no bytes held beyond
// it, and the same messages however the bytes are cut.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/iosxe/session/framer.hpp"
#include "engine/core/check.hpp"

namespace {

using wanwise::iosxe::Framer;
using wanwise::iosxe::Framing;

constexpr std::size_t kMax = 4096;

std::vector<std::string> read_all(std::string_view bytes, std::size_t piece, Framing framing) {
  Framer framer{kMax};
  framer.use(framing);
  std::vector<std::string> messages;
  while (!bytes.empty()) {
    framer.feed(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    for (;;) {
      auto message = framer.next();
      if (!message) return messages;
      if (!*message) break;
      WANWISE_CHECK((*message)->size() <= kMax);
      messages.push_back(std::move(**message));
    }
    WANWISE_CHECK(framer.held() <= kMax + 16);
  }
  return messages;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(data, data + size);
  for (const Framing framing : {Framing::end_of_message, Framing::chunked}) {
    const auto one_by_one = read_all(bytes, 1, framing);
    const auto in_sevens = read_all(bytes, 7, framing);
    WANWISE_CHECK(one_by_one == in_sevens);
  }
  return 0;
}
