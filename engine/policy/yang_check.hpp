// Checks documents against yang/wanwise-*.yang with libyang, and maps what libyang finds back to
// the place in the YAML. One owner; not thread-safe.
//
// Who checks what, in this order:
//   yaml_text, yaml_reader  bytes, syntax, what YAML makes dangerous
//   shape                   unknown and missing keys, one-of keys, types, units, words, empty lists
//   YANG, value by value    ranges, lengths and patterns: they stand in the modules only
//   *_document              names and other keys that must be unique, references inside a document,
//                           queue shares, degradation ladder: with names and places YANG cannot
//                           tell
//   YANG, whole document    `must` relations between values and `max-elements`: they stand in the
//                           modules only. mandatory, leafref, unique, choice and min-elements stand
//                           there too, for other users of the modules, and as a net under the
//                           checks above: what those should have told first is told here
//   resolve                 what spans documents: policy and site, devices, models, targets,
//   sources
#pragma once

#include <memory>
#include <string>

#include "engine/policy/report.hpp"
#include "engine/policy/shape.hpp"

namespace wanwise::policy {

class YangCheck {
 public:
  /// A schema that cannot be loaded is reported at `schema_dir`; ok() is false then and the checks
  /// find nothing.
  YangCheck(const std::string& schema_dir, Report& report);
  ~YangCheck();
  YangCheck(const YangCheck&) = delete;
  YangCheck& operator=(const YangCheck&) = delete;

  [[nodiscard]] bool ok() const;

  /// Each value on its own, against module wanwise-`kind`, container `kind`. Marks what is wrong as
  /// refused.
  void check_values(const std::string& file, const std::string& kind, Value& root, Report& report);
  /// The document as a whole. `clean`: nothing was found in it before.
  void check_document(const std::string& file, const std::string& kind, Value& root, bool clean,
                      Report& report);

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace wanwise::policy
