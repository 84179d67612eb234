// How a write ended. A value; any thread.
#pragma once

#include <optional>
#include <string>

#include "adapters/iosxe/mqc/qos_codec.hpp"
#include "engine/core/event.hpp"

namespace wanwise::iosxe {

struct WriteResult {
  core::Outcome outcome = core::Outcome::done;
  std::string reason;  ///< empty when done
  std::string detail;
  std::optional<ObservedConfig> observed;  ///< what the router holds now, where that was read
  bool committed = false;                  ///< running was, or may have been, changed
  std::string save_error;                  ///< why the startup configuration was not written
  std::string effect_unseen;               ///< why the router could not be asked for the effect
  bool validate_unsafe = false;  ///< a commit behind <validate> was answered ok and did nothing
};

/// How a step ended: nothing when the next may follow, or why the write ends here.
using StepEnd = std::optional<WriteResult>;

}  // namespace wanwise::iosxe
