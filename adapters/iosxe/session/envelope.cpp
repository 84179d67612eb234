#include "adapters/iosxe/session/envelope.hpp"

#include <charconv>

namespace wanwise::iosxe {
namespace {

/// The root's start tag without its brackets, behind any declaration, comment or white space.
std::string_view root_tag(std::string_view text) {
  for (;;) {
    const std::size_t at = text.find('<');
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at);
    std::string_view end;
    if (text.starts_with("<?")) {
      end = "?>";
    } else if (text.starts_with("<!--")) {
      end = "-->";
    } else {
      const std::size_t close = text.find('>');
      return close == std::string_view::npos ? std::string_view{} : text.substr(1, close - 1);
    }
    const std::size_t stop = text.find(end);
    if (stop == std::string_view::npos) return {};
    text.remove_prefix(stop + end.size());
  }
}

std::string_view local_name(std::string_view tag) {
  std::string_view name = tag.substr(0, tag.find_first_of(" \t\r\n/"));
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::optional<std::uint64_t> message_id(std::string_view tag) {
  constexpr std::string_view kName = "message-id=";
  const std::size_t at = tag.find(kName);
  if (at == std::string_view::npos || at + kName.size() >= tag.size()) return std::nullopt;
  std::string_view rest = tag.substr(at + kName.size());
  const char quote = rest.front();
  rest.remove_prefix(1);
  const std::string_view digits = rest.substr(0, rest.find(quote));
  std::uint64_t id = 0;
  const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  if (wrong != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return id;
}

}  // namespace

Envelope look_at(std::string_view message) {
  const std::string_view tag = root_tag(message);
  const std::string_view name = local_name(tag);
  if (name == "rpc-reply") return {Envelope::Kind::reply, message_id(tag)};
  if (name == "notification") return {Envelope::Kind::notification, std::nullopt};
  return {};
}

}  // namespace wanwise::iosxe
