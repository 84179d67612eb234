// A small uplink for tests of rate controllers: class queues, a shaper, and a modem FIFO whose rate
// follows a curve or a recording; telemetry and probes as a router reports them. Millisecond steps,
// packet by packet, deterministic. One owner.
//
//   priority --+
//   video -----+-- strict, then DRR -- shaper -- modem FIFO -- radio (curve or recording)
//   default ---+      (probe here)
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "engine/core/event.hpp"
#include "engine/core/units.hpp"

namespace wanwise::test {

enum class Lane : std::uint8_t { priority, video, other };
inline constexpr std::size_t kLanes = 3;

/// Packets of `bytes` at `rate`, `burst` of them at a time, while `active` says so (absent:
/// always).
struct Flow {
  Lane lane = Lane::video;
  double bps = 0;
  std::int64_t bytes = 1500;
  std::int64_t burst = 1;
  std::function<bool(double)> active;
};

struct UplinkConfig {
  std::function<double(double)> bps_at;     ///< capacity at a second; unused with opportunities
  std::vector<std::int64_t> opportunities;  ///< ms, mm-link's semantics; wraps at its end
  std::vector<Flow> flows;
  double seconds = 60;
  double base_rtt_ms = 50;
  std::function<double(double)> base_rtt_at;  ///< ms at a second; replaces base_rtt_ms
  double rtt_noise_ms = 4;                    ///< uniform, added to every probe
  std::int64_t modem_bytes = 1'000'000;       ///< drops at its tail
  bool modem_pushes_back = false;             ///< takes eight packets, the rest waits in the router
  std::int64_t lane_packets = 64;             ///< IOS XE's default queue-limit
  double interface_bps = 100e6;               ///< what leaves without a shaper
  double telemetry_ms = 500;
  double telemetry_phase_ms = 0;
  double commit_ms = 150;  ///< from a wish to the shaper in force
  double probe_ms = 1000;
  double probe_phase_ms = 130;
  double probe_timeout_ms = 1000;
  double probe_loss = 0;  ///< at random, without any queue
  std::function<std::optional<core::RadioSample>(double)> radio_at;  ///< asked at each telemetry
  std::uint64_t seed = 1;
};

struct Telemetry {
  core::LinkCounters link;
  std::vector<core::ClassCounters> classes;
  std::optional<core::ProbeSample> probe;
  std::optional<core::RadioSample> radio;
};

/// What decides the shaper's rate.
class RateController {
 public:
  virtual ~RateController() = default;
  virtual void observe(const Telemetry& telemetry) = 0;
  /// Nothing: no shaper.
  [[nodiscard]] virtual std::optional<core::Bps> wanted() const = 0;
  virtual void in_force(core::Bps rate) { (void)rate; }
};

struct ShaperWrite {
  double at = 0;  ///< s, in force
  double bps = 0;
};

struct UplinkResult {
  std::vector<double> priority_delay_ms;  ///< ascending; of those that were delivered
  std::int64_t priority_lost = 0;
  double delivered_bits = 0;
  double possible_bits = 0;
  std::vector<ShaperWrite> writes;  ///< the first is the one in force at the start
  std::vector<double> shaper_bps;   ///< every 100 ms

  [[nodiscard]] double utilisation() const { return delivered_bits / possible_bits; }
  /// A lost packet counts as slower than any other.
  [[nodiscard]] double delay_ms(double quantile) const;
  [[nodiscard]] double shaper_at(double second) const;
  [[nodiscard]] double mean_shaper(double from, double to) const;
  [[nodiscard]] std::size_t most_writes_a_minute() const;
  /// First moment from `from` on at which the shaper is at most `bps`.
  [[nodiscard]] std::optional<double> first_below(double from, double bps) const;
  [[nodiscard]] std::optional<double> first_above(double from, double bps) const;
};

class UplinkHarness {
 public:
  explicit UplinkHarness(UplinkConfig config) : m_config(std::move(config)) {}
  [[nodiscard]] UplinkResult run(RateController& controller);

 private:
  struct Packet {
    Lane lane = Lane::video;
    std::int64_t bytes = 0;
    double born = 0;  ///< ms
    bool probe = false;
  };
  struct LaneState {
    std::deque<Packet> queue;
    std::uint64_t tx_bytes = 0;
    std::uint64_t drop_bytes = 0;
    std::int64_t deficit = 0;
  };
  struct FlowState {
    double credit_bits = 0;
  };

  void reset();
  void arrive(double now);
  void push(const Packet& packet);
  void shape(double now);
  LaneState* next_lane();
  void radiate(double now);
  void depart(const Packet& packet, double now);
  void probe(double now);
  void telemeter(double now, RateController& controller);
  void commit(double now, RateController& controller);
  [[nodiscard]] double radio_bits(double now);
  [[nodiscard]] double base_rtt(double now);

  UplinkConfig m_config;
  UplinkResult m_result;
  std::array<LaneState, kLanes> m_lanes;
  std::size_t m_turn = 0;
  std::vector<FlowState> m_flows;
  std::deque<Packet> m_modem;
  std::int64_t m_modem_bytes = 0;
  double m_radio_credit = 0;
  std::size_t m_opportunity = 0;
  double m_wraps_ms = 0;
  double m_shaper_credit = 0;
  std::optional<double> m_shaper;
  std::optional<core::Bps> m_pending;
  double m_pending_at = 0;
  std::uint64_t m_tx_bytes = 0;
  std::optional<double> m_probe_sent;
  bool m_probe_doomed = false;
  std::optional<core::ProbeSample> m_probe_result;
  std::optional<double> m_probe_result_at;
  std::mt19937_64 m_random;
};

/// A recording of the mahimahi project, gunzipped; nothing when it is not there.
[[nodiscard]] std::optional<std::vector<std::int64_t>> read_mahimahi(const std::string& path);

}  // namespace wanwise::test
