// IP SLA, enhanced object tracking and an EEM applet on the router: a probe's return code drives a
// tracked object with delays, and its change of state runs the applet that calls the cluster.
#include <algorithm>
#include <utility>

#include "engine/core/observe/freshness.hpp"
#include "sim/baselines/beat.hpp"
#include "sim/baselines/debounce.hpp"
#include "sim/baselines/definition.hpp"
#include "sim/baselines/path_loop.hpp"

namespace wanwise::sim {
namespace {

class IpSlaEem final : public PathLoop {
 public:
  IpSlaEem(const core::Model& believed, const Parameters& parameters)
      : PathLoop(believed, parameters),
        m_frequency(parameters.duration("frequency")),
        m_timeout(parameters.duration("timeout")),
        m_threshold(parameters.duration("threshold")),
        m_tracks_state(parameters.is("track", "state")),
        m_objects(model().site.links.size(), Object{Debounce{parameters.duration("delay-down"),
                                                             parameters.duration("delay-up")},
                                                    {}}) {}

 protected:
  void observe(const core::EventBody& body) override {
    const auto* sample = std::get_if<core::ProbeSample>(&body);
    if (sample == nullptr) return;
    const core::Index link = core::index_of(model().site.links, sample->link);
    if (link == core::kNone) return;
    Object& object = core::at(m_objects, link);
    // The site's probe comes more often than the operation that is imitated: one in a period.
    if (object.next_operation && now() < *object.next_operation) return;
    object.next_operation =
        (object.next_operation ? std::max(*object.next_operation, now() - m_frequency) : now()) +
        m_frequency;
    object.track.observe(reachable(*sample), now());
  }
  /// `delay down 10` fires ten seconds after the operation that failed, unless one succeeds before.
  void judge() override {
    for (Object& object : m_objects) {
      if (const auto flip = object.track.flips_at(); flip && *flip <= now()) {
        object.track.observe(!object.track.good(), now());
      }
    }
  }
  [[nodiscard]] bool good(core::Index workload) const override {
    const core::Index link = view().route(workload);
    return link != core::kNone && core::at(m_objects, link).track.good();
  }
  [[nodiscard]] const char* reason(bool good) const override {
    return good ? "EEM: track up" : "EEM: track down";
  }
  [[nodiscard]] std::optional<core::Instant> wakeup() const override {
    std::optional<core::Instant> next;
    for (const Object& object : m_objects) next = core::earlier(next, object.track.flips_at());
    return next;
  }

 private:
  struct Object {
    Debounce track;
    std::optional<core::Instant> next_operation;
  };

  /// The return code: timeout is down for both; over threshold is down for `state` only.
  [[nodiscard]] bool reachable(const core::ProbeSample& sample) const {
    if (!sample.rtt || believable(*sample.rtt) > m_timeout) return false;
    return !m_tracks_state || believable(*sample.rtt) <= m_threshold;
  }

  core::Micros m_frequency;
  core::Micros m_timeout;
  core::Micros m_threshold;
  bool m_tracks_state;
  std::vector<Object> m_objects;  ///< by link
};

}  // namespace

std::vector<Definition> ip_sla_policies() {
  const auto time = [](const char* name, const char* standard, const char* meaning,
                       const char* least, const char* most) {
    return ParameterRule{name, standard, meaning, ParameterKind::duration, least, most, {}};
  };
  Definition standard{
      "ip-sla-track-eem",
      PolicyKind::network,
      "on-box automation with the commands' defaults: a probe a minute",
      "Cisco IOS IP SLAs Command Reference (frequency 60, timeout 5000, threshold 5000); IP "
      "Application Services Command Reference (track, delay)",
      with_path({
          time("frequency", "60s", "between operations", "1s", "604800s"),
          time("timeout", "5s", "an answer after this is none", "1ms", "604800s"),
          time("threshold", "5s", "over it the operation is not OK, for track state", "1ms", "60s"),
          {"track",
           "reachability",
           "state: an answer over the threshold is down too",
           ParameterKind::word,
           "",
           "",
           {"reachability", "state"}},
          time("delay-down", "0s", "until the tracked object is down", "0s", "180s"),
          time("delay-up", "0s", "until it is up again", "0s", "180s"),
      }),
      [](const core::Model& model, const Parameters& parameters, const Foresight&) {
        return std::make_unique<IpSlaEem>(model, parameters);
      }};
  Definition fast = preset(standard, "ip-sla-track-eem-fast",
                           "the same as quick as the commands allow without flapping at once",
                           "the same references: lowest frequency 1 s; delays are an assumption",
                           {{"frequency", "1s"},
                            {"timeout", "1s"},
                            {"threshold", "200ms"},
                            {"track", "state"},
                            {"delay-down", "5s"},
                            {"delay-up", "15s"}});
  return {std::move(standard), std::move(fast)};
}

}  // namespace wanwise::sim
