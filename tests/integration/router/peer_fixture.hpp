// What the tests of wanwise-router share: a router, logged-in peers, and the operations as text.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/support/netconf_peer.hpp"
#include "tests/support/router_process.hpp"

namespace wanwise::test {

class RouterTest : public testing::Test {
 protected:
  void start(const std::vector<std::string>& options = {}) {
    const auto code = m_router.start(options);
    ASSERT_FALSE(code.has_value()) << "exit code " << *code << "\n" << m_router.output();
  }
  void TearDown() override {
    if (HasFailure()) {
      std::fprintf(stderr, "router said:\n%s\n", m_router.output().c_str());
    }
  }
  [[nodiscard]] Login login() const {
    return {.port = m_router.port(),
            .user = RouterProcess::kUser,
            .password = RouterProcess::kPassword,
            .private_key = ""};
  }
  [[nodiscard]] std::unique_ptr<NetconfPeer> peer() const {
    auto connected = NetconfPeer::connect(login());
    if (auto* why = std::get_if<std::string>(&connected)) {
      ADD_FAILURE() << *why;
      return nullptr;
    }
    return std::get<0>(std::move(connected));
  }

  RouterProcess m_router;
};

inline std::string in_native(const std::string& inside) {
  return "<native xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-native\">" + inside + "</native>";
}

inline std::string edit(const std::string& target, const std::string& inside) {
  return "<edit-config><target><" + target + "/></target><config>" + in_native(inside) +
         "</config></edit-config>";
}

inline std::string lock(const std::string& target) {
  return "<lock><target><" + target + "/></target></lock>";
}

inline std::string unlock(const std::string& target) {
  return "<unlock><target><" + target + "/></target></unlock>";
}

inline std::string get_config(const std::string& source) {
  return "<get-config><source><" + source + "/></source></get-config>";
}

inline std::string get_xpath(const std::string& path) {
  return "<get><filter type=\"xpath\" select=\"" + path + "\"/></get>";
}

inline const std::string kCommit = "<commit/>";
inline const std::string kDiscard = "<discard-changes/>";

MATCHER(IsOk, "is <ok/>") {
  return arg.find("<ok/>") != std::string::npos;
}

}  // namespace wanwise::test
