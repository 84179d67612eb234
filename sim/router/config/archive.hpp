// The configuration archive of IOS (`archive config`, `configure replace`) behind cisco-ia's
// checkpoint, rollback and revert: snapshots of running, and a replacement that takes itself back
// unless somebody confirms in time. Thread-safe; the datastores outlive it.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "sim/router/config/datastores.hpp"

namespace wanwise::router {

/// `archive maximum` of IOS when nothing is configured.
inline constexpr std::size_t kMaxArchives = 10;

class Archive {
 public:
  explicit Archive(Datastores& datastores) : m_datastores(datastores) {}

  struct File {
    std::uint16_t number = 0;
    std::string name;
  };

  /// Keeps running; the oldest of more than kMaxArchives goes. Its name.
  std::string checkpoint();
  /// Replaces running by a file of the archive; with `revert_after` the old one comes back then.
  [[nodiscard]] Outcome roll_back(const std::string& file,
                                  std::optional<std::chrono::minutes> revert_after,
                                  SessionId session, SteadyTime now);
  /// Takes the timed replacement back at once.
  [[nodiscard]] Outcome revert();
  /// Gives it another time.
  [[nodiscard]] Outcome revert_after(std::chrono::minutes time, SteadyTime now);
  void check_deadline(SteadyTime now);

  /// Oldest first.
  [[nodiscard]] std::vector<File> files() const;

 private:
  struct Kept {
    File file;
    Tree config;
  };
  struct Timed {
    Tree previous;
    SteadyTime deadline;
  };
  [[nodiscard]] std::optional<Timed> take_timed();

  Datastores& m_datastores;
  mutable std::mutex m_mutex;
  std::deque<Kept> m_kept;
  std::uint16_t m_last = 0;
  std::optional<Timed> m_timed;
};

}  // namespace wanwise::router
