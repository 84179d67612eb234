#include "adapters/jetson/token.hpp"

#include <algorithm>
#include <fstream>

namespace wanwise::jetson {

core::Expected<std::string> read_token(const std::string& file) {
  const auto missing = [&](const char* what) {
    return core::fail("credential-missing", std::string{what} + file);
  };
  std::ifstream stream{file, std::ios::binary};
  if (!stream) return missing("cannot read the token file ");
  std::string text(kMaxTokenBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > kMaxTokenBytes) return missing("token file too long: ");
  text.resize(std::min(text.find_first_of("\r\n"), text.size()));
  if (text.empty()) return missing("token file is empty: ");
  const bool printable =
      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (!printable) return missing("no token in the token file ");
  return text;
}

}  // namespace wanwise::jetson
