// What the links' data plans have used, kept over restarts of the daemon in a JSON file that is
// written whole or not at all. What an interface counted while no daemon ran counts too. One owner.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "engine/core/event.hpp"
#include "engine/core/expected.hpp"
#include "engine/core/model.hpp"
#include "engine/core/status.hpp"

namespace wanwise::cli {

/// Seconds of the wall clock since 1970-01-01 UTC. A clock that was set back makes a period end
/// later, by a period at most.
using UnixSeconds = std::int64_t;

class DataPlanBook {
 public:
  /// Pages of the links of `model` that have a data cap. A file that does not exist yet is empty.
  /// Errors: `unreadable`, `bad-state` (the file, what is wrong in it, and what helps).
  static core::Expected<DataPlanBook> open(std::string path, const core::Model& model);

  /// Takes a link's counters. At the first ones of a link with a page: what its plan has used up to
  /// them, to be posted.
  [[nodiscard]] std::optional<core::LinkUsage> observe(const core::LinkCounters& sample,
                                                       UnixSeconds now);

  /// Writes what the engine knows now. Links that were not heard of keep their page. Errors:
  /// `write-failed`; the file is then as it was.
  [[nodiscard]] core::Expected<void> save(const core::Status& status, UnixSeconds now);

 private:
  struct Page {
    core::Bytes used;
    UnixSeconds ends = 0;       ///< of the period
    UnixSeconds saved = 0;      ///< when this was so
    std::uint64_t counted = 0;  ///< tx + rx of the interface at that time
  };
  struct Link {
    core::Micros period;
    std::optional<Page> page;
    std::optional<std::uint64_t> counted;  ///< since this daemon runs
    bool awaits_engine = false;            ///< which has not heard of the page yet
  };

  explicit DataPlanBook(std::string path) : m_path(std::move(path)) {}
  [[nodiscard]] core::Expected<void> read();
  [[nodiscard]] static std::optional<Page> parse_page(const boost::json::value& value);
  [[nodiscard]] static core::LinkUsage usage_of(const core::LinkCounters& sample, const Link& link,
                                                UnixSeconds now);
  static void turn_page(Link& link, const core::LinkStatus& status, UnixSeconds now);

  std::string m_path;
  std::map<core::LinkName, Link> m_links;
};

}  // namespace wanwise::cli
