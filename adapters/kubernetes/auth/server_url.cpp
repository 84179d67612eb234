#include "adapters/kubernetes/auth/server_url.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

namespace wanwise::kubernetes {
namespace {

constexpr std::string_view kScheme = "https://";

bool read_port(std::string_view text, std::uint16_t& port) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port != 0;
}

/// Host and what follows it; an empty host is a mistake.
std::pair<std::string_view, std::string_view> split_host(std::string_view authority) {
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return {};
    return {authority.substr(1, close - 1), authority.substr(close + 1)};
  }
  const std::size_t colon = authority.find(':');
  if (colon == std::string_view::npos) return {authority, {}};
  return {authority.substr(0, colon), authority.substr(colon)};
}

}  // namespace

core::Expected<void> set_server(Access& access, const std::string& url) {
  const auto bad = [&](std::string_view what) {
    return core::fail(
        "bad-server-url",
        fmt::format("server \"{}\": {} (allowed: https://host[:port][/path])", url, what));
  };
  std::string_view rest = url;
  if (!rest.starts_with(kScheme)) return bad("not https");
  rest.remove_prefix(kScheme.size());
  const std::size_t slash = rest.find('/');
  const auto [host, after] = split_host(rest.substr(0, slash));
  if (host.empty() || host.find_first_of("@?# ") != std::string_view::npos) return bad("no host");
  std::uint16_t port = 443;
  if (!after.empty() && (after.front() != ':' || !read_port(after.substr(1), port))) {
    return bad("not a port");
  }
  std::string_view path = slash == std::string_view::npos ? "" : rest.substr(slash);
  while (path.ends_with('/')) path.remove_suffix(1);
  if (path.find_first_of("?# ") != std::string_view::npos) return bad("not a path");
  access.host = host;
  access.port = port;
  access.base_path = path;
  return {};
}

}  // namespace wanwise::kubernetes
