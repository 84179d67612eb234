#include "adapters/iosxe/xml/print.hpp"

namespace wanwise::iosxe {
namespace {

void print_children(XmlWriter& out, const XmlNode& node) {
  const auto children = node.children();
  if (children.empty()) out.raw(escape_xml(node.text()));
  for (const XmlNode& child : children) {
    const bool same = child.ns() == node.ns();  // inherited, as a person would write it
    out.open(child.name(), same ? std::string_view{} : child.ns());
    print_children(out, child);
    out.close();
  }
}

}  // namespace

std::string print_xml(const XmlNode& node, std::string_view attributes) {
  XmlWriter out;
  out.open(node.name(), node.ns(), attributes);
  print_children(out, node);
  return out.close().take();
}

}  // namespace wanwise::iosxe
