// Named states in which the adapter still works, but with less: values outside their range, no
// push, no radio. Counted by name; the names are compile-time constants, so the set is bounded. A
// value; the port hands out copies under its lock.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace wanwise::iosxe {

namespace degraded {
inline constexpr const char* kInvalidValue = "invalid-value";  ///< outside its YANG type
inline constexpr const char* kOutOfRange = "out-of-range";     ///< fits its type, not physics
inline constexpr const char* kInterfaceMissing = "interface-missing";
inline constexpr const char* kCountersMissing = "counters-missing";
inline constexpr const char* kRadioMissing = "radio-missing";
inline constexpr const char* kProbeMissing = "probe-missing";
inline constexpr const char* kProbeUnusable = "probe-unusable";    ///< a return code of no path
inline constexpr const char* kFeatureMissing = "feature-missing";  ///< by the router's modules
inline constexpr const char* kLibraryUnreadable = "library-unreadable";
inline constexpr const char* kPushSlowed = "push-slowed";  ///< longer period: the router lacks room
inline constexpr const char* kPushSilent = "push-silent";
inline constexpr const char* kPushLate = "push-late";  ///< held up on its way
inline constexpr const char* kNoConfigEvents = "no-config-events";
inline constexpr const char* kNoReactionEvents = "no-reaction-events";
inline constexpr const char* kPushRefused = "push-refused";
inline constexpr const char* kReadFailed = "read-failed";
inline constexpr const char* kBadNotification = "bad-notification";
inline constexpr const char* kSaveFailed = "save-failed";
/// After <validate> the router's commit did nothing; for the session it is asked no more.
inline constexpr const char* kValidateUnsafe = "validate-unsafe";
inline constexpr const char* kEffectUnseen = "effect-unseen";  ///< of a write, at the interface
inline constexpr const char* kSchemaMissing = "schema-missing";
inline constexpr const char* kEventsDropped = "events-dropped";
}  // namespace degraded

struct Degradation {
  std::uint64_t count = 0;  ///< how often since the start
  std::string detail;       ///< of the last time
  bool operator==(const Degradation&) const = default;
};

using Degradations = std::map<std::string, Degradation>;

inline void note(Degradations& all, const char* name, std::string detail) {
  Degradation& degradation = all[name];
  ++degradation.count;
  degradation.detail = std::move(detail);
}

}  // namespace wanwise::iosxe
