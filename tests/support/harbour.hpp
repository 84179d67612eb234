// The shipped site `harbour` with the policy smart-city, as the engine gets it. For tests only.
#pragma once

#include <stdexcept>
#include <string>

#include "engine/policy/load.hpp"

namespace wanwise::test {

inline core::Model harbour() {
  const std::string root = WANWISE_SOURCE_DIR;
  const auto texts =
      policy::read_documents({root + "/policies/smart-city.yaml",
                              root + "/policies/sites/harbour.yaml", root + "/policies/profiles"});
  if (!texts) throw std::runtime_error("policies/ cannot be read");
  const auto loaded = policy::load(*texts, root + "/yang");
  if (!loaded || loaded->sites.size() != 1) throw std::runtime_error("policies/ is not valid");
  return loaded->sites.front().model;
}

}  // namespace wanwise::test
