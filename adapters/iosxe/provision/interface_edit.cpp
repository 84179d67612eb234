#include <optional>

#include "adapters/iosxe/provision/provision_edit.hpp"
#include "adapters/iosxe/xml/namespaces.hpp"
#include "engine/core/check.hpp"

namespace wanwise::iosxe {
namespace {

constexpr std::string_view kRemove = "nc:operation=\"remove\"";

/// One interface's part, element by element; nothing where nothing changes.
class InterfaceEdit {
 public:
  InterfaceEdit(const std::string& interface, const Mqc& observed, const Mqc& desired)
      : m_interface(interface), m_observed(observed), m_desired(desired) {}

  void write(XmlWriter& out) {
    XmlWriter content;
    load_interval(content);
    route_map(content);
    XmlWriter policies;
    policy(policies, Side::input, "input");
    policy(policies, Side::output, "output");
    const std::string attached = policies.take();
    if (!attached.empty()) content.open("service-policy", ns::kPolicy).raw(attached).close();
    const std::string all = content.take();
    if (all.empty()) return;
    const auto name = split_interface(m_interface);
    WANWISE_CHECK(name.has_value());
    out.open(name->kind).leaf("name", name->number).raw(all).close();
  }

  [[nodiscard]] bool detaches() const { return m_detaches; }

 private:
  void leaf(XmlWriter& out, std::string_view name, const std::string& text, bool remove) {
    out.open(name, {}, remove ? kRemove : std::string_view{}).raw(escape_xml(text)).close();
  }

  void load_interval(XmlWriter& out) {
    const auto before = m_observed.load_intervals.find(m_interface);
    const auto after = m_desired.load_intervals.find(m_interface);
    const bool was = before != m_observed.load_intervals.end();
    if (after != m_desired.load_intervals.end()) {
      if (!was || before->second != after->second)
        leaf(out, "load-interval", std::to_string(after->second), false);
    } else if (was) {
      leaf(out, "load-interval", std::to_string(before->second), true);
    }
  }

  void route_map(XmlWriter& out) {
    const bool was = m_observed.steering.interfaces.contains(m_interface);
    const bool wanted = m_desired.steering.interfaces.contains(m_interface);
    if (was == wanted) return;
    out.open("ip").open("policy");
    leaf(out, "route-map", std::string{kRouteMap}, !wanted);
    out.close().close();
    m_detaches = m_detaches || !wanted;
  }

  void policy(XmlWriter& out, Side side, std::string_view name) {
    const auto before = m_observed.attachments.find({m_interface, side});
    const auto after = m_desired.attachments.find({m_interface, side});
    const bool was = before != m_observed.attachments.end();
    if (after != m_desired.attachments.end()) {
      if (!was || before->second != after->second) leaf(out, name, after->second, false);
    } else if (was) {
      leaf(out, name, before->second, true);
      m_detaches = true;
    }
  }

  const std::string& m_interface;
  const Mqc& m_observed;
  const Mqc& m_desired;
  bool m_detaches = false;
};

std::set<std::string> interfaces_of(const Mqc& mqc) {
  std::set<std::string> names = mqc.steering.interfaces;
  for (const auto& [where, policy] : mqc.attachments) names.insert(where.first);
  for (const auto& [interface, seconds] : mqc.load_intervals) names.insert(interface);
  return names;
}

}  // namespace

bool edit_interfaces(XmlWriter& out, const Mqc& observed, const Mqc& desired) {
  std::set<std::string> names = interfaces_of(desired);
  // Of a kind wanwise does not write to, nothing can be taken away either.
  for (const std::string& name : interfaces_of(observed)) {
    if (split_interface(name)) names.insert(name);
  }
  bool detaches = false;
  for (const std::string& name : names) {
    InterfaceEdit edit(name, observed, desired);
    edit.write(out);
    detaches = detaches || edit.detaches();
  }
  return detaches;
}

}  // namespace wanwise::iosxe
