// What an edit does to a configuration, by a datastore that is not the codec's: each edit and each
// inverse edit, applied as RFC 6241 says, leaves exactly the configuration that was meant.
#include <gtest/gtest.h>

#include "adapters/iosxe/mqc/mqc_edit.hpp"
#include "adapters/iosxe/mqc/mqc_words.hpp"
#include "adapters/iosxe/mqc/qos_codec.hpp"
#include "adapters/iosxe/mqc/qos_mqc.hpp"
#include "adapters/iosxe/write/inverse.hpp"
#include "sim/router/config/edit.hpp"
#include "tests/support/router_trees.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::iosxe {
namespace {

constexpr std::uint32_t kRandomCases = 80;

/// A router's running configuration.
class Running {
 public:
  /// The content of <config>; the tree must be valid behind it.
  void edit(const std::string& native) {
    const router::Tree parsed = test::parse_edit(native);
    auto edited = router::apply_edit(test::router_context(), m_tree, parsed.get(),
                                     router::EditOperation::merge);
    ASSERT_TRUE(edited) << edited.error().message << native;
    m_tree = std::move(*edited);
    const auto valid = router::validate_config(test::router_context(), m_tree);
    ASSERT_TRUE(valid) << valid.error().message << native;
  }

  [[nodiscard]] std::string text() const { return m_tree ? test::print(m_tree) : std::string{}; }

  [[nodiscard]] Image image() const { return Image::of_native(text()).value(); }

  [[nodiscard]] Version version(const RouterConfig& config) const { return {image(), own(config)}; }

  [[nodiscard]] Mqc own(const RouterConfig& config) const {
    return observe(image().data(), config, name_table(config).value()).own;
  }

 private:
  router::Tree m_tree;
};

/// What identifies what bears no name must be known of both sites.
RouterConfig same_router(RouterConfig config, const RouterConfig& other) {
  config.links = other.links;
  return config;
}

struct Sites {
  RouterConfig config;
  Mqc before, after;
};

Sites sites(std::uint32_t seed) {
  Sites made;
  RouterConfig first;
  const core::RouterQos qos = samples::Generator{seed}.steered(first);
  core::RouterQos next = samples::Generator{seed + 1'000}.steered(made.config);
  made.config = same_router(made.config, first);
  // The links are measured as the first site says; the second site's own probes come beside.
  made.before = to_mqc(qos, paths_of(first)).value();
  next.steering.clear();
  for (core::ProbeRule& rule : next.probes) rule.tracked = false;
  made.after = to_mqc(next, {}).value();
  return made;
}

TEST(EditApply, LeavesExactlyWhatWasMeant) {
  for (std::uint32_t seed = 0; seed < kRandomCases; ++seed) {
    const Sites site = sites(seed);
    Running running;
    for (const Mqc* wanted : {&site.before, &site.after, &site.before}) {
      const Mqc own = running.own(site.config);
      const Mqc numbered = on_router(*wanted, own, {}).value();
      if (const auto edit = edit_native(own, numbered)) running.edit(*edit);
      ASSERT_EQ(running.own(site.config), numbered)
          << seed << difference_words(running.own(site.config), numbered);
    }
  }
}

TEST(EditApply, TakesEverythingOut) {
  for (std::uint32_t seed = 0; seed < kRandomCases; ++seed) {
    const Sites site = sites(seed);
    Running running;
    if (const auto edit = edit_native({}, site.before)) running.edit(*edit);
    if (const auto edit = edit_native(running.own(site.config), {})) running.edit(*edit);
    EXPECT_TRUE(running.own(site.config).empty()) << seed << running.text();
    EXPECT_EQ(running.text().find("WANWISE"), std::string::npos) << running.text();
    EXPECT_EQ(running.text().find("<entry>"), std::string::npos) << running.text();
  }
}

TEST(EditApply, TheInverseBringsBackWhatWas) {
  for (std::uint32_t seed = 0; seed < kRandomCases; ++seed) {
    const Sites site = sites(seed);
    Running running;
    if (const auto edit = edit_native({}, site.before)) running.edit(*edit);
    const Version before = running.version(site.config);
    const Mqc after = on_router(site.after, site.before, {}).value();
    if (const auto edit = edit_native(site.before, after)) running.edit(*edit);
    if (const auto edit = inverse_edit(before, running.version(site.config))) running.edit(*edit);
    ASSERT_EQ(running.own(site.config), site.before)
        << seed << difference_words(running.own(site.config), site.before);
    EXPECT_FALSE(inverse_edit(before, running.version(site.config))) << seed;
  }
}

/// What others wrote into ours, or where ours went, comes back as it was.
TEST(EditApply, TheInverseBringsBackWhatOthersWrote) {
  const RouterConfig config = samples::config();
  Running running;
  running.edit(
      "<native xmlns='http://cisco.com/ns/yang/Cisco-IOS-XE-native'><ip><sla "
      "xmlns='http://cisco.com/ns/yang/Cisco-IOS-XE-sla'><entry><number>904</number><icmp-echo>"
      "<destination>printer.example</destination><tag>wanwise-lte</tag></icmp-echo></entry>"
      "<schedule><entry-number>904</entry-number><life>60</life></schedule></sla></ip><interface>"
      "<Cellular><name>0/1/0</name><load-interval>60</load-interval></Cellular></interface>"
      "</native>");
  const std::string text = running.text();
  const Version before = running.version(config);
  core::RouterQos qos = samples::site_qos();
  for (core::WanQos& wan : qos.wans) wan.load_interval = 30;
  running.edit(edit_native(before.own, to_mqc(qos).value()).value());
  EXPECT_NE(running.text(), text);
  running.edit(inverse_edit(before, running.version(config)).value());
  EXPECT_EQ(running.own(config), before.own);
  EXPECT_NE(running.text().find("printer.example"), std::string::npos);
  EXPECT_NE(running.text().find("<load-interval>60<"), std::string::npos);
}

TEST(EditApply, TheInverseOfTheFirstWriteLeavesNothing) {
  for (std::uint32_t seed = 0; seed < kRandomCases; ++seed) {
    const Sites site = sites(seed);
    Running running;
    const Version before = running.version(site.config);
    if (const auto edit = edit_native({}, site.before)) running.edit(*edit);
    if (const auto edit = inverse_edit(before, running.version(site.config))) running.edit(*edit);
    ASSERT_TRUE(running.own(site.config).empty()) << seed << running.text();
  }
}

}  // namespace
}  // namespace wanwise::iosxe
