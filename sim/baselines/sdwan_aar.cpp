// Cisco SD-WAN's application-aware routing, with the site in the place of the other tunnel: BFD
// hellos fill poll intervals; when the mean over the last `multiplier` intervals violates the SLA
// class, the workload leaves the path; dead tunnels are left by BFD itself.
#include <utility>

#include "engine/core/observe/freshness.hpp"
#include "sim/baselines/beat.hpp"
#include "sim/baselines/definition.hpp"
#include "sim/baselines/path_loop.hpp"
#include "sim/baselines/sla_meter.hpp"

namespace wanwise::sim {
namespace {

/// A session that is down comes up over Down, Init and Up with a packet a second each (RFC 5880
/// 6.2 and 6.8.3).
constexpr std::int64_t kHandshake = 3;

class SdwanAar final : public PathLoop {
 public:
  SdwanAar(const core::Model& believed, const Parameters& parameters)
      : PathLoop(believed, parameters),
        m_poll_interval(parameters.duration("poll-interval")),
        m_dampening(m_poll_interval * parameters.count("dampening-multiplier")),
        m_bfd_multiplier(parameters.count("bfd-multiplier")),
        m_loss(static_cast<double>(parameters.share("loss").count) / 1e6),
        m_latency(static_cast<double>(parameters.duration("latency").count)),
        m_jitter(static_cast<double>(parameters.duration("jitter").count)),
        m_poll(m_poll_interval),
        m_tunnels(model().site.links.size(),
                  Tunnel{SlaMeter{parameters.count("multiplier")}, true, true, {}}) {}

 protected:
  void observe(const core::EventBody& body) override {
    const auto* sample = std::get_if<core::ProbeSample>(&body);
    if (sample == nullptr) return;
    const core::Index link = core::index_of(model().site.links, sample->link);
    if (link == core::kNone) return;
    std::optional<core::Micros> rtt;
    if (sample->rtt) rtt = believable(*sample->rtt);
    Tunnel& tunnel = core::at(m_tunnels, link);
    tunnel.meter.hello(rtt);
    if (tunnel.meter.lost_in_a_row() >= m_bfd_multiplier) tunnel.up = false;
    if (tunnel.meter.answered_in_a_row() >= kHandshake) tunnel.up = true;
  }
  void judge() override {
    if (!m_poll.due(now())) return;
    for (Tunnel& tunnel : m_tunnels) end_interval(tunnel);
  }
  [[nodiscard]] bool good(core::Index workload) const override {
    const core::Index link = view().route(workload);
    if (link == core::kNone) return false;
    const Tunnel& tunnel = core::at(m_tunnels, link);
    return tunnel.meets_sla && tunnel.up;
  }
  [[nodiscard]] const char* reason(bool good) const override {
    return good ? "the path meets the SLA class" : "the path violates the SLA class";
  }
  [[nodiscard]] std::optional<core::Instant> wakeup() const override { return m_poll.next(); }

 private:
  struct Tunnel {
    SlaMeter meter;
    bool up = true;
    bool meets_sla = true;
    std::optional<core::Instant> compliant_since;  ///< while dampened
  };

  void end_interval(Tunnel& tunnel) const {
    tunnel.meter.end_interval();
    const auto mean = tunnel.meter.mean();
    if (!mean) return;
    const bool complies =
        mean->loss <= m_loss && mean->latency_us <= m_latency && mean->jitter_us <= m_jitter;
    if (!complies) {
      tunnel.meets_sla = false;
      tunnel.compliant_since.reset();
    } else if (!tunnel.meets_sla) {
      if (!tunnel.compliant_since) tunnel.compliant_since = now();
      tunnel.meets_sla = now() - *tunnel.compliant_since >= m_dampening;
    }
  }

  core::Micros m_poll_interval;
  core::Micros m_dampening;
  std::int64_t m_bfd_multiplier;
  double m_loss;
  double m_latency;
  double m_jitter;
  Beat m_poll;
  std::vector<Tunnel> m_tunnels;  ///< by link
};

std::vector<ParameterRule> rules() {
  const auto time = [](const char* name, const char* standard, const char* meaning,
                       const char* least, const char* most) {
    return ParameterRule{name, standard, meaning, ParameterKind::duration, least, most, {}};
  };
  return with_path({
      time("poll-interval", "10min", "over which hellos are averaged", "1s", "24h"),
      {"multiplier", "6", "intervals that are averaged", ParameterKind::count, "1", "6", {}},
      {"dampening-multiplier",
       "0",
       "intervals a path must comply before it is used again",
       ParameterKind::count,
       "0",
       "1000",
       {}},
      {"bfd-multiplier",
       "7",
       "hellos lost in a row until the tunnel is down",
       ParameterKind::count,
       "1",
       "60",
       {}},
      {"loss", "3%", "of the SLA class", ParameterKind::share, "0%", "100%", {}},
      time("latency", "150ms", "of the SLA class, round trip", "1ms", "10s"),
      time("jitter", "100ms", "of the SLA class", "1ms", "10s"),
  });
}

}  // namespace

std::vector<Definition> sdwan_policies() {
  const std::string guide =
      "Cisco Catalyst SD-WAN Policies Configuration Guide, Enhanced Application-Aware Routing";
  Definition standard{"sdwan-aar",
                      PolicyKind::network,
                      "application-aware routing as shipped: 10 minutes to an hour",
                      guide + ": poll interval 10 min, multiplier 6; BFD hello 1 s, multiplier 7",
                      rules(),
                      [](const core::Model& model, const Parameters& parameters, const Foresight&) {
                        return std::make_unique<SdwanAar>(model, parameters);
                      }};
  Definition fast =
      preset(standard, "sdwan-aar-fast", "application-aware routing at its lowest recommended",
             guide + ": 2 min, multiplier 6", {{"poll-interval", "2min"}});
  Definition enhanced = preset(
      standard, "sdwan-aar-enhanced", "enhanced application-aware routing, aggressive",
      guide + "; mode aggressive (10 s, 6, dampening 120) as in aruiz-p/netwithalex, enhanced-aar",
      {{"poll-interval", "10s"}, {"dampening-multiplier", "120"}});
  return {std::move(standard), std::move(fast), std::move(enhanced)};
}

}  // namespace wanwise::sim
