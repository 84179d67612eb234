// Any bytes as a journal's stream: frames and records are decoded or refused, and what was decoded
// comes back the same when it is written and read again.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "engine/runtime/journal_codec.hpp"

namespace {

namespace runtime = wanwise::runtime;

std::string encode(const runtime::JournalRecord& record) {
  return std::visit(
      [](const auto& one) {
        if constexpr (std::is_same_v<std::decay_t<decltype(one)>, runtime::StepRecord>) {
          return runtime::encode_record(one.step, one.digest);
        } else {
          return runtime::encode_record(one);
        }
      },
      record);
}

void decode(std::string_view bytes) {
  const auto record = runtime::decode_record(bytes);
  if (!record) {
    if (record.error().message.empty()) std::abort();
    return;
  }
  const std::string once = encode(*record);
  const auto again = runtime::decode_record(once);
  if (!again || encode(*again) != once) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  decode(rest);  // a frame's length rarely survives a mutation: the record without it as well
  for (;;) {
    const runtime::Frame frame = runtime::next_frame(rest);
    if (frame.state != runtime::Frame::State::whole) return 0;
    decode(rest.substr(frame.header_bytes, frame.payload_bytes));
    rest.remove_prefix(frame.header_bytes + frame.payload_bytes);
  }
}
