#include "adapters/iosxe/xml/xml.hpp"

#include <utility>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/xml/libyang.hpp"
#include "engine/core/check.hpp"

namespace wanwise::iosxe {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

/// Walks the markup once to bound what the recursive parser will be asked to do.
class MarkupScan {
 public:
  explicit MarkupScan(std::string_view text) : m_text(text) {}

  /// What is wrong, or nothing.
  std::string run() {
    while ((m_at = m_text.find('<', m_at)) != std::string_view::npos) {
      if (const std::string wrong = markup(); !wrong.empty()) return wrong;
    }
    return m_elements == 0 ? "no element" : "";
  }

 private:
  bool skip(std::string_view begin, std::string_view end) {
    if (!m_text.substr(m_at).starts_with(begin)) return false;
    const std::size_t stop = m_text.find(end, m_at + begin.size());
    m_at = stop == std::string_view::npos ? m_text.size() : stop + end.size();
    return true;
  }

  std::string markup() {
    if (skip("<!--", "-->") || skip("<![CDATA[", "]]>") || skip("<?", "?>")) return {};
    if (m_text.substr(m_at).starts_with("<!")) return "a document type is not allowed";
    if (m_text.substr(m_at).starts_with("</")) {
      if (m_depth > 0) --m_depth;
      return ++m_at, std::string{};
    }
    if (++m_elements > kMaxXmlElements) return "too many elements";
    if (!tag_is_empty() && ++m_depth > kMaxXmlDepth) return "nested too deeply";
    return {};
  }

  /// Moves behind the tag; true for <x/>.
  bool tag_is_empty() {
    char quote = 0;
    for (++m_at; m_at < m_text.size(); ++m_at) {
      const char c = m_text[m_at];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '>') {
        return m_text[m_at++ - 1] == '/';
      }
    }
    return false;
  }

  std::string_view m_text;
  std::size_t m_at = 0;
  std::size_t m_depth = 0;
  std::size_t m_elements = 0;
};

/// A context without modules: everything becomes schema-less ("opaque") nodes. Nobody changes it
/// after its making, so that all threads share it.
const ly_ctx* bare_context() {
  static const ContextPtr context = [] {
    silence_libyang();
    ly_ctx* made = nullptr;
    const LY_ERR failed =
        ly_ctx_new(nullptr, LY_CTX_NO_YANGLIBRARY | LY_CTX_DISABLE_SEARCHDIR_CWD, &made);
    WANWISE_CHECK(failed == LY_SUCCESS);
    return ContextPtr{made};
  }();
  return context.get();
}

const lyd_node_opaq* opaque(const lyd_node* node) {
  return reinterpret_cast<const lyd_node_opaq*>(node);  // schema == NULL: libyang's own downcast
}

}  // namespace

struct XmlDocument::Tree {
  TreePtr root;
};

XmlDocument::XmlDocument(std::unique_ptr<Tree> tree) : m_tree(std::move(tree)) {}
XmlDocument::XmlDocument(XmlDocument&&) noexcept = default;
XmlDocument& XmlDocument::operator=(XmlDocument&&) noexcept = default;
XmlDocument::~XmlDocument() = default;

core::Expected<XmlDocument> XmlDocument::parse(std::string_view text) {
  text = trim(text);
  if (text.find('\0') != std::string_view::npos)
    return core::fail(errors::kProtocolError, "XML: a zero byte");
  if (const std::string wrong = MarkupScan{text}.run(); !wrong.empty())
    return core::fail(errors::kProtocolError, "XML: " + wrong);
  lyd_node* parsed = nullptr;
  const std::string zero_ended{text};
  const LY_ERR failed = lyd_parse_data_mem(bare_context(), zero_ended.c_str(), LYD_XML,
                                           LYD_PARSE_ONLY | LYD_PARSE_OPAQ, 0, &parsed);
  auto tree = std::make_unique<Tree>(Tree{TreePtr{parsed}});
  if (failed != LY_SUCCESS)
    return core::fail(errors::kProtocolError, "XML: " + last_error(bare_context()));
  if (parsed == nullptr || parsed->schema != nullptr || parsed->next != nullptr)
    return core::fail(errors::kProtocolError, "XML: not one element");
  return XmlDocument{std::move(tree)};
}

XmlNode XmlDocument::root() const {
  return XmlNode{m_tree->root.get()};
}

std::string_view XmlNode::name() const {
  return m_node != nullptr ? opaque(m_node)->name.name : std::string_view{};
}

std::string_view XmlNode::ns() const {
  const char* ns = m_node != nullptr ? opaque(m_node)->name.module_ns : nullptr;
  return ns != nullptr ? ns : std::string_view{};
}

std::string_view XmlNode::text() const {
  const char* value = m_node != nullptr ? opaque(m_node)->value : nullptr;
  return value != nullptr ? trim(value) : std::string_view{};
}

XmlNode XmlNode::child(std::string_view wanted) const {
  if (m_node == nullptr) return {};
  for (const lyd_node* node = lyd_child(m_node); node != nullptr; node = node->next) {
    const XmlNode candidate{node};
    if (node->schema == nullptr && candidate.name() == wanted) return candidate;
  }
  return {};
}

std::vector<XmlNode> XmlNode::children() const {
  std::vector<XmlNode> all;
  if (m_node == nullptr) return all;
  for (const lyd_node* node = lyd_child(m_node); node != nullptr; node = node->next) {
    if (node->schema == nullptr) all.emplace_back(node);
  }
  return all;
}

std::vector<XmlNode> XmlNode::children(std::string_view wanted) const {
  std::vector<XmlNode> all = children();
  std::erase_if(all, [&](const XmlNode& node) { return node.name() != wanted; });
  return all;
}

XmlWriter& XmlWriter::open(std::string_view name, std::string_view ns,
                           std::string_view attributes) {
  m_text.append("<").append(name);
  if (!ns.empty()) m_text.append(" xmlns=\"").append(ns).append("\"");
  if (!attributes.empty()) m_text.append(" ").append(attributes);
  m_text.append(">");
  m_open.emplace_back(name);
  return *this;
}

XmlWriter& XmlWriter::close() {
  WANWISE_CHECK(!m_open.empty());
  m_text.append("</").append(m_open.back()).append(">");
  m_open.pop_back();
  return *this;
}

XmlWriter& XmlWriter::leaf(std::string_view name, std::string_view text, std::string_view ns) {
  return open(name, ns).raw(escape_xml(text)).close();
}

XmlWriter& XmlWriter::empty(std::string_view name) {
  m_text.append("<").append(name).append("/>");
  return *this;
}

XmlWriter& XmlWriter::raw(std::string_view xml) {
  m_text.append(xml);
  return *this;
}

std::string XmlWriter::take() {
  WANWISE_CHECK(m_open.empty());
  return std::exchange(m_text, {});
}

std::string escape_xml(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace wanwise::iosxe
