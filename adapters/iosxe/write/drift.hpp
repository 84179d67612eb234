// What somebody else changed in what is ours: the configuration wanwise last wrote, or found when
// it began, against the one that is read. Whether it is put right is the engine's to decide. Pure;
// one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/iosxe/mqc/mqc.hpp"

namespace wanwise::iosxe {

class Drift {
 public:
  /// A write of ours ended, and running holds this.
  void wrote(const Mqc& own);
  /// A write of ours ended in nobody knows what: running may come to hold this.
  void may_have_written(const Mqc& own);

  /// Running was read: what is not as we left it, in words. The first reading is what we begin
  /// with; of that only what wanwise never writes is told.
  [[nodiscard]] std::vector<std::string> altered(const Mqc& seen);

 private:
  std::optional<Mqc> m_own;
  std::optional<Mqc> m_attempted;
};

}  // namespace wanwise::iosxe
