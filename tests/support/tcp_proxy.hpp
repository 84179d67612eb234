// A TCP proxy on loopback with faults that are switched on when a test wants them: freeze (bytes
// from the server are held back for ever), cut (all connections end). In-process, one thread of its
// own; the methods may be called from any thread and take effect before they return.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace wanwise::test {

class TcpProxy {
 public:
  explicit TcpProxy(std::uint16_t target_port);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// Where later connections go.
  void set_target(std::uint16_t port);
  /// After so many more bytes from the server nothing comes through any more.
  void freeze_after(std::size_t bytes);
  void thaw();
  /// Ends every connection.
  void cut();

 private:
  class Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace wanwise::test
