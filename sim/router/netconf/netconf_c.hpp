// The one place that includes the C libraries of the emulator (libyang 2.1, libnetconf2 2.0), and
// the owners that free what they hand out. Types of the libraries never leave sim/router. The
// owners are as thread-safe as a pointer; a libyang context may be read by many threads.
#pragma once

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#include <libyang/libyang.h>
#include <nc_server.h>
#pragma GCC diagnostic pop

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

namespace wanwise::router {

struct FreeContext {
  void operator()(ly_ctx* ctx) const { ly_ctx_destroy(ctx); }
};
using YangContext = std::unique_ptr<ly_ctx, FreeContext>;

/// A data tree with all its top-level siblings. `get()` is the first of them, or null when empty.
class Tree {
 public:
  Tree() = default;
  explicit Tree(lyd_node* first) : m_first(first) {}
  Tree(Tree&& other) noexcept : m_first(std::exchange(other.m_first, nullptr)) {}
  Tree& operator=(Tree&& other) noexcept {
    if (this != &other) {
      lyd_free_all(m_first);
      m_first = std::exchange(other.m_first, nullptr);
    }
    return *this;
  }
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;
  ~Tree() { lyd_free_all(m_first); }

  [[nodiscard]] lyd_node* get() const { return m_first; }
  /// For C functions that move the first sibling.
  [[nodiscard]] lyd_node** slot() { return &m_first; }
  [[nodiscard]] lyd_node* release() { return std::exchange(m_first, nullptr); }
  explicit operator bool() const { return m_first != nullptr; }

  /// Flags are kept: validation tells new nodes from old ones by them.
  [[nodiscard]] Tree copy() const {
    lyd_node* out = nullptr;
    if (m_first != nullptr) {
      lyd_dup_siblings(m_first, nullptr, LYD_DUP_RECURSIVE | LYD_DUP_WITH_FLAGS, &out);
    }
    return Tree(out);
  }

 private:
  lyd_node* m_first = nullptr;
};

/// Text that a C library allocated.
inline std::string take_text(char* text) {
  std::string out = text == nullptr ? "" : text;
  std::free(text);
  return out;
}

inline std::string path_of(const lyd_node* node) {
  return node == nullptr ? "" : take_text(lyd_path(node, LYD_PATH_STD, nullptr, 0));
}

inline std::string or_empty(const char* text) {
  return text == nullptr ? "" : text;
}

inline const lyd_node_opaq* as_opaque(const lyd_node* node) {
  return node->schema == nullptr ? reinterpret_cast<const lyd_node_opaq*>(node) : nullptr;
}

}  // namespace wanwise::router
