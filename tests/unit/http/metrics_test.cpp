#include "adapters/http/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <sstream>

#include "tests/unit/http/fixtures.hpp"

namespace wanwise::http {
namespace {

using testing::HasSubstr;
using testing::Not;

/// The lines that are not comments.
std::string samples(const std::string& page) {
  std::istringstream in{page};
  std::string out;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with('#')) out += line + "\n";
  }
  return out;
}

TEST(Metrics, TellsTheWholeStatus) {
  const std::string page = to_prometheus(example_status(), {5, 4, 3, 2, 1},
                                         {{"wanwise_queue_overflows_total", "Dropped.", 7}});
  EXPECT_EQ(samples(page), R"(wanwise_started 1
wanwise_router_connected{router="ir1101"} 1
wanwise_router_qos_in_place{router="ir1101"} 1
wanwise_router_change_in_flight{router="ir1101"} 0
wanwise_router_cpu_ratio{router="ir1101"} 0.12
wanwise_router_memory_free_bytes{router="ir1101"} 912000000
wanwise_router_app_cpu_free_ratio{router="ir1101"} 0.4
wanwise_link_known{link="lte"} 1
wanwise_link_known{link="wired"} 0
wanwise_link_up{link="lte"} 1
wanwise_link_up{link="wired"} 0
wanwise_link_uplink_low_bps{link="lte"} 8200000
wanwise_link_uplink_low_bps{link="wired"} 0
wanwise_link_uplink_high_bps{link="lte"} 12400000
wanwise_link_uplink_high_bps{link="wired"} 0
wanwise_link_shaper_bps{link="lte"} 7800000
wanwise_link_shaper_bps{link="wired"} 0
wanwise_link_tx_rate_bps{link="lte"} 3100000
wanwise_link_tx_rate_bps{link="wired"} 0
wanwise_link_rtt_seconds{link="lte"} 0.045
wanwise_link_rtt_base_seconds{link="lte"} 0.0385
wanwise_link_rsrp_dbm{link="lte"} -97.5
wanwise_link_sinr_db{link="lte"} 12
wanwise_link_access{link="lte",access="lte"} 1
wanwise_link_access{link="wired",access="none"} 1
wanwise_class_rtt_seconds{link="lte",class="video"} 0.061
wanwise_class_jitter_seconds{link="lte",class="video"} 0.004
wanwise_class_loss_ratio{link="lte",class="video"} 0.01
wanwise_link_data_cap_bytes{link="lte"} 20000000000
wanwise_link_data_used_bytes{link="lte"} 7500000000
wanwise_link_data_left_seconds{link="lte"} 864000
wanwise_link_data_pace_bps{link="lte"} 115000
wanwise_target_known{target="cloud"} 1
wanwise_target_known{target="tx2"} 1
wanwise_target_alive{target="cloud"} 1
wanwise_target_alive{target="tx2"} 1
wanwise_target_draining{target="cloud"} 0
wanwise_target_draining{target="tx2"} 1
wanwise_target_load_ratio{target="tx2"} 0.62
wanwise_target_slowdown_ratio{target="cloud"} 1
wanwise_target_slowdown_ratio{target="tx2"} 1.35
wanwise_target_port_up{target="tx2"} 0
wanwise_target_node_ready{target="tx2"} 1
wanwise_target_heartbeat_age_seconds{target="tx2"} 4.2
wanwise_workload_met{workload="people-counting"} 1
wanwise_workload_met{workload="voice"} 0
wanwise_workload_moving{workload="people-counting"} 0
wanwise_workload_moving{workload="voice"} 1
wanwise_workload_demand_per_second{workload="people-counting"} 4
wanwise_workload_demand_per_second{workload="voice"} 0.5
wanwise_workload_predicted_seconds{workload="people-counting"} 0.072
wanwise_workload_observed_seconds{workload="people-counting"} 0.0694
wanwise_workload_rung{workload="people-counting"} 0
wanwise_workload_rung{workload="voice"} 2
wanwise_workload_target{workload="people-counting",target="cloud"} 1
wanwise_workload_share_ratio{workload="people-counting",target="cloud"} 1
wanwise_workload_forecast_seconds{workload="people-counting",quantile="0.5"} 0.041
wanwise_workload_forecast_seconds{workload="people-counting",quantile="0.95"} 0.06
wanwise_workload_forecast_seconds{workload="people-counting",quantile="0.99"} 0.072
wanwise_prediction_ratio{workload="people-counting",target="cloud"} 0.92
wanwise_degradation{code="link-blind",subject="wired"} 1
wanwise_engine_events_total 5
wanwise_engine_decisions_total 4
wanwise_engine_nodes_visited_total 3
wanwise_engine_options_evaluated_total 2
wanwise_engine_paths_computed_total 1
wanwise_queue_overflows_total 7
)");
}

TEST(Metrics, EachFamilyIsDescribedOnceBeforeItsSamples) {
  std::istringstream in{to_prometheus(example_status(), {}, {})};
  std::set<std::string> described;
  std::string family;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words{line};
    std::string first, second, third;
    words >> first >> second >> third;
    if (second == "HELP") {
      EXPECT_TRUE(described.insert(third).second) << third;
      family = third;
    } else if (second == "TYPE") {
      EXPECT_EQ(third, family);
    } else {
      EXPECT_EQ(first.substr(0, first.find('{')), family);
    }
  }
  EXPECT_GT(described.size(), 25U);
}

TEST(Metrics, LabelsAreEscaped) {
  core::Status status;
  status.degradations = {{"odd", "a\"b\\c\nd\xff", "x"}};
  EXPECT_THAT(to_prometheus(status, {}),
              HasSubstr(R"(wanwise_degradation{code="odd",subject="a\"b\\c\nd�"} 1)"));
}

TEST(Metrics, OneLackWithTwoDetailsIsOneSeries) {
  core::Status status;
  status.degradations = {{"link-blind", "lte", "first"}, {"link-blind", "lte", "second"}};
  const std::string page = samples(to_prometheus(status, {}));
  const auto first = page.find("wanwise_degradation{");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(page.find("wanwise_degradation{", first + 1), std::string::npos);
}

TEST(Metrics, DecimalsAreExactAtTheEnds) {
  core::Status status;
  core::LinkStatus link;
  link.name = core::LinkName{"l"};
  link.rtt = core::Micros{1};
  link.rtt_base = core::Micros{std::numeric_limits<std::int64_t>::min()};
  link.rsrp = core::MilliDb{-1};
  link.sinr = core::MilliDb{0};
  status.links = {link};
  const std::string page = to_prometheus(status, {});
  EXPECT_THAT(page, HasSubstr("wanwise_link_rtt_seconds{link=\"l\"} 0.000001\n"));
  EXPECT_THAT(page, HasSubstr("wanwise_link_rtt_base_seconds{link=\"l\"} -9223372036854.775808\n"));
  EXPECT_THAT(page, HasSubstr("wanwise_link_rsrp_dbm{link=\"l\"} -0.001\n"));
  EXPECT_THAT(page, HasSubstr("wanwise_link_sinr_db{link=\"l\"} 0\n"));
}

TEST(Metrics, AnEmptySiteIsStillAPage) {
  EXPECT_THAT(samples(to_prometheus({}, {})), testing::StartsWith("wanwise_started 0\n"));
}

}  // namespace
}  // namespace wanwise::http
