// One emulator process with a fault script, one wanwise that writes to it, and an independent
// session that says what the router really holds. Kept over the cases of a mode: each case writes
// the other one of two configurations.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "adapters/iosxe/mqc/mqc.hpp"
#include "tests/faults/iosxe/cases.hpp"
#include "tests/support/iosxe_port.hpp"
#include "tests/support/netconf_peer.hpp"
#include "tests/support/process.hpp"
#include "tests/support/router_process.hpp"

namespace wanwise::test {

/// What running holds, as somebody else reads it under the locks of running and candidate: nobody
/// is at work, no commit waits.
struct Held {
  iosxe::Mqc own;
  bool others_untouched = false;  ///< the operator's own policy and host name
};

class FaultRig {
 public:
  explicit FaultRig(WriteMode mode);

  /// Reads the script and forgets the faults told so far.
  [[nodiscard]] bool load(const std::vector<std::string>& rules);
  [[nodiscard]] bool fires(const std::vector<std::string>& lines);
  /// Nothing when the router does not come to rest.
  [[nodiscard]] std::optional<Held> held();

  /// A wanwise that is connected and has read what there is; the same as long as it lives.
  [[nodiscard]] IosxePort* wanwise();
  void end_wanwise() { m_wanwise.reset(); }
  /// Another one, as a process of its own, that begins to write.
  void start_writer(const std::string& which);
  void kill_writer() { m_writer.kill(); }
  [[nodiscard]] bool writer_ended_early() {
    return !m_writer.outlives(std::chrono::milliseconds{0});
  }

 private:
  [[nodiscard]] bool connect_peer();
  /// The configuration under the lock of running; nothing while somebody else has that.
  [[nodiscard]] std::optional<std::string> read_locked();

  RouterProcess m_router;
  std::unique_ptr<IosxePort> m_wanwise;
  std::unique_ptr<NetconfPeer> m_peer;
  Process m_writer;
};

/// The two configurations; "red" and "blue" have no object in common but the marking.
[[nodiscard]] const core::RouterQos& qos_named(const std::string& which);
[[nodiscard]] iosxe::Mqc mqc_of(const core::RouterQos& qos);

}  // namespace wanwise::test
