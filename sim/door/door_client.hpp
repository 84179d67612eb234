// The client side of the door: the Cluster and NodeMetrics ports of a site that is simulated in
// another process. Connects on its own, again and again with a growing pause. While the door is
// lost nothing is known of the cluster and nothing is posted: no sample stands for "unreachable",
// the engine sees its data grow old. Placements in the air are answered `unknown`
// ("connection-lost"), new ones refused ("cluster-not-connected"). The io_context's thread only.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "engine/ports/clock.hpp"
#include "engine/ports/cluster.hpp"
#include "engine/ports/node_metrics.hpp"

namespace wanwise::sim {

/// The first pause between two attempts, and the longest: an emulator that is just starting is
/// found at once, one that is gone costs one SYN in two seconds.
inline constexpr core::Micros kFirstPause = core::milliseconds(50);
inline constexpr core::Micros kLongestPause = core::seconds(2);

/// Taken off a placement's time before it goes to the door, so that the door's own "not in time"
/// crosses back before the deadline: its poll step of 20 ms, and as much for both ways.
inline constexpr core::Micros kAnswerMargin = core::milliseconds(40);

struct DoorClientCounters {
  std::uint64_t connects = 0;
  std::uint64_t losses = 0;        ///< connections that ended, or never came about
  std::uint64_t broken_lines = 0;  ///< not understood; the connection was closed
  std::uint64_t late_answers = 0;  ///< to placements answered `unknown` before
  std::uint64_t lines_in = 0;
  std::uint64_t requests = 0;  ///< placements asked of the door
};

class DoorClient {
 public:
  /// `host`: an address or a name. Nothing happens before one of the ports is started.
  DoorClient(boost::asio::io_context& io, const ports::Clock& clock, std::string host,
             std::uint16_t port);
  ~DoorClient();
  DoorClient(const DoorClient&) = delete;
  DoorClient& operator=(const DoorClient&) = delete;

  [[nodiscard]] ports::Cluster& cluster() { return m_cluster; }
  [[nodiscard]] ports::NodeMetrics& metrics() { return m_metrics; }

  [[nodiscard]] bool started() const;    ///< at least one of the ports is
  [[nodiscard]] bool connected() const;  ///< and the door has greeted
  [[nodiscard]] const DoorClientCounters& counters() const;

 private:
  class Line;

  class Cluster final : public ports::Cluster {
   public:
    explicit Cluster(Line& line) : m_line(line) {}
    void start(ports::EventSink& sink) override;
    void submit(core::ActionId id, const core::PlaceWorkload& action, core::Instant deadline,
                const std::string& why) override;
    void stop() override;

   private:
    Line& m_line;
  };
  class Metrics final : public ports::NodeMetrics {
   public:
    explicit Metrics(Line& line) : m_line(line) {}
    void start(ports::EventSink& sink) override;
    void stop() override;

   private:
    Line& m_line;
  };

  std::shared_ptr<Line> m_line;  ///< handlers hold it weakly
  Cluster m_cluster;
  Metrics m_metrics;
};

}  // namespace wanwise::sim
