// The one place where libssh's headers and its ownership rules live. Only ssh_session.cpp includes
// it. An ssh_session and its channels belong to one thread.
#pragma once

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wconversion"
#include <libssh/libssh.h>
#pragma GCC diagnostic pop

#include <memory>
#include <string>
#include <type_traits>

namespace wanwise::iosxe {

struct FreeSsh {
  void operator()(ssh_session session) const {
    ssh_disconnect(session);  // closes the descriptor libssh was given
    ssh_free(session);
  }
};
using SshPtr = std::unique_ptr<std::remove_pointer_t<ssh_session>, FreeSsh>;

struct FreeChannel {
  void operator()(ssh_channel channel) const { ssh_channel_free(channel); }
};
using ChannelPtr = std::unique_ptr<std::remove_pointer_t<ssh_channel>, FreeChannel>;

struct FreeKey {
  void operator()(ssh_key key) const { ssh_key_free(key); }
};
using KeyPtr = std::unique_ptr<std::remove_pointer_t<ssh_key>, FreeKey>;

/// "SHA256:base64" of the key the server proved to have, as ssh-keygen -l prints it; empty when
/// there is none.
inline std::string server_fingerprint(ssh_session session) {
  ssh_key raw = nullptr;
  if (ssh_get_server_publickey(session, &raw) != SSH_OK) return {};
  const KeyPtr key{raw};
  unsigned char* hash = nullptr;
  std::size_t length = 0;
  if (ssh_get_publickey_hash(raw, SSH_PUBLICKEY_HASH_SHA256, &hash, &length) != SSH_OK) return {};
  char* text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, length);
  const std::string fingerprint = text != nullptr ? text : "";
  ssh_string_free_char(text);
  ssh_clean_pubkey_hash(&hash);
  return fingerprint;
}

}  // namespace wanwise::iosxe
