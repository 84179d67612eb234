// The cloud while the radio is good, judged by RSRP with 3GPP's events: A2 (serving worse than a
// threshold) and A1 (better), hysteresis and time to trigger (TS 36.331 5.5.4.2 and 5.5.4.3).
#include "engine/core/observe/freshness.hpp"
#include "sim/baselines/debounce.hpp"
#include "sim/baselines/definition.hpp"
#include "sim/baselines/path_loop.hpp"

namespace wanwise::sim {
namespace {

class RsrpThreshold final : public PathLoop {
 public:
  RsrpThreshold(const core::Model& believed, const Parameters& parameters)
      : PathLoop(believed, parameters),
        m_threshold(parameters.decibel("threshold")),
        m_hysteresis(parameters.decibel("hysteresis")),
        m_radios(model().site.links.size(), Debounce{parameters.duration("time-to-trigger"),
                                                     parameters.duration("time-to-trigger")}) {}

 protected:
  void observe(const core::EventBody& body) override {
    const auto* sample = std::get_if<core::RadioSample>(&body);
    if (sample == nullptr) return;
    const core::Index link = core::index_of(model().site.links, sample->link);
    if (link == core::kNone) return;
    Debounce& radio = core::at(m_radios, link);
    radio.observe(looks_good(*view().link(link).radio, radio.good()), now());
  }
  /// A condition that still held when it was last seen triggers on time, between two samples.
  void judge() override {
    for (Debounce& radio : m_radios) {
      if (const auto flip = radio.flips_at(); flip && *flip <= now()) {
        radio.observe(!radio.good(), now());
      }
    }
  }
  [[nodiscard]] bool good(core::Index workload) const override {
    const core::Index link = view().route(workload);
    return link != core::kNone && core::at(m_radios, link).good();
  }
  [[nodiscard]] const char* reason(bool good) const override {
    return good ? "A1: RSRP is good" : "A2: RSRP is poor";
  }
  [[nodiscard]] std::optional<core::Instant> wakeup() const override {
    std::optional<core::Instant> next;
    for (const Debounce& radio : m_radios) next = core::earlier(next, radio.flips_at());
    return next;
  }

 private:
  /// No value says nothing; no service is worse than any value.
  [[nodiscard]] bool looks_good(const core::RadioSample& sample, bool so_far) const {
    if (!sample.in_service) return false;
    if (!sample.rsrp) return so_far;
    if (so_far) return !(*sample.rsrp + m_hysteresis < m_threshold);
    return *sample.rsrp - m_hysteresis > m_threshold;
  }

  core::MilliDb m_threshold;
  core::MilliDb m_hysteresis;
  std::vector<Debounce> m_radios;  ///< by link; wired ones are never told of and stay good
};

}  // namespace

Definition rsrp_policy() {
  return {"rsrp-threshold",
          PolicyKind::network,
          "offloads while the radio's reference signal is strong",
          "3GPP TS 36.331 5.5.4.2 (A1), 5.5.4.3 (A2); the threshold is an assumption",
          with_path(
              {{"threshold", "-110dBm", "of RSRP", ParameterKind::decibel, "-140dBm", "-44dBm", {}},
               {"hysteresis",
                "2dB",
                "on both sides of the threshold",
                ParameterKind::decibel,
                "0dB",
                "15dB",
                {}},
               {"time-to-trigger",
                "640ms",
                "a condition must hold for this long",
                ParameterKind::duration,
                "0s",
                "5120ms",
                {}}}),
          [](const core::Model& model, const Parameters& parameters, const Foresight&) {
            return std::make_unique<RsrpThreshold>(model, parameters);
          }};
}

}  // namespace wanwise::sim
