// The modules that libnetconf2's client knows: what describes the requests of this adapter, so that
// they can be sent. What they describe not is refused here, before it is sent. Belongs to one
// thread; connecting changes the context (libnetconf2 2.0.24), so each session has its own.
#pragma once

#include <memory>
#include <string>

#include "engine/core/expected.hpp"

struct ly_ctx;
struct lyd_node;

namespace wanwise::iosxe {

class Netconf2Context {
 public:
  using Tree = std::unique_ptr<lyd_node, void (*)(lyd_node*)>;

  /// `yang_dir` is our yang/ folder; schema-failed.
  [[nodiscard]] static core::Expected<Netconf2Context> load(const std::string& yang_dir);

  /// What stands inside <rpc>; operation-unknown: the modules do not describe it, or not a prefix
  /// in its XPath.
  [[nodiscard]] core::Expected<Tree> parse(const std::string& operation) const;
  [[nodiscard]] ly_ctx* get() const { return m_context.get(); }

 private:
  explicit Netconf2Context(ly_ctx* made);
  std::unique_ptr<ly_ctx, void (*)(ly_ctx*)> m_context;
};

}  // namespace wanwise::iosxe
