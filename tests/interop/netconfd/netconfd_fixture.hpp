// wanwise's router port and Debian's netconfd beside it, with the one datastore that may be written
// as the parameter; other clients look on and configure by hand. The port ends with the test. The
// server takes seconds to load the modules, so the next test gets it too, emptied; after a failure
// it gets a new one. One thread, beside the port's own.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/interop/netconfd/netconfd.hpp"
#include "tests/support/iosxe_port.hpp"
#include "tests/support/netconf_peer.hpp"

namespace wanwise::test {

class NetconfdFixture : public testing::TestWithParam<NetconfdTarget> {
 protected:
  void SetUp() override;
  void TearDown() override;

  /// The site of `config` begins to be served; its access and its waits are set here.
  void connect(iosxe::RouterConfig config);
  [[nodiscard]] IosxePort& wanwise() { return *m_wanwise; }
  core::ActionDone apply(const core::RouterQos& qos);
  void expect_written(const core::RouterQos& qos);
  /// All that wanwise owns is taken out.
  void expect_removed(const core::RouterQos& qos);

  [[nodiscard]] bool candidate() const { return GetParam() == NetconfdTarget::candidate; }
  [[nodiscard]] std::unique_ptr<NetconfPeer> peer() const;
  /// What another client's session reads.
  [[nodiscard]] std::string running() const;
  /// What the server answers to an edit of another client, and to its commit where that is "ok".
  [[nodiscard]] std::string edit_by_hand(const std::string& native) const;
  void configure_by_hand(const std::string& native) const;

 private:
  Netconfd* m_server = nullptr;
  std::unique_ptr<IosxePort> m_wanwise;
};

[[nodiscard]] std::string name_of_target(const testing::TestParamInfo<NetconfdTarget>& instance);

}  // namespace wanwise::test
