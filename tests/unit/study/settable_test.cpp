// No knob without effect: each entry of the table changes the configuration of a run, on its own.
#include "sim/study/language/settable.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "sim/study/runs/make_trial.hpp"
#include "tests/unit/study/study_documents.hpp"

namespace wanwise::sim {
namespace {

/// A value other than the shipped harbour's and the defaults.
const std::map<std::string, std::string>& values() {
  static const std::map<std::string, std::string> all{{"arrival-cv", "2"},
                                                      {"beyond-probe", "33ms"},
                                                      {"blind-after", "33s"},
                                                      {"cloud-start", "33ms"},
                                                      {"cluster-period", "3s"},
                                                      {"demand", "1.3"},
                                                      {"downlink", "33Mbps"},
                                                      {"expected-uplink", "33Mbps"},
                                                      {"fall-back-after", "33s"},
                                                      {"lan-delay", "33ms"},
                                                      {"loss", "3%"},
                                                      {"max-moves-per-hour", "33"},
                                                      {"min-dwell", "33s"},
                                                      {"min-gain", "33%"},
                                                      {"model", "mobilenet-v1-0.5-160"},
                                                      {"modem-depth", "333ms"},
                                                      {"modem-discard", "333ms"},
                                                      {"node-start", "33ms"},
                                                      {"objective", "333ms"},
                                                      {"packet-loss", "3%"},
                                                      {"power-mode", "MAX-Q"},
                                                      {"price-per-gb", "33 USD/GB"},
                                                      {"price-per-hour", "33 USD/h"},
                                                      {"probe-period", "33s"},
                                                      {"probe-timeout", "333ms"},
                                                      {"rate", "33/s"},
                                                      {"request-size", "33KB"},
                                                      {"response-size", "33KB"},
                                                      {"retransmit-after", "33ms"},
                                                      {"return-after", "33s"},
                                                      {"rtt", "33ms"},
                                                      {"servers", "33"},
                                                      {"size-spread", "33%"},
                                                      {"slowdown", "1.3"},
                                                      {"source", "{constant: 3Mbps}"},
                                                      {"story", "none"},
                                                      {"telemetry-delay", "3s"},
                                                      {"telemetry-period", "3s"},
                                                      {"tx-ring", "33"},
                                                      {"uplink", "3Mbps"},
                                                      {"uplink-factor", "0.3"},
                                                      {"write-time", "3s"}};
  return all;
}

std::string selector(const Settable& knob) {
  switch (knob.subject) {
    case Subject::site:
      return "";
    case Subject::workload:
      return ", workload: crowd-density";
    case Subject::link:
      return ", link: lte";
    case Subject::target:
    case Subject::node:
      return ", target: tx2";
    case Subject::cloud:
      return ", target: cloud";
  }
  return "";
}

std::string run_of(const LoadedStudy& loaded) {
  return fingerprint(make_trial(loaded, loaded.study.cells()[0], loaded.study.policies[0], 5));
}

/// tx-ring is nothing where no packets are.
std::string packets_study() {
  return with(valid_study(), "detail: requests", "detail: packets");
}

TEST(Settables, EachChangesARunAsASettingAndAsALevel) {
  const std::string base = run_of(load_study(packets_study()));
  for (const Settable& knob : settables()) {
    SCOPED_TRACE(knob.name);
    ASSERT_TRUE(values().contains(knob.name)) << "give the new knob a value here";
    const std::string head = "set: " + knob.name + selector(knob);
    const std::string value = values().at(knob.name);
    // Demand and rtt are set by the study's factors; those would hide the setting.
    const bool hidden = knob.name == "demand" || knob.name == "rtt";
    if (!hidden) {
      const std::string setting = "settings:\n  - {" + head + ", to: " + value + "}\nfactors:\n";
      EXPECT_NE(run_of(load_study(with(packets_study(), "factors:\n", setting))), base);
    }
    const std::string factor = "claims:", level = "  - {name: x, " + head +
                                                  ", levels: [{name: l, value: " + value + "}]}\n";
    EXPECT_NE(run_of(load_study(with(packets_study(), factor, level + factor))), base);
  }
  EXPECT_EQ(settables().size(), values().size());
}

TEST(Settables, AreSortedAndSaySomething) {
  for (std::size_t i = 0; i < settables().size(); ++i) {
    EXPECT_FALSE(settables()[i].says.empty());
    if (i > 0) {
      EXPECT_LT(settables()[i - 1].name, settables()[i].name);
    }
  }
}

TEST(Settables, EachSectionOfTheSiteChangesARun) {
  const std::string base = run_of(load_study(packets_study()));
  for (const char* section :
       {"detail: requests", "telemetry: {write: 3s}", "tuning: {tx-ring: 33}",
        "sources: [{workload: all, arrivals: poisson}]",
        "sources: [{workload: crowd-density, source: cameras, arrivals: {gamma: {cv: 2}}}]",
        "sources: [{workload: all, arrivals: periodic, diurnal: {amplitude: 50%}}]",
        "sources: [{workload: all, arrivals: {mmpp-2: {low: 20%, mean-low: 3s, mean-high: 1s}}}]",
        "targets: [{target: tx2, discipline: processor-sharing}]",
        "targets: [{target: tx2, shape: exponential}]",
        "targets: [{target: tx2, batching: {largest: 4}}]",
        "targets: [{target: tx2, heat: {rise: 90}}]",
        "targets: [{target: tx2, power: {idle-mw: 1900, busy-mw: 9000}}]",
        "targets: [{target: cloud, autoscale: {least: 1, most: 4}}]",
        "link-tuning: [{link: lte, loss: 0.1%}]",
        "link-tuning: [{link: lte, hops: [{rate: 1Gbps, delay: 5ms}]}]",
        "link-tuning: [{link: lte, wred: {least: 10, most: 30}}]"}) {
    SCOPED_TRACE(section);
    const std::string text = with(packets_study(), "detail: packets\n",
                                  std::string{section}.starts_with("detail")
                                      ? std::string{section} + "\n"
                                      : "detail: packets\n" + std::string{section} + "\n");
    EXPECT_NE(run_of(load_study(text)), base);
  }
}

}  // namespace
}  // namespace wanwise::sim
