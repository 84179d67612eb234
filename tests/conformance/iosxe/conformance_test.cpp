// Does our projection of IOS XE agree with the real 17.15.1 modules, node by node, and do they
// accept what the codecs write? The real modules are not ours to ship: without them the tests are
// skipped.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "adapters/iosxe/mqc/mqc_edit.hpp"
#include "adapters/iosxe/mqc/qos_codec.hpp"
#include "adapters/iosxe/mqc/qos_mqc.hpp"
#include "adapters/iosxe/xml/libyang.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::iosxe {
namespace {

const std::string kReal = WANWISE_SOURCE_DIR "/../shared/yang-xe/17151";
const std::string kOurs = WANWISE_SOURCE_DIR "/yang/iosxe";
const std::string kIetf = WANWISE_SOURCE_DIR "/yang/ietf";

/// The modules of the projection, which are the modules compared.
constexpr std::array kModules{"Cisco-IOS-XE-native",
                              "Cisco-IOS-XE-acl",
                              "Cisco-IOS-XE-policy",
                              "Cisco-IOS-XE-sla",
                              "Cisco-IOS-XE-track",
                              "Cisco-IOS-XE-route-map",
                              "Cisco-IOS-XE-interfaces-oper",
                              "Cisco-IOS-XE-cellwan-oper",
                              "Cisco-IOS-XE-ip-sla-oper",
                              "Cisco-IOS-XE-ip-sla-events",
                              "Cisco-IOS-XE-process-cpu-oper",
                              "Cisco-IOS-XE-platform-software-oper",
                              "Cisco-IOS-XE-memory-oper",
                              "Cisco-IOS-XE-app-hosting-oper",
                              "Cisco-IOS-XE-bfd-oper",
                              "Cisco-IOS-XE-device-hardware-oper",
                              "Cisco-IOS-XE-mdt-capabilities-oper",
                              "Cisco-IOS-XE-mdt-oper-v2",
                              "ietf-event-notifications",
                              "ietf-yang-push",
                              "cisco-ia"};
/// Native's parts that augment what the projection augments; native itself needs its features.
constexpr std::array kRealParts{"ietf-netconf", "Cisco-IOS-XE-features", "Cisco-IOS-XE-cellular",
                                "Cisco-IOS-XE-ethernet"};

ContextPtr load(const std::vector<std::string>& folders, bool real) {
  silence_libyang();
  ly_ctx* made = nullptr;
  // Compiled at once: one by one takes eight times as long with the real modules.
  constexpr auto kOptions =
      LY_CTX_NO_YANGLIBRARY | LY_CTX_DISABLE_SEARCHDIR_CWD | LY_CTX_EXPLICIT_COMPILE;
  if (ly_ctx_new(folders.front().c_str(), kOptions, &made) != LY_SUCCESS) return nullptr;
  ContextPtr context{made};
  for (std::size_t i = 1; i < folders.size(); ++i) ly_ctx_set_searchdir(made, folders[i].c_str());
  std::array<const char*, 2> all{"*", nullptr};
  std::vector<std::string> modules(kModules.begin(), kModules.end());
  if (real) modules.insert(modules.begin(), kRealParts.begin(), kRealParts.end());
  for (const std::string& module : modules) {
    if (ly_ctx_load_module(made, module.c_str(), nullptr, all.data()) == nullptr) {
      ADD_FAILURE() << module << ": " << last_error(made);
      return nullptr;
    }
  }
  if (ly_ctx_compile(made) == LY_SUCCESS) return context;
  ADD_FAILURE() << last_error(made);
  return nullptr;
}

/// Every difference between a node of ours and its twin, in words.
class Comparison {
 public:
  explicit Comparison(const ly_ctx* real) : m_real(real) {}

  void run(const ly_ctx* ours) {
    std::uint32_t index = 0;
    while (const lys_module* module = ly_ctx_get_module_iter(ours, &index)) {
      if (!is_compared(module->name)) continue;
      const lys_module* twin = ly_ctx_get_module_implemented(m_real, module->name);
      if (twin == nullptr) {
        complain(module->name, "no such module");
        continue;
      }
      if (std::string{twin->ns} != module->ns) complain(module->name, "namespace");
      if (std::string{twin->prefix} != module->prefix) complain(module->name, "prefix");
      compare_roots(module);
    }
  }

  [[nodiscard]] const std::vector<std::string>& differences() const { return m_differences; }
  [[nodiscard]] std::size_t nodes() const { return m_nodes; }

 private:
  static bool is_compared(const std::string& name) {
    return std::find(kModules.begin(), kModules.end(), name) != kModules.end();
  }

  void compare_roots(const lys_module* module) {
    for (const lysc_node* node = module->compiled->data; node != nullptr; node = node->next)
      compare(node);
    for (auto* rpc = module->compiled->rpcs; rpc != nullptr;
         rpc = reinterpret_cast<lysc_node_action*>(rpc->node.next))
      compare(&rpc->node);
    for (auto* notification = module->compiled->notifs; notification != nullptr;
         notification = reinterpret_cast<lysc_node_notif*>(notification->node.next))
      compare(&notification->node);
  }

  void complain(const std::string& where, const std::string& what) {
    m_differences.push_back(where + ": " + what);
  }

  static std::string path_of(const lysc_node* node) {
    char* text = lysc_path(node, LYSC_PATH_LOG, nullptr, 0);
    std::string path = text != nullptr ? text : "";
    std::free(text);
    return path;
  }

  const lysc_node* twin_of(const lysc_node* node) const {
    const lysc_node* parent = node->parent;
    // An RPC's input and output are found through the RPC itself.
    if (parent != nullptr && (parent->nodetype & (LYS_INPUT | LYS_OUTPUT)) != 0)
      parent = parent->parent;
    const lys_module* module = ly_ctx_get_module_implemented(m_real, node->module->name);
    if (module == nullptr) return nullptr;
    const lysc_node* twin_parent = parent != nullptr ? twin_of(parent) : nullptr;
    if (parent != nullptr && twin_parent == nullptr) return nullptr;
    return find(twin_parent, module, node->name, (node->flags & LYS_IS_OUTPUT) != 0);
  }

  static const lysc_node* find(const lysc_node* parent, const lys_module* module,
                               const std::string& name, bool output) {
    const lysc_node* node = nullptr;
    const std::uint32_t options =
        LYS_GETNEXT_WITHCHOICE | LYS_GETNEXT_WITHCASE | (output ? LYS_GETNEXT_OUTPUT : 0U);
    while ((node = lys_getnext(node, parent, parent != nullptr ? nullptr : module->compiled,
                               options)) != nullptr) {
      if (node->module == module && name == node->name) return node;
    }
    return nullptr;
  }

  void compare(const lysc_node* node) {
    ++m_nodes;
    const std::string where = path_of(node);
    const lysc_node* twin = twin_of(node);
    if (twin == nullptr) {
      complain(where, "does not exist");
      return;
    }
    if (twin->nodetype != node->nodetype) {
      complain(where, "another kind of node");
      return;
    }
    compare_flags(node, twin, where);
    compare_types(node, twin, where);
    for (const bool output : {false, true}) {
      const bool has_output = (node->nodetype & (LYS_RPC | LYS_ACTION)) != 0;
      if (output && !has_output) break;
      const lysc_node* child = nullptr;
      const std::uint32_t options =
          LYS_GETNEXT_WITHCHOICE | LYS_GETNEXT_WITHCASE | (output ? LYS_GETNEXT_OUTPUT : 0U);
      while ((child = lys_getnext(child, node, nullptr, options)) != nullptr) compare(child);
    }
  }

  void compare_flags(const lysc_node* node, const lysc_node* twin, const std::string& where) {
    if (((node->flags ^ twin->flags) & LYS_CONFIG_MASK) != 0) complain(where, "config flag");
    if (node->nodetype == LYS_LIST || node->nodetype == LYS_LEAFLIST) {
      if (((node->flags ^ twin->flags) & LYS_ORDBY_MASK) != 0) complain(where, "ordered-by");
    }
    if (((node->flags ^ twin->flags) & LYS_KEY) != 0) complain(where, "list key");
    // What the device demands, we must know: a mandatory node of its own is allowed to be missing
    // from the projection only if nothing we write creates its parent, which the edits below show.
    if (((node->flags ^ twin->flags) & LYS_MAND_TRUE) != 0 && node->nodetype == LYS_LEAF)
      complain(where, "mandatory");
    const bool presence = node->nodetype == LYS_CONTAINER;
    if (presence && ((node->flags ^ twin->flags) & LYS_PRESENCE) != 0) complain(where, "presence");
  }

  static const lysc_type* type_of(const lysc_node* node) {
    if (node->nodetype == LYS_LEAF) return reinterpret_cast<const lysc_node_leaf*>(node)->type;
    if (node->nodetype == LYS_LEAFLIST)
      return reinterpret_cast<const lysc_node_leaflist*>(node)->type;
    return nullptr;
  }

  void compare_types(const lysc_node* node, const lysc_node* twin, const std::string& where) {
    const lysc_type* ours = type_of(node);
    if (ours != nullptr) compare_type(ours, type_of(twin), where);
  }

  void compare_type(const lysc_type* ours, const lysc_type* real, const std::string& where) {
    if (ours->basetype != real->basetype) {
      complain(where, "base type");
    } else if (ours->basetype == LY_TYPE_ENUM) {
      compare_enums(reinterpret_cast<const lysc_type_enum*>(ours),
                    reinterpret_cast<const lysc_type_enum*>(real), where);
    } else if (ours->basetype == LY_TYPE_DEC64) {
      if (reinterpret_cast<const lysc_type_dec*>(ours)->fraction_digits !=
          reinterpret_cast<const lysc_type_dec*>(real)->fraction_digits)
        complain(where, "fraction-digits");
    } else if (ours->basetype == LY_TYPE_UNION) {
      compare_unions(reinterpret_cast<const lysc_type_union*>(ours),
                     reinterpret_cast<const lysc_type_union*>(real), where);
    }
  }

  void compare_enums(const lysc_type_enum* ours, const lysc_type_enum* real,
                     const std::string& where) {
    std::set<std::pair<std::string, std::int32_t>> known;
    LY_ARRAY_COUNT_TYPE i = 0;
    LY_ARRAY_FOR(real->enums, i) known.emplace(real->enums[i].name, real->enums[i].value);
    LY_ARRAY_FOR(ours->enums, i) {
      if (!known.contains({ours->enums[i].name, ours->enums[i].value}))
        complain(where, std::string{"enum "} + ours->enums[i].name);
    }
  }

  /// Each member of ours must be a member there; both may be unions of many.
  void compare_unions(const lysc_type_union* ours, const lysc_type_union* real,
                      const std::string& where) {
    LY_ARRAY_COUNT_TYPE i = 0;
    LY_ARRAY_FOR(ours->types, i) {
      bool found = false;
      LY_ARRAY_COUNT_TYPE j = 0;
      LY_ARRAY_FOR(real->types, j) {
        if (real->types[j]->basetype != ours->types[i]->basetype) continue;
        Comparison attempt{m_real};
        attempt.compare_type(ours->types[i], real->types[j], where);
        found = found || attempt.differences().empty();
      }
      if (!found) complain(where, "a member of the union");
    }
  }

  const ly_ctx* m_real;
  std::vector<std::string> m_differences;
  std::size_t m_nodes = 0;
};

class Conformance : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (std::filesystem::exists(kReal)) s_real = load({kReal}, true);
  }
  static void TearDownTestSuite() { s_real.reset(); }

  void SetUp() override {
    if (!std::filesystem::exists(kReal))
      GTEST_SKIP() << "the IOS XE 17.15.1 YANG modules are not at ../shared/yang-xe/17151";
    ASSERT_NE(s_real, nullptr);
  }

  static std::vector<std::string> differences_of(const std::vector<std::string>& folders) {
    const ContextPtr ours = load(folders, false);
    if (ours == nullptr) return {"does not compile"};
    Comparison comparison{s_real.get()};
    comparison.run(ours.get());
    EXPECT_GT(comparison.nodes(), 250U);
    return comparison.differences();
  }

  static ContextPtr s_real;
};

ContextPtr Conformance::s_real;

TEST_F(Conformance, EveryNodeOfTheProjectionIsOnTheDevice) {
  for (const std::string& difference : differences_of({kOurs, kIetf})) ADD_FAILURE() << difference;
}

/// The control: a projection with three mistakes must be caught at each of them.
TEST_F(Conformance, AWrongProjectionIsCaught) {
  const std::string folder = testing::TempDir() + "/wanwise-wrong-projection";
  std::filesystem::remove_all(folder);
  std::filesystem::copy(kOurs, folder);
  const auto spoil = [&](const std::string& file, const std::string& what,
                         const std::string& with) {
    std::ifstream in{folder + "/" + file};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    const std::size_t at = text.find(what);
    ASSERT_NE(at, std::string::npos);
    std::ofstream{folder + "/" + file} << text.replace(at, what.size(), with);
  };
  spoil("Cisco-IOS-XE-native.yang", "leaf hostname {", "leaf hostnames {");
  spoil("Cisco-IOS-XE-policy.yang", "enum ef { value 46; }", "enum ef { value 47; }");
  spoil("Cisco-IOS-XE-cellwan-oper.yang", "type int16;", "type int32;");
  const auto found = differences_of({folder, kIetf});
  EXPECT_TRUE(std::any_of(found.begin(), found.end(), [](const std::string& difference) {
    return difference.find("hostnames: does not exist") != std::string::npos;
  }));
  EXPECT_TRUE(std::any_of(found.begin(), found.end(), [](const std::string& difference) {
    return difference.find("base type") != std::string::npos;
  }));
  EXPECT_TRUE(std::any_of(found.begin(), found.end(), [](const std::string& difference) {
    return difference.find("a member of the union") != std::string::npos;
  }));
  std::filesystem::remove_all(folder);
}

/// Parse-only, then validation: in one step libyang 2.1.30 crashes on some policy maps.
std::string refusal_of(const ly_ctx* context, const std::string& native, bool whole) {
  lyd_node* parsed = nullptr;
  LY_ERR failed = lyd_parse_data_mem(context, native.c_str(), LYD_XML,
                                     LYD_PARSE_ONLY | LYD_PARSE_STRICT, 0, &parsed);
  if (failed == LY_SUCCESS && whole)
    failed =
        lyd_validate_all(&parsed, nullptr, LYD_VALIDATE_NO_STATE | LYD_VALIDATE_PRESENT, nullptr);
  const TreePtr tree{parsed};
  return failed == LY_SUCCESS ? "" : last_error(context) + "\n" + native;
}

TEST_F(Conformance, TheDeviceTakesEveryWholeConfiguration) {
  EXPECT_EQ(refusal_of(s_real.get(), render_xml(samples::site_qos()).value(), true), "");
  for (std::uint32_t seed = 0; seed < 100; ++seed) {
    RouterConfig config;
    const core::RouterQos qos = samples::Generator{seed}.steered(config);
    const std::string native = render_xml(qos, paths_of(config)).value();
    if (native.empty()) continue;
    ASSERT_EQ(refusal_of(s_real.get(), native, true), "") << seed;
  }
}

/// An edit names only what changes, so only its nodes and values can be checked, not its wholeness.
TEST_F(Conformance, TheDeviceKnowsEveryNodeOfEveryEdit) {
  Mqc before;
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    RouterConfig config;
    const core::RouterQos qos = samples::Generator{seed}.steered(config);
    const Mqc after = to_mqc(qos, paths_of(config)).value();
    for (const auto& edit : {edit_native(before, after), edit_native(after, {})}) {
      if (!edit) continue;
      ASSERT_EQ(refusal_of(s_real.get(), *edit, false), "") << seed;
    }
    before = after;
  }
}

TEST_F(Conformance, AWrongConfigurationIsRefused) {
  const std::string good = render_xml(samples::site_qos()).value();
  const auto with = [&](const std::string& what, const std::string& instead) {
    std::string text = good;
    return refusal_of(s_real.get(), text.replace(text.find(what), what.size(), instead), true);
  };
  EXPECT_NE(with("<prematch>match-any</prematch>", ""), "");
  EXPECT_NE(with("<percent>30</percent>", "<percent>300</percent>"), "");
  EXPECT_NE(with("<output>WANWISE-PM-LTE</output>", "<output>WANWISE-PM-GONE</output>"), "");
}

}  // namespace
}  // namespace wanwise::iosxe
