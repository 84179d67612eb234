#include "adapters/jetson/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace wanwise::jetson {
namespace {

constexpr std::string_view kScheme = "http://";
constexpr std::size_t kMaxUrlBytes = 500;

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.';
}

}  // namespace

core::Expected<HttpUrl> parse_url(std::string_view text) {
  const auto wrong = [&](std::string_view why) {
    return core::fail("bad-url", fmt::format("{}: {} (allowed: http://HOST:PORT/PATH)",
                                             text.substr(0, kMaxUrlBytes), why));
  };
  if (text.size() > kMaxUrlBytes) return wrong("too long");
  if (!text.starts_with(kScheme)) return wrong("not plain http");
  std::string_view rest = text.substr(kScheme.size());
  const std::string_view authority = rest.substr(0, rest.find('/'));
  rest.remove_prefix(authority.size());
  const bool printable =
      std::all_of(rest.begin(), rest.end(), [](char c) { return c > ' ' && c < 0x7f && c != '#'; });
  if (!printable) return wrong("the path has other than printable characters, or a fragment");
  HttpUrl url;
  url.host = authority.substr(0, authority.find(':'));
  if (url.host.empty() || !std::all_of(url.host.begin(), url.host.end(), is_host_character))
    return wrong("no host name or IPv4 address");
  if (authority.size() > url.host.size()) {
    const std::string_view digits = authority.substr(url.host.size() + 1);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
    if (error != std::errc{} || end != digits.data() + digits.size() || url.port == 0)
      return wrong("no TCP port");
  }
  if (!rest.empty()) url.target = rest;
  return url;
}

}  // namespace wanwise::jetson
