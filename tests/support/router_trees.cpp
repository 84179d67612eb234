#include "tests/support/router_trees.hpp"

#include <cstdio>

#include "engine/core/check.hpp"
#include "sim/router/config/edit.hpp"

namespace wanwise::test {
namespace {

constexpr const char* kPolicyNs = " xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-policy\"";

}  // namespace

const ly_ctx* router_context() {
  static const auto loaded = router::load_modules(std::string(WANWISE_SOURCE_DIR) + "/yang",
                                                  {.datastore = router::Datastore::candidate});
  return loaded.value().get();
}

router::Tree parse_edit(const std::string& xml) {
  lyd_node* first = nullptr;
  const LY_ERR done = lyd_parse_data_mem(router_context(), xml.c_str(), LYD_XML,
                                         LYD_PARSE_ONLY | LYD_PARSE_OPAQ, 0, &first);
  if (done != LY_SUCCESS) {
    std::fprintf(stderr, "%s\n%s\n", xml.c_str(), ly_errmsg(router_context()));
  }
  WANWISE_CHECK(done == LY_SUCCESS);
  return router::Tree(first);
}

router::Tree parse_config(const std::string& xml) {
  router::Tree tree = parse_edit(xml);
  WANWISE_CHECK(router::validate_config(router_context(), tree).has_value());
  return tree;
}

std::string print(const router::Tree& tree) {
  char* text = nullptr;
  lyd_print_mem(&text, tree.get(), LYD_XML,
                LYD_PRINT_WITHSIBLINGS | LYD_PRINT_SHRINK | LYD_PRINT_WD_EXPLICIT);
  return router::take_text(text);
}

std::string native(const std::string& inside) {
  return "<native xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-native\" "
         "xmlns:nc=\"urn:ietf:params:xml:ns:netconf:base:1.0\" "
         "xmlns:yang=\"urn:ietf:params:xml:ns:yang:1\">" +
         inside + "</native>";
}

std::string acl(const std::string& name) {
  return "<ip><access-list><extended xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-acl\"><name>" +
         name +
         "</name><access-list-seq-rule><sequence>10</sequence><ace-rule><action>permit</action>"
         "<protocol>tcp</protocol><ipv4-address>192.168.50.0</ipv4-address><mask>0.0.0.255</mask>"
         "<dst-host-address>203.0.113.10</dst-host-address><dst-eq>8443</dst-eq></ace-rule>"
         "</access-list-seq-rule></extended></access-list></ip>";
}

std::string dscp_class(const std::string& name, const std::string& dscp) {
  return std::string("<class-map") + kPolicyNs + "><name>" + name +
         "</name><prematch>match-any</prematch><match><dscp>" + dscp +
         "</dscp></match></class-map>";
}

std::string acl_class(const std::string& name, const std::string& acl_name) {
  return std::string("<class-map") + kPolicyNs + "><name>" + name +
         "</name><prematch>match-any</prematch><match><access-group><name>" + acl_name +
         "</name></access-group></match></class-map>";
}

std::string policy_map(const std::string& name, const std::string& classes) {
  return std::string("<policy-map") + kPolicyNs + "><name>" + name + "</name>" + classes +
         "</policy-map>";
}

std::string policy_class(const std::string& name, const std::string& actions) {
  return "<class><name>" + name + "</name>" + actions + "</class>";
}

std::string set_dscp(const std::string& dscp) {
  return "<action-list><action-type>set</action-type><set><dscp><dscp-val>" + dscp +
         "</dscp-val></dscp></set></action-list>";
}

std::string priority_percent(int percent) {
  return "<action-list><action-type>priority</action-type><priority><percent>" +
         std::to_string(percent) + "</percent></priority></action-list>";
}

std::string remaining_percent(int percent) {
  return "<action-list><action-type>bandwidth</action-type><bandwidth><remaining>"
         "<rem-option>percent</rem-option><percent>" +
         std::to_string(percent) + "</percent></remaining></bandwidth></action-list>";
}

std::string shape(const std::string& bps) {
  return "<action-list><action-type>shape</action-type><shape><average><bit-rate>" + bps +
         "</bit-rate></average></shape></action-list>";
}

std::string child_policy(const std::string& name) {
  return "<action-list><action-type>service-policy</action-type><service-policy>" + name +
         "</service-policy></action-list>";
}

std::string attach(const std::string& type, const std::string& number, const std::string& direction,
                   const std::string& policy) {
  return "<interface><" + type + "><name>" + number + "</name><service-policy" + kPolicyNs + "><" +
         direction + ">" + policy + "</" + direction + "></service-policy></" + type +
         "></interface>";
}

std::string whole_qos() {
  const std::string policies =
      acl_class("WANWISE-CM-IN", "WANWISE-ACL") + dscp_class("WANWISE-CM-RT", "ef") +
      dscp_class("WANWISE-CM-BULK", "cs1") +
      policy_map("WANWISE-PM-IN", policy_class("WANWISE-CM-IN", set_dscp("ef"))) +
      policy_map("WANWISE-PM-CHILD", policy_class("WANWISE-CM-RT", priority_percent(30)) +
                                         policy_class("WANWISE-CM-BULK", remaining_percent(20)) +
                                         policy_class("class-default", remaining_percent(80))) +
      policy_map(
          "WANWISE-PM-WAN",
          policy_class("class-default", shape("20000000") + child_policy("WANWISE-PM-CHILD")));
  const std::string ports = attach("Cellular", "0/1/0", "output", "WANWISE-PM-WAN");
  const std::string lan = attach("Vlan", "1", "input", "WANWISE-PM-IN");
  return native(acl("WANWISE-ACL") + "<policy>" + policies + "</policy>" +
                ports.substr(0, ports.size() - 12) + lan.substr(11));
}

}  // namespace wanwise::test
