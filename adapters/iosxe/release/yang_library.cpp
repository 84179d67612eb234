#include "adapters/iosxe/release/yang_library.hpp"

#include <algorithm>

#include "adapters/iosxe/xml/namespaces.hpp"

namespace wanwise::iosxe {
namespace {

void read_modules(const XmlNode& parent, ModuleRevisions& found) {
  for (const XmlNode& module : parent.children("module")) {
    if (module.child("conformance-type").text() == "import") continue;
    const std::string_view name = module.child("name").text();
    if (!telling_modules().contains(name)) continue;
    // Two revisions of one implemented module do not occur (RFC 7950 5.6.5); the newer would count.
    std::string& revision = found[std::string{name}];
    revision = std::max(revision, std::string{module.child("revision").text()});
  }
}

}  // namespace

std::string get_library(LibraryTree tree) {
  XmlWriter out;
  out.open("get").open("filter", {}, "type=\"subtree\"");
  const bool state = tree == LibraryTree::modules_state;
  out.open(state ? "modules-state" : "yang-library", ns::kYangLibrary);
  if (!state) out.open("module-set");
  for (const std::string_view name : telling_modules()) {
    out.open("module").leaf("name", name).empty("revision");
    if (state) out.empty("conformance-type");  // RFC 8525 keeps imports in a list of their own
    out.close();
  }
  if (!state) out.close();
  return out.close().close().close().take();
}

ModuleRevisions read_library(const XmlNode& data) {
  ModuleRevisions found;
  for (const XmlNode& root : data.children()) {
    if (root.ns() != ns::kYangLibrary) continue;
    if (root.name() == "modules-state") {
      read_modules(root, found);
    } else if (root.name() == "yang-library") {
      for (const XmlNode& set : root.children("module-set")) read_modules(set, found);
    }
  }
  return found;
}

}  // namespace wanwise::iosxe
