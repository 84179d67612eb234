// The server's side: the bytes of a request through the parser with the server's limits into the
// routes; every answer is a whole response.
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/json.hpp>
#include <cstdint>

#include "adapters/http/routes.hpp"
#include "adapters/http/server.hpp"
#include "engine/core/check.hpp"
#include "tests/unit/http/fixtures.hpp"

namespace bhttp = boost::beast::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const wanwise::http::Limits limits;
  bhttp::request_parser<bhttp::string_body> parser;
  parser.header_limit(limits.header_bytes);
  parser.body_limit(limits.body_bytes);
  parser.eager(true);
  boost::beast::error_code ec;
  parser.put(boost::asio::buffer(data, size), ec);
  if (ec || !parser.is_done()) return 0;
  wanwise::http::FakeSource source;
  const auto response = wanwise::http::answer(parser.get(), {source, {"localhost"}, {}});
  WANWISE_CHECK(response.result_int() >= 200 && response.result_int() < 500);
  if (response[bhttp::field::content_type] == "application/json" && !response.body().empty()) {
    WANWISE_CHECK(boost::json::parse(response.body(), ec).is_object() && !ec);
  }
  return 0;
}
