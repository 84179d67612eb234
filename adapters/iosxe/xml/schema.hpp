// Our own small YANG context: the configuration part of the projection (yang/iosxe), never a
// router's hundreds of modules. What wanwise is about to send is checked against it first, so that
// a mistake of ours is found here and not half-way on a router. Immutable after load(); may be
// shared by threads.
#pragma once

#include <memory>
#include <string>

#include "engine/core/expected.hpp"

namespace wanwise::iosxe {

class Schema {
 public:
  /// `yang_dir` is our yang/ folder with iosxe/ and ietf/ in it. schema-failed with libyang's
  /// words.
  [[nodiscard]] static core::Expected<std::shared_ptr<const Schema>> load(
      const std::string& yang_dir);

  ~Schema();
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;

  /// A whole configuration (`<native>…</native>`), not an edit of one: invalid-qos with the
  /// reason.
  [[nodiscard]] core::Expected<void> check_config(const std::string& native) const;

 private:
  struct Context;
  explicit Schema(std::unique_ptr<Context> context);
  std::unique_ptr<Context> m_context;
};

}  // namespace wanwise::iosxe
