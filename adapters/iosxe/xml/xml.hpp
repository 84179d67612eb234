// XML of NETCONF messages: text -> a read-only tree of elements, and a writer for requests.
// Elements only, by local name and namespace, without any schema: what a router sends may not fit
// its own models, so types are checked where a value is used. Parsing is bounded (depth, elements)
// and takes no DTD. Pure; a document belongs to its holder, any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/expected.hpp"

struct lyd_node;

namespace wanwise::iosxe {

/// The deepest path read is 12 elements below the reply; 64 leaves room for any model and keeps the
/// parser's recursion small.
inline constexpr std::size_t kMaxXmlDepth = 64;
/// 40 interfaces with their queues are 37,000 elements; the parser takes about 340 bytes for one.
inline constexpr std::size_t kMaxXmlElements = 200'000;

/// A view of one element; valid while its document lives. A default one is "no such element": all
/// questions to it are answered with nothing, so paths need no check at each step.
class XmlNode {
 public:
  XmlNode() = default;
  explicit XmlNode(const lyd_node* node) : m_node(node) {}

  explicit operator bool() const { return m_node != nullptr; }
  [[nodiscard]] std::string_view name() const;
  [[nodiscard]] std::string_view ns() const;
  /// Text of the element without white space around it; empty when it has none.
  [[nodiscard]] std::string_view text() const;
  /// First child of that name. Siblings of one name in several namespaces do not occur in the paths
  /// that are read, so the namespace is asked for at the roots only.
  [[nodiscard]] XmlNode child(std::string_view name) const;
  [[nodiscard]] std::vector<XmlNode> children() const;
  [[nodiscard]] std::vector<XmlNode> children(std::string_view name) const;

 private:
  const lyd_node* m_node = nullptr;
};

class XmlDocument {
 public:
  /// protocol-error when the text is not one well-formed element with a namespace (NETCONF has no
  /// other), within the limits.
  [[nodiscard]] static core::Expected<XmlDocument> parse(std::string_view text);

  XmlDocument(XmlDocument&&) noexcept;
  XmlDocument& operator=(XmlDocument&&) noexcept;
  ~XmlDocument();

  [[nodiscard]] XmlNode root() const;

 private:
  struct Tree;
  explicit XmlDocument(std::unique_ptr<Tree> tree);
  std::unique_ptr<Tree> m_tree;
};

/// Builds XML text. Elements close in the order they opened; text and attributes are escaped.
class XmlWriter {
 public:
  XmlWriter& open(std::string_view name, std::string_view ns = {},
                  std::string_view attributes = {});
  XmlWriter& close();
  XmlWriter& leaf(std::string_view name, std::string_view text, std::string_view ns = {});
  XmlWriter& empty(std::string_view name);
  /// Text that is XML already.
  XmlWriter& raw(std::string_view xml);
  [[nodiscard]] std::string take();

 private:
  std::string m_text;
  std::vector<std::string> m_open;
};

[[nodiscard]] std::string escape_xml(std::string_view text);

}  // namespace wanwise::iosxe
