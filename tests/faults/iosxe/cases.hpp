// The fault matrix as data: every request of the write path x everything that can become of it, for
// each way the adapter has of changing a router. Pure.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace wanwise::test {

/// What the router offers, and so which way the adapter takes.
enum class WriteMode { confirmed, candidate, checkpoint, running };

[[nodiscard]] const char* name_of(WriteMode mode);
/// Options of the emulator.
[[nodiscard]] std::vector<std::string> options_of(WriteMode mode);

struct FaultCase {
  WriteMode mode = WriteMode::confirmed;
  std::string name;                ///< "commit1_cut_during": a GoogleTest parameter name
  std::vector<std::string> rules;  ///< of the fault script
  std::vector<std::string> fires;  ///< the lines the router tells, in their order
  bool ends_session = false;       ///< so that there will be another one
  bool hangs = false;              ///< the write ends by its deadline
  bool kill = false;               ///< wanwise is killed when the last fault has fired
  std::string reason{};            ///< why the write failed; empty: whatever fits the router
};
std::ostream& operator<<(std::ostream& out, const FaultCase& fault);

[[nodiscard]] std::vector<FaultCase> fault_cases(WriteMode mode);

}  // namespace wanwise::test
