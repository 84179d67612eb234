// What adapters work around comes as counts that only grow. This tells which lacks are new, for the
// journal, and which are present, for the status: a lack that has not occurred for a while is over.
// One owner.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/status.hpp"
#include "engine/core/units.hpp"

namespace wanwise::cli {

/// A named lack of one adapter, and how often it has occurred so far.
struct Lack {
  core::Degradation what;
  std::uint64_t count = 0;
};

class LackWatch {
 public:
  /// Ten telemetry periods without it: it is over.
  static constexpr core::Micros kOver = core::seconds(10);

  /// Takes the counts of now; gives back the lacks that were never seen before.
  [[nodiscard]] std::vector<core::Degradation> look(const std::vector<Lack>& lacks,
                                                    core::Instant now);
  [[nodiscard]] std::vector<core::Degradation> present(core::Instant now) const;

 private:
  struct Seen {
    Lack last;
    core::Instant grew_at;
  };
  /// By code and subject: the adapters' codes times the site's routers.
  std::map<std::pair<std::string, std::string>, Seen> m_seen;
};

}  // namespace wanwise::cli
