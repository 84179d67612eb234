#include "sim/router/faults/faults.hpp"

#include <charconv>

namespace wanwise::router {
namespace {

constexpr std::int64_t kMaxDelayMs = 3'600'000;  // one hour: longer is a typing error

std::optional<std::chrono::milliseconds> delay(const std::string& digits) {
  std::int64_t value = 0;
  const char* last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, value);
  if (error != std::errc{} || end != last || value < 0 || value > kMaxDelayMs) {
    return std::nullopt;
  }
  return std::chrono::milliseconds(value);
}

bool set_flag(Faults& faults, const std::string& word) {
  struct Flag {
    const char* name;
    bool Faults::*member;
  };
  static constexpr Flag kFlags[] = {
      {"negative-counters", &Faults::negative_counters},
      {"speed", &Faults::speed},
      {"no-radio", &Faults::no_radio},
      {"opaque", &Faults::opaque},
      {"sla-milliseconds", &Faults::sla_milliseconds},
      {"busy-cpu", &Faults::busy_cpu},
      {"full-iox", &Faults::full_iox},
      {"refuse-edit", &Faults::refuse_edit},
  };
  for (const Flag& flag : kFlags) {
    if (word == flag.name) {
      faults.*flag.member = true;
      return true;
    }
  }
  return false;
}

}  // namespace

core::Expected<Faults> parse_faults(const std::vector<std::string>& words) {
  Faults out;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const auto value = equals == std::string::npos ? std::nullopt : delay(word.substr(equals + 1));
    if (name == "hang-commit" && (equals == std::string::npos || value)) {
      out.hang_commit = value.value_or(std::chrono::milliseconds(0));
    } else if (name == "slow-reply" && value) {
      out.slow_reply = *value;
    } else if (equals != std::string::npos || !set_flag(out, word)) {
      return core::fail("bad-fault",
                        "--fault " + word +
                            ": unknown (allowed: negative-counters, speed, no-radio, opaque, "
                            "sla-milliseconds, busy-cpu, full-iox, refuse-edit, slow-reply=MS, "
                            "hang-commit[=MS])");
    }
  }
  return out;
}

}  // namespace wanwise::router
