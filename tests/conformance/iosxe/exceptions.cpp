#include "tests/conformance/iosxe/exceptions.hpp"

#include <set>
#include <string_view>

namespace wanwise::iosxe::conformance {

bool Exception::applies_to(const LoadedRelease& release) const {
  if (std::string_view{before}.empty()) return true;
  return release.revision(module) < before;
}

bool Exception::excuses(const Difference& difference) const {
  return difference.path == path && difference.what == what;
}

const std::vector<Exception>& exceptions() {
  static const std::vector<Exception> kAll{};
  return kAll;
}

Verdict judge(const LoadedRelease& release, const std::vector<Difference>& differences) {
  Verdict verdict;
  std::set<const Exception*> used;
  for (const Difference& difference : differences) {
    const Exception* excuse = nullptr;
    for (const Exception& one : exceptions()) {
      if (one.excuses(difference) && one.applies_to(release)) excuse = &one;
    }
    if (excuse == nullptr) {
      verdict.faults.push_back(to_string(difference));
      continue;
    }
    used.insert(excuse);
    verdict.excused.push_back(to_string(difference) + ": " + excuse->reason);
  }
  for (const Exception& one : exceptions()) {
    if (one.applies_to(release) && !used.contains(&one))
      verdict.faults.push_back(std::string{"needless exception: "} + one.path + ": " + one.what);
  }
  return verdict;
}

}  // namespace wanwise::iosxe::conformance
