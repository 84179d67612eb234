// Where requests come from: one arrival process per workload and source. Times and sizes come from
// the source's own random streams only, so they are the same whatever is decided about the
// workload. One owner; not thread-safe.
#pragma once

#include <cstdint>
#include <string>

#include "sim/world/kernel/event_queue.hpp"
#include "sim/world/kernel/random.hpp"

namespace wanwise::sim {

enum class ArrivalKind : std::uint8_t {
  periodic,  ///< a camera or a PLC: fixed period, own phase, small jitter
  poisson,   ///< many independent senders
};

struct SourceSettings {
  std::string name;        ///< of its random streams: "WORKLOAD/SOURCE"
  core::MilliHz rate;      ///< mean, before the demand factor
  std::int64_t bytes = 0;  ///< mean size of a request
  core::Ppm size_spread;   ///< sizes are uniform in mean ± this
  ArrivalKind kind = ArrivalKind::periodic;
};

struct Arrival {
  std::int64_t bytes = 0;
};

class ArrivalSink {
 public:
  virtual void arrival(Nanos now, std::size_t source, const Arrival& arrival) = 0;

  virtual ~ArrivalSink() = default;
};

/// Whatever generates the requests of one workload at one source.
class ArrivalSource : public EventHandler {
 public:
  /// Demand, of the declared rate. The wait for the next request is scaled with it.
  virtual void set_demand(Nanos now, core::Ppm of_declared) = 0;
};

/// Size of the next request, uniform around the mean: one draw.
[[nodiscard]] std::int64_t request_bytes(Stream& sizes, const SourceSettings& settings);

/// The default: periodic or Poisson. What a SourceLaw asks for is a LawSource.
class Source final : public ArrivalSource {
 public:
  Source(EventQueue& events, ArrivalSink& sink, std::size_t index, std::uint64_t seed,
         SourceSettings settings);

  void set_demand(Nanos now, core::Ppm of_declared) override;
  void on_event(Nanos now, std::uint64_t argument) override;

 private:
  [[nodiscard]] bool silent() const { return m_demand.count == 0 || m_settings.rate.count == 0; }
  [[nodiscard]] Nanos mean_interval() const;
  void schedule_next(Nanos now);

  EventQueue& m_events;
  ArrivalSink& m_sink;
  std::size_t m_index;
  SourceSettings m_settings;
  Stream m_times;
  Stream m_sizes;
  core::Ppm m_demand = core::kWhole;
  Nanos m_due = 0;            ///< of the scheduled request
  Nanos m_nominal = 0;        ///< periodic: the grid point it belongs to
  std::uint64_t m_epoch = 0;  ///< events of an earlier epoch are stale
};

}  // namespace wanwise::sim
