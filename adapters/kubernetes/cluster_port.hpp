// ports::Cluster of one Kubernetes cluster that spans edge and cloud: each workload is a
// Deployment, each target a label of nodes. Its work is done on the executor's thread; start(),
// submit() and stop() may be called from any thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "adapters/kubernetes/config.hpp"
#include "engine/core/expected.hpp"
#include "engine/ports/clock.hpp"
#include "engine/ports/cluster.hpp"

namespace wanwise::kubernetes {

/// What does not work as it should: `cluster-unreachable`, `budgets-unknown`, `heartbeats-unknown`.
struct ClusterTrouble {
  std::uint64_t count = 0;  ///< seconds that it was so
  std::string detail;
};
using ClusterTroubles = std::map<std::string, ClusterTrouble>;

class ClusterPort final : public ports::Cluster {
 public:
  /// `clock` outlives the port. Error: `bad-credentials`.
  [[nodiscard]] static core::Expected<std::unique_ptr<ClusterPort>> create(
      boost::asio::any_io_executor executor, const ports::Clock& clock, ClusterConfig config);
  ~ClusterPort() override;

  void start(ports::EventSink& sink) override;
  void submit(core::ActionId id, const core::PlaceWorkload& action, core::Instant deadline,
              const std::string& why) override;
  void stop() override;

  /// By code. On the executor's thread.
  [[nodiscard]] const ClusterTroubles& troubles() const;

 private:
  class Loop;
  explicit ClusterPort(std::shared_ptr<Loop> loop);
  std::shared_ptr<Loop> m_loop;
};

}  // namespace wanwise::kubernetes
