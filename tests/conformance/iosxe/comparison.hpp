// Compares our projection with a release, node by node: every node of ours must be there with the
// same meaning. What we write must be allowed there (our ranges and enums within theirs), what we
// read must be known here (their ranges within ours). Pure; one thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "adapters/iosxe/xml/libyang.hpp"

namespace wanwise::iosxe::conformance {

struct Difference {
  std::string path;    ///< schema path of ours, choices and cases included; or a module's name
  std::string what;    ///< one of a few words: "absent", "base type", "range", …
  std::string detail;  ///< which value or name
  auto operator<=>(const Difference&) const = default;
};
[[nodiscard]] std::string to_string(const Difference& difference);

struct Compared {
  std::vector<Difference> differences;
  std::size_t nodes = 0;
};

/// `modules` are the ones compared; those of `absent` are no difference here.
[[nodiscard]] Compared compare(const ly_ctx* ours, const ly_ctx* real,
                               const std::vector<std::string>& modules,
                               const std::vector<std::string>& absent);

/// What of `real` a value of our type could break, or the other way round where it is read.
[[nodiscard]] std::vector<Difference> compare_types(const lysc_type* ours, const lysc_type* real,
                                                    const std::string& where, bool written);

}  // namespace wanwise::iosxe::conformance
