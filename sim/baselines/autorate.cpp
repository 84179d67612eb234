// cake-autorate's rule on the shaper of each uplink, queues and placement as configured once.
#include <utility>

#include "sim/baselines/autorate_rule.hpp"
#include "sim/baselines/baseline.hpp"
#include "sim/baselines/definition.hpp"
#include "sim/baselines/static_qos.hpp"

namespace wanwise::sim {
namespace {

AutorateSettings settings_for(const core::Link& link, const Parameters& parameters) {
  AutorateSettings settings;
  settings.base = static_cast<double>(link.uplink.count);
  settings.least = static_cast<double>(link.uplink_floor.count);
  settings.most = static_cast<double>(link.uplink_ceiling.count);
  settings.delay_threshold = parameters.duration("delay-threshold");
  settings.most_up_below = parameters.duration("most-up-below");
  settings.most_down_above = parameters.duration("most-down-above");
  settings.window = static_cast<std::size_t>(parameters.count("window"));
  settings.delayed = static_cast<std::size_t>(parameters.count("delayed"));
  settings.most_down = parameters.factor("most-down");
  settings.most_up = parameters.factor("most-up");
  settings.high_load = static_cast<double>(parameters.share("high-load").count) / 1e6;
  return settings;
}

class Autorate final : public Baseline {
 public:
  Autorate(const core::Model& believed, const Parameters& parameters)
      : Baseline(believed), m_probe_timeout(parameters.duration("probe-timeout")) {
    for (const core::Link& link : model().site.links) {
      m_rules.emplace_back(settings_for(link, parameters));
    }
    for (const core::Index w : by_priority(model())) {
      place_where_it_fits(w, admissible_targets(model(), w), "as it declares");
    }
  }

 protected:
  void observe(const core::EventBody& body) override {
    if (const auto* probe = std::get_if<core::ProbeSample>(&body)) {
      probed(*probe);
    } else if (const auto* counters = std::get_if<core::LinkCounters>(&body)) {
      counted(core::index_of(model().site.links, counters->link));
    }
  }
  void decide() override {
    std::vector<core::Bps> shapers;
    // tc takes whole kilobits per second.
    for (const AutorateRule& rule : m_rules) {
      shapers.emplace_back(static_cast<std::int64_t>(rule.rate() / 1e3) * 1'000);
    }
    if (shapers == m_shapers) return;
    m_shapers = std::move(shapers);
    for (core::Index r = 0; r < routers().routers(); ++r) {
      routers().want(r, static_qos(model(), r, m_shapers));
    }
  }

 private:
  void probed(const core::ProbeSample& sample) {
    const core::Index link = core::index_of(model().site.links, sample.link);
    if (link == core::kNone) return;
    AutorateRule& rule = core::at(m_rules, link);
    if (sample.rtt) {
      rule.answered(believable(*sample.rtt), now());
    } else if (carries(link)) {
      rule.overdue(m_probe_timeout, now());
    }
  }
  /// A probe without an answer on a link in service was late, not lost: fping waits ten seconds.
  [[nodiscard]] bool carries(core::Index link) const {
    const auto& news = view().link(link);
    return news.up && (!news.radio || news.radio->in_service);
  }
  void counted(core::Index link) {
    if (link == core::kNone) return;
    const auto& news = view().link(link);
    if (!news.counters_before || news.counters->tx_bytes < news.counters_before->tx_bytes) return;
    const core::Micros time = news.counters->observed_at - news.counters_before->observed_at;
    if (time.count <= 0) return;
    const auto bytes =
        static_cast<double>(news.counters->tx_bytes - news.counters_before->tx_bytes);
    core::at(m_rules, link).sent(bytes * 8e6 / static_cast<double>(time.count));
  }

  core::Micros m_probe_timeout;
  std::vector<AutorateRule> m_rules;  ///< by link
  std::vector<core::Bps> m_shapers;
};

}  // namespace

Definition autorate_policy() {
  const auto time = [](const char* name, const char* standard, const char* meaning) {
    return ParameterRule{name, standard, meaning, ParameterKind::duration, "1ms", "10s", {}};
  };
  const auto count = [](const char* name, const char* standard, const char* meaning) {
    return ParameterRule{name, standard, meaning, ParameterKind::count, "1", "100", {}};
  };
  return {
      "autorate-aimd",
      PolicyKind::network,
      "cake-autorate's rule on the uplink's shaper; nothing moves",
      "lynxthecat/cake-autorate @94238be: defaults.sh and the update of the shaper's rate",
      {time("delay-threshold", "30ms", "one-way delay above the baseline that counts"),
       time("most-up-below", "10ms", "mean delay that lets the rate grow fastest"),
       time("most-down-above", "60ms", "mean delay that cuts the rate hardest"),
       time("probe-timeout", "1s", "delay that an unanswered probe stands for"),
       count("window", "6", "probes that are looked at"),
       count("delayed", "3", "of them delayed: bufferbloat"),
       {"most-down", "0.75x", "of the rate, at most", ParameterKind::factor, "0.1x", "0.99x", {}},
       {"most-up", "1.04x", "of the rate, at most", ParameterKind::factor, "1x", "2x", {}},
       {"high-load", "75%", "of the rate in use", ParameterKind::share, "1%", "100%", {}}},
      [](const core::Model& model, const Parameters& parameters, const Foresight&) {
        return std::make_unique<Autorate>(model, parameters);
      }};
}

}  // namespace wanwise::sim
