// Poisson or periodic flows through an OutputPort (or any Feed) and a serial line, measured by
// flow. Every flow has its own streams for times and sizes, so runs of different disciplines meet
// the same packets. A packet's id is the moment of its arrival. One owner.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/world/kernel/random.hpp"
#include "sim/world/network/line.hpp"
#include "sim/world/network/output_port.hpp"

namespace wanwise::acceptance {

inline constexpr std::uint8_t kEf = 46;    ///< RFC 3246
inline constexpr std::uint8_t kAf41 = 34;  ///< RFC 2597
inline constexpr std::uint8_t kBestEffort = 0;

enum class Sizes : std::uint8_t {
  constant,
  exponential,
  uniform,  ///< from 64 bytes up to twice the mean less 64
};
enum class Times : std::uint8_t { poisson, periodic };

struct Flow {
  std::uint8_t dscp = kBestEffort;
  double bytes = 0;     ///< mean size of a packet
  double interval = 0;  ///< mean, nanoseconds
  Sizes sizes = Sizes::constant;
  Times times = Times::poisson;
};

/// Takes packets where they come in.
using Entry = std::function<void(sim::Nanos, const sim::Packet&)>;

class FlowSource final : public sim::EventHandler {
 public:
  FlowSource(sim::EventQueue& events, Entry entry, Flow flow, std::uint16_t index,
             std::uint64_t seed, sim::Nanos stop);
  void on_event(sim::Nanos now, std::uint64_t argument) override;
  [[nodiscard]] std::uint64_t sent() const { return m_sent; }
  [[nodiscard]] std::int64_t sent_bytes() const { return m_sent_bytes; }

 private:
  void schedule_next(sim::Nanos now);

  sim::EventQueue& m_events;
  Entry m_entry;
  Flow m_flow;
  std::uint16_t m_index;
  sim::Stream m_times, m_sizes;
  sim::Nanos m_stop;
  double m_due = 0;
  std::uint64_t m_sent = 0;
  std::int64_t m_sent_bytes = 0;
};

/// What of a flow came out.
struct FlowSeen {
  std::uint64_t packets = 0;
  std::int64_t bytes = 0;
  double sojourn = 0;       ///< sum, ns
  double transmission = 0;  ///< sum, ns
  sim::Nanos longest = 0;
  [[nodiscard]] double sojourn_ms() const { return sojourn / static_cast<double>(packets) * 1e-6; }
  [[nodiscard]] double wait_ms() const {
    return (sojourn - transmission) / static_cast<double>(packets) * 1e-6;
  }
};

class FlowSink final : public sim::PacketSink {
 public:
  FlowSink(core::Bps rate, std::size_t flows) : m_flows(flows), m_rate(rate) {}
  void accept(sim::Nanos now, const sim::Packet& packet) override;
  /// Called with each packet as it arrives.
  void watch(Entry watcher) { m_watcher = std::move(watcher); }
  [[nodiscard]] const FlowSeen& flow(std::size_t i) const { return m_flows[i]; }
  [[nodiscard]] const std::vector<FlowSeen>& flows() const { return m_flows; }

 private:
  std::vector<FlowSeen> m_flows;
  core::Bps m_rate;
  Entry m_watcher;
};

/// A bottleneck: port, line, sources, sink.
struct Bottleneck {
  /// `limit`: packets of every class.
  Bottleneck(core::Bps rate, std::uint32_t ring, std::optional<std::size_t> limit,
             const std::vector<Flow>& flows, std::optional<sim::OutputPolicy> policy,
             sim::Nanos stop, std::uint64_t seed = 3);
  void run_until(sim::Nanos end) { events.run_until(end); }
  /// Until nothing is left; then expects conservation and Little's law.
  void drain();

  [[nodiscard]] std::uint64_t offered() const;

  sim::EventQueue events;
  FlowSink seen, dropped;
  sim::OutputPort port;
  sim::SerialLine line;
  std::vector<std::unique_ptr<FlowSource>> sources;

 private:
  void count(sim::Nanos now, std::int64_t change);

  std::int64_t m_inside = 0;
  sim::Nanos m_counted = 0;
  double m_area = 0;  ///< packets times ns
};

// Output policies of the cases.
[[nodiscard]] sim::OutputPolicy strict_priorities();  ///< EF, AF41, best effort
[[nodiscard]] sim::OutputPolicy shares(std::uint32_t ef, std::uint32_t af41, std::uint32_t rest);

/// 10 Mb/s, packets of 1250 B (1 ms), 20/30/50 % of the load in EF, AF41 and best effort. With
/// exponential sizes everything is 100 times larger, so that whole bytes do not show.
struct Reference {
  core::Bps rate;
  std::vector<Flow> flows;
};
[[nodiscard]] Reference reference_load(double rho, Sizes sizes);

}  // namespace wanwise::acceptance
