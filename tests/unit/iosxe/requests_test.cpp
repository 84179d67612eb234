// libnetconf2 sends only what the modules it knows describe: each request of the adapter, and each
// prefix in an XPath, is held against them. tests/integration/iosxe/reading_test.cpp runs the whole
// adapter on that stack.
#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/mqc/mqc_edit.hpp"
#include "adapters/iosxe/mqc/qos_codec.hpp"
#include "adapters/iosxe/read/subscribe.hpp"
#include "adapters/iosxe/release/yang_library.hpp"
#include "adapters/iosxe/session/netconf2_context.hpp"
#include "adapters/iosxe/survey/examiner.hpp"
#include "adapters/iosxe/write/change.hpp"
#include "adapters/iosxe/write/plan.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::iosxe {
namespace {

class Requests : public testing::Test {
 protected:
  static const Netconf2Context& modules() {
    static const auto loaded = Netconf2Context::load(WANWISE_SOURCE_DIR "/yang");
    return *loaded;
  }
  static void expect_known(const std::string& operation) {
    const auto parsed = modules().parse(operation);
    EXPECT_TRUE(parsed) << parsed.error().message << "\n" << operation;
  }
  /// Every path of a site with all there is.
  static std::vector<Feed> feeds() {
    RouterConfig config = samples::config();
    config.links[0].class_probes = {{900'001, core::ClassName{"video"}}};
    std::vector<Feed> all = feeds_of(config, everything());
    all.push_back({FeedKind::interface_state, "Cellular0/1/0"});
    return all;
  }
  static FeatureSet everything() {
    ModuleRevisions newest;
    for (const FeatureRule& rule : feature_table()) {
      std::string& revision = newest[std::string{rule.module}];
      revision = std::max(revision, std::string{rule.since});
    }
    return FeatureSet{newest};
  }
};

TEST_F(Requests, AnUnknownOneIsRefusedByName) {
  for (const char* wrong :
       {"<reload xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-rpc\"/>", "<commit><nonsense/>"}) {
    const auto parsed = modules().parse(wrong);
    ASSERT_FALSE(parsed) << wrong;
    EXPECT_EQ(parsed.error().code, errors::kOperationUnknown);
  }
}

TEST_F(Requests, EverySubscriptionIsKnownWithThePrefixesOfItsPath) {
  for (const Feed& feed : feeds()) {
    if (is_slow(feed.kind)) continue;  // polled only
    expect_known(establish_subscription(feed, core::seconds(1)));
    expect_known(establish_subscription(feed, std::nullopt));
  }
  expect_known(establish_reactions());
  expect_known(subscribe_config_changes());
  expect_known(delete_subscription(2'147'483'649));
}

TEST_F(Requests, EveryReadIsKnown) {
  expect_known(get_feeds(feeds(), everything()));
  expect_known(get_config("running"));
  expect_known(get_on_change());
  expect_known(get_limits());
  expect_known(get_library(LibraryTree::modules_state));
  expect_known(get_library(LibraryTree::yang_library));
  expect_known(get_subscription_limits());
  expect_known(get_own_session(Hello{.session_id = 7}));
  expect_known(get_probe_results(samples::config()));
}

/// Whatever stands inside <config>: the modules of the configuration are opaque here.
TEST_F(Requests, EveryEditIsKnown) {
  int planned = 0;
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    samples::Generator generate{seed};
    RouterConfig config;
    const auto target = plan(generate.steered(config), config, nullptr, Dialect{});
    if (!target) continue;  // a combination that the adapter refuses
    ++planned;
    for (const bool rollback : {true, false}) {
      const Hello hello{.rollback_on_error = rollback};
      for (const auto& edit : {edit_native({}, *target), edit_native(*target, {})}) {
        if (edit) expect_known(edit_request(rollback ? "running" : "candidate", hello, *edit));
      }
    }
  }
  EXPECT_GT(planned, 50);
}

}  // namespace
}  // namespace wanwise::iosxe
