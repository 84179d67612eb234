// What the engine believes now, for `wanwise status` and the northbound API. A snapshot; nothing in
// it feeds back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/event.hpp"
#include "engine/core/model.hpp"

namespace wanwise::core {

/// A named lack that wanwise works around: "link-blind lte", "no-metrics tx2", "router-disconnected
/// ir1101" …
struct Degradation {
  std::string code;
  std::string subject;
  std::string detail;
  bool operator==(const Degradation&) const = default;
};

struct RouterStatus {
  RouterName name;
  bool connected = false;
  bool qos_in_place = false;
  bool change_in_flight = false;
};

struct LinkStatus {
  LinkName name;
  bool known = false;  ///< its samples are fresh
  bool up = false;
  Bps uplink_low;  ///< estimate of what the uplink carries
  Bps uplink_high;
  std::optional<Micros> uplink_age;  ///< since it was last measured; nothing: the site's word
  Bps shaper;   ///< wanted on the router
  Bps tx_rate;  ///< measured over the last two samples
  std::optional<Micros> rtt;
  std::optional<Micros> rtt_base;
  RadioAccess access = RadioAccess::none;
  std::optional<MilliDb> rsrp;
  std::optional<MilliDb> sinr;
};

struct TargetStatus {
  TargetName name;
  bool known = false;
  bool alive = false;
  bool draining = false;
  std::optional<Ppm> load;
  Ppm slowdown = kWhole;  ///< power mode and heat together
};

struct WorkloadStatus {
  WorkloadName name;
  std::optional<TargetName> target;
  std::int32_t rung = 0;
  bool moving = false;
  bool met = false;  ///< the prediction holds the objective on the full demand
  MilliHz demand;    ///< as decided on: measured where fresh, else declared
  std::optional<Micros> predicted;
  std::optional<Micros> observed;
};

struct Status {
  Instant at;
  bool started = false;  ///< every source has reported, or the start deadline has passed
  std::vector<RouterStatus> routers;
  std::vector<LinkStatus> links;
  std::vector<TargetStatus> targets;
  std::vector<WorkloadStatus> workloads;
  std::vector<Degradation> degradations;
};

}  // namespace wanwise::core
