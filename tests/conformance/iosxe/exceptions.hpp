// Where releases are known to differ from our projection, and why that is no mistake: data, keyed
// by what a release has (revisions of its modules), never by its number. Immutable; any thread.
#pragma once

#include <string>
#include <vector>

#include "tests/conformance/iosxe/comparison.hpp"
#include "tests/conformance/iosxe/release.hpp"

namespace wanwise::iosxe::conformance {

struct Exception {
  std::string path;    ///< schema path, or a module's name
  const char* what;    ///< Difference::what
  const char* module;  ///< whose revision decides whether the exception applies:
  const char* from;    ///< … this one and later; "" is the first
  const char* before;  ///< … older than this; "" is none
  const char* reason;

  [[nodiscard]] bool applies_to(const LoadedRelease& release) const;
  [[nodiscard]] bool excuses(const Difference& difference) const;
};

[[nodiscard]] const std::vector<Exception>& exceptions();

struct Verdict {
  std::vector<std::string> faults;   ///< differences without an exception, exceptions without one
  std::vector<std::string> excused;  ///< differences with their reason
};
[[nodiscard]] Verdict judge(const LoadedRelease& release,
                            const std::vector<Difference>& differences);

}  // namespace wanwise::iosxe::conformance
