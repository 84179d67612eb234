// Every edit-config that wanwise can make, on the real models of each release at hand: its nodes
// and values are known there, what it makes of the configuration before it is a valid one, and
// reading that gives what was wanted. Edits are carried out by the emulator's edit-config, which
// knows no model by name.
#include <gtest/gtest.h>

#include <iostream>

#include "adapters/iosxe/mqc/mqc_edit.hpp"
#include "adapters/iosxe/mqc/mqc_read.hpp"
#include "adapters/iosxe/mqc/qos_codec.hpp"
#include "adapters/iosxe/mqc/qos_mqc.hpp"
#include "adapters/iosxe/provision/qos_provision.hpp"
#include "adapters/iosxe/write/inverse.hpp"
#include "sim/router/config/edit.hpp"
#include "tests/conformance/iosxe/release.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::iosxe::conformance {
namespace {

/// Each gives up to four edits: from nothing, from the one before, back again, and all away.
constexpr std::uint32_t kConfigurations = 150;
constexpr std::size_t kFewestEdits = 500;

std::string printed(const router::Tree& tree) {
  char* text = nullptr;
  lyd_print_mem(&text, tree.get(), LYD_XML, LYD_PRINT_WITHSIBLINGS | LYD_PRINT_SHRINK);
  return router::take_text(text);
}

/// The first node of the tree that the release has given up; empty when there is none.
std::string obsolete_in(const lyd_node* tree) {
  const lyd_node* node = nullptr;
  LYD_TREE_DFS_BEGIN(tree, node) {
    if (node->schema != nullptr && (node->schema->flags & LYS_STATUS_OBSLT) != 0)
      return node->schema->name;
    LYD_TREE_DFS_END(tree, node);
  }
  return "";
}

/// Which words the release takes, as the adapter finds out.
Dialect dialect_of_release(const LoadedRelease& release) {
  ModuleRevisions modules;
  for (const std::string_view name : telling_modules())
    modules[std::string{name}] = release.revision(std::string{name});
  return dialect_of(FeatureSet{modules});
}

/// A router's running configuration under the models of its release.
class Running {
 public:
  explicit Running(const ly_ctx* context) : m_context(context) {}

  /// Why the device would not take it; empty when it holds it now.
  std::string take(const std::string& edit) {
    lyd_node* parsed = nullptr;
    // Parse-only, then validation: in one step libyang 2.1.30 crashes on some policy maps.
    if (lyd_parse_data_mem(m_context, edit.c_str(), LYD_XML, LYD_PARSE_ONLY | LYD_PARSE_STRICT, 0,
                           &parsed) != LY_SUCCESS)
      return last_error(m_context) + "\n" + edit;
    const router::Tree owner{parsed};
    if (const std::string name = obsolete_in(parsed); !name.empty())
      return name + " is obsolete\n" + edit;
    auto edited = router::apply_edit(m_context, m_tree, parsed, router::EditOperation::merge);
    if (!edited) return edited.error().message + " " + edited.error().path + "\n" + edit;
    if (const auto valid = router::validate_config(m_context, *edited); !valid)
      return valid.error().message + " " + valid.error().path + "\n" + edit;
    m_tree = std::move(*edited);
    return "";
  }

  [[nodiscard]] std::string text() const { return printed(m_tree); }

  /// What wanwise reads there, as the site of `config`.
  [[nodiscard]] Mqc own(const RouterConfig& config) const {
    const auto document = XmlDocument::parse("<data xmlns=\"" + std::string{ns::kNetconf} + "\">" +
                                             text() + "</data>");
    EXPECT_TRUE(document);
    return document ? read_mqc(document->root(), config).own : Mqc{};
  }

 private:
  const ly_ctx* m_context;
  router::Tree m_tree;
};

struct Wanted {
  RouterConfig config;
  Mqc mqc;
};

Wanted wanted_of(std::uint32_t seed) {
  Wanted wanted;
  samples::Generator generator{seed};
  const bool steers = seed % 2 != 0;
  core::RouterQos qos = steers ? generator.steered(wanted.config) : generator.qos(wanted.config);
  // A site's LAN side stays where it is from one decision to the next.
  wanted.config.lan_interface = qos.lan_interface = "Vlan1";
  wanted.mqc = to_mqc(qos, paths_of(wanted.config)).value();
  return wanted;
}

class Edits : public testing::TestWithParam<Release> {
 protected:
  void SetUp() override {
    ASSERT_NE(loaded(GetParam()), nullptr);
    m_dialect = dialect_of_release(*loaded(GetParam()));
  }
  void TearDown() override {
    if (m_edits > 0) std::cout << "cases: " << m_edits << "\n";
  }

  void change(Running& running, const Mqc& from, Wanted& wanted) {
    wanted.mqc = on_router(wanted.mqc, from, {}).value();
    const auto edit = edit_native(from, wanted.mqc, m_dialect);
    if (!edit) return;
    ++m_edits;
    ASSERT_EQ(running.take(*edit), "");
    ASSERT_EQ(running.own(wanted.config), wanted.mqc) << *edit;
  }

  /// Back to the words of an earlier reading.
  void undo(Running& running, const Wanted& before, const std::string& words, const Mqc& now) {
    const auto edit = inverse_edit({Image::of_native(words).value(), before.mqc},
                                   {Image::of_native(running.text()).value(), now});
    if (!edit) return;
    ++m_edits;
    ASSERT_EQ(running.take(*edit), "");
    const Mqc again = running.own(before.config);
    ASSERT_EQ(again, before.mqc) << edit_native(again, before.mqc).value_or("");
  }

  std::size_t m_edits = 0;
  Dialect m_dialect;
};

TEST_P(Edits, TheDeviceTakesEveryEditAndHoldsWhatWasWanted) {
  const ly_ctx* context = loaded(GetParam())->context.get();
  Wanted before;
  for (std::uint32_t seed = 0; seed < kConfigurations; ++seed) {
    SCOPED_TRACE(seed);
    Wanted wanted = wanted_of(seed);
    Wanted nothing{before.config, {}};
    Running running{context};
    ASSERT_NO_FATAL_FAILURE(change(running, {}, before));
    const std::string earlier = running.text();
    ASSERT_NO_FATAL_FAILURE(change(running, before.mqc, wanted));
    ASSERT_NO_FATAL_FAILURE(undo(running, before, earlier, wanted.mqc));
    ASSERT_NO_FATAL_FAILURE(change(running, before.mqc, nothing));
    EXPECT_EQ(running.text().find("WANWISE"), std::string::npos) << running.text();
    before = wanted;
  }
  EXPECT_GE(m_edits, kFewestEdits);
}

/// The control: 26.1.1 has given up what earlier releases take.
TEST_P(Edits, WordsOfAnotherReleaseAreFound) {
  const bool gives_up = loaded(GetParam())->revision("Cisco-IOS-XE-track") >= "2026-02-01";
  Running running{loaded(GetParam())->context.get()};
  const Wanted wanted = wanted_of(1);
  ASSERT_FALSE(wanted.mqc.steering.tracks.empty());
  const std::string why = running.take(edit_native({}, wanted.mqc).value());
  EXPECT_EQ(why.find("is obsolete") != std::string::npos, gives_up) << why;
}

/// The control: what the device would not take is found.
TEST_P(Edits, AWrongConfigurationIsRefused) {
  const std::string good = render_xml(samples::site_qos()).value();
  const auto with = [&](const std::string& what, const std::string& instead) {
    std::string text = good;
    const std::size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return Running{loaded(GetParam())->context.get()}.take(text.replace(at, what.size(), instead));
  };
  EXPECT_EQ(with("WANWISE", "WANWISE"), "");
  EXPECT_NE(with("<prematch>match-any</prematch>", ""), "");
  EXPECT_NE(with("<percent>30</percent>", "<percent>300</percent>"), "");
  EXPECT_NE(with("<output>WANWISE-PM-LTE</output>", "<output>WANWISE-PM-GONE</output>"), "");
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Edits);
INSTANTIATE_TEST_SUITE_P(Release, Edits, testing::ValuesIn(find_releases()), name_of_instance);

TEST(EditReleases, AreAtHand) {
  if (find_releases().empty()) GTEST_SKIP() << kNoReleases;
}

}  // namespace
}  // namespace wanwise::iosxe::conformance
