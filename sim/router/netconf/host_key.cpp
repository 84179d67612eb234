#include "sim/router/netconf/host_key.hpp"

#include <libssh/libssh.h>
#include <sys/stat.h>

#include <filesystem>
#include <memory>

namespace wanwise::router {
namespace {

constexpr int kRsaBits = 2048;  // what `crypto key generate rsa` makes on a device for SSH 2

struct FreeKey {
  void operator()(ssh_key key) const { ssh_key_free(key); }
};
using Key = std::unique_ptr<std::remove_pointer_t<ssh_key>, FreeKey>;

core::Expected<void> generate(const std::string& file) {
  ssh_key raw = nullptr;
  if (ssh_pki_generate(SSH_KEYTYPE_RSA, kRsaBits, &raw) != SSH_OK) {
    return core::fail("host-key", "cannot generate an RSA key");
  }
  const Key key(raw);
  const mode_t before = ::umask(0077);
  const int written =
      ssh_pki_export_privkey_file(key.get(), nullptr, nullptr, nullptr, file.c_str());
  ::umask(before);
  if (written != SSH_OK) {
    return core::fail("host-key", file + ": cannot be written");
  }
  return {};
}

core::Expected<std::string> fingerprint(const std::string& file) {
  ssh_key raw = nullptr;
  if (ssh_pki_import_privkey_file(file.c_str(), nullptr, nullptr, nullptr, &raw) != SSH_OK) {
    return core::fail("host-key", file + ": no private key without passphrase");
  }
  const Key key(raw);
  unsigned char* hash = nullptr;
  std::size_t length = 0;
  if (ssh_get_publickey_hash(key.get(), SSH_PUBLICKEY_HASH_SHA256, &hash, &length) != 0) {
    return core::fail("host-key", file + ": no fingerprint");
  }
  char* text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, length);
  ssh_clean_pubkey_hash(&hash);
  std::string out = text;
  ssh_string_free_char(text);
  return out;
}

}  // namespace

core::Expected<std::string> ensure_host_key(const std::string& file) {
  if (!std::filesystem::exists(file)) {
    if (auto made = generate(file); !made) {
      return core::Unexpected<core::Error>{made.error()};
    }
  }
  return fingerprint(file);
}

}  // namespace wanwise::router
