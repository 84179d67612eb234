// Debian's netconfd (Yuma123) behind a private OpenSSH server on loopback, loaded with the vendor's
// own modules: a NETCONF server that no one here wrote. Everything lives in a temporary folder and
// ends with the object. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tests/support/process.hpp"

namespace wanwise::test {

/// What wanwise meets on a router: the one datastore that may be written.
enum class NetconfdTarget : std::uint8_t { candidate, running };

class Netconfd {
 public:
  Netconfd();
  ~Netconfd();
  Netconfd(const Netconfd&) = delete;
  Netconfd& operator=(const Netconfd&) = delete;

  /// Why it cannot be run here (no netconfd, no modules, not root), for GTEST_SKIP.
  [[nodiscard]] static std::optional<std::string> missing();

  /// Why it did not get ready; nothing when it serves.
  [[nodiscard]] std::optional<std::string> start(NetconfdTarget target);

  [[nodiscard]] std::uint16_t port() const { return m_port; }
  [[nodiscard]] static const char* user() { return "root"; }
  [[nodiscard]] std::string private_key() const { return m_folder.file("user"); }
  [[nodiscard]] const std::string& host_key() const { return m_host_key; }
  /// The end of its log.
  [[nodiscard]] std::string log() const;

 private:
  void make_keys();
  void patch_modules();
  [[nodiscard]] bool start_sshd();
  [[nodiscard]] bool listens() const;

  TemporaryFolder m_folder;
  Process m_sshd;
  Process m_netconfd;
  std::uint16_t m_port = 0;
  std::string m_host_key;
  bool m_cleans_home = false;
};

}  // namespace wanwise::test
