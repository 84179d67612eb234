// What spans documents: which policy a site gets, and whether all they name is there. Pure; any
// thread.
#pragma once

#include <vector>

#include "engine/policy/document.hpp"

namespace wanwise::policy {

struct Library {
  std::vector<Document> policies;
  std::vector<Document> sites;
  std::vector<Document> profiles;
  bool complete = true;  ///< false: a document could not be read, so absence proves nothing
};

/// Site and its policy, as indices into the library.
struct Pairing {
  std::size_t site = 0;
  std::size_t policy = 0;
};

/// Every finding goes to the report; the pairings are right when there is none.
[[nodiscard]] std::vector<Pairing> resolve(Library& library, Report& report);

}  // namespace wanwise::policy
