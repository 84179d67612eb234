// The client's side: whatever a peer sends is an error or a value that is written as it was read.
#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/http/json.hpp"
#include "engine/core/check.hpp"

namespace {

template <class Parse>
void try_parse(std::string_view text, Parse parse) {
  const auto first = parse(text);
  if (!first) return;
  const std::string written = boost::json::serialize(wanwise::http::to_json(*first));
  const auto second = parse(written);
  WANWISE_CHECK(second.has_value());
  WANWISE_CHECK(boost::json::serialize(wanwise::http::to_json(*second)) == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  try_parse(text, wanwise::http::parse_status);
  try_parse(text, wanwise::http::parse_explanation);
  try_parse(text, wanwise::http::parse_history);
  return 0;
}
