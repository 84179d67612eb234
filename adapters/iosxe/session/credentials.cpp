#include "adapters/iosxe/session/credentials.hpp"

#include <cstdlib>
#include <fstream>

#include "adapters/iosxe/errors.hpp"

namespace wanwise::iosxe {

core::Expected<std::string> read_secret(const Secret& secret) {
  const auto missing = [&](const char* what) {
    return core::fail(errors::kCredentialMissing, what + secret.name);
  };
  if (secret.from == Secret::From::environment) {
    const char* value = std::getenv(secret.name.c_str());
    if (value == nullptr || *value == '\0') return missing("environment variable not set: ");
    return std::string{value};
  }
  std::ifstream file{secret.name, std::ios::binary};
  if (!file) return missing("cannot read the password file ");
  std::string text(kMaxSecretBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMaxSecretBytes) return missing("password file too long: ");
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  if (text.empty()) return missing("password file is empty: ");
  return text;
}

}  // namespace wanwise::iosxe
