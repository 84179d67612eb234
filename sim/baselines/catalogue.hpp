// Every policy a study can compare, by name: what it stands for, where that is published, and which
// parameters it takes with their published values as defaults. Pure; any thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/expected.hpp"
#include "engine/core/model.hpp"
#include "sim/baselines/controller.hpp"
#include "sim/world/scenario.hpp"
#include "sim/world/world.hpp"

namespace wanwise::sim {

struct PolicyParameter {
  std::string name;      ///< "poll-interval"
  std::string standard;  ///< "10min": the published value
  std::string says;      ///< one line: meaning and allowed values
};

enum class PolicyKind : std::uint8_t {
  wanwise,  ///< the engine, whole or with something taken away
  fixed,    ///< decides nothing at run time
  compute,  ///< sees the targets' half of the state
  network,  ///< sees the links' half of the state
  both,
  clairvoyant,
};

struct PolicyEntry {
  std::string name;  ///< "sdwan-aar"
  PolicyKind kind = PolicyKind::fixed;
  std::string stands_for;  ///< one line
  std::string citation;    ///< document, RFC, paper or source file with version
  std::vector<PolicyParameter> parameters;
};

/// Sorted by name.
[[nodiscard]] const std::vector<PolicyEntry>& catalogue();

/// One contender of a study.
struct PolicySpec {
  std::string policy;  ///< of the catalogue
  std::string name;    ///< in tables; unique in a study; usually the same
  std::map<std::string, std::string> parameters;  ///< others have their published values
  bool operator==(const PolicySpec&) const = default;
};

/// Every mistake at once, one a line: unknown policy, unknown parameter, value not allowed.
[[nodiscard]] core::Expected<void> check(const PolicySpec& spec);

/// The truth that only a clairvoyant may use; all must outlive the controller.
struct Foresight {
  const World* world = nullptr;         ///< as it is now
  const WorldConfig* config = nullptr;  ///< with the whole traces
  const std::vector<TimedDisturbance>* story = nullptr;
};

/// Needs check(spec). The model is what the controller believes; it need not be the world's.
[[nodiscard]] std::unique_ptr<Controller> make_controller(const PolicySpec& spec,
                                                          const core::Model& model,
                                                          const Foresight& foresight);

}  // namespace wanwise::sim
