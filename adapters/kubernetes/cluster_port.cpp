#include "adapters/kubernetes/cluster_port.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <set>
#include <utility>

#include "adapters/kubernetes/place/mover.hpp"
#include "adapters/kubernetes/schedule/scheduler.hpp"
#include "adapters/kubernetes/watch/reflector.hpp"
#include "adapters/kubernetes/watch/tee.hpp"
#include "engine/ports/sink_gate.hpp"

namespace wanwise::kubernetes {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

/// As often as nodes' own exporters are scraped by default.
constexpr std::chrono::seconds kSamplePeriod{1};

/// One mirrored collection with what keeps it.
template <class T>
struct Followed {
  Followed(const std::shared_ptr<Client>& client, Collection collection, Store<T>& store,
           Mirror* also = nullptr)
      : part(store),
        tee(part, also == nullptr ? part : *also),
        reflector(client, std::move(collection),
                  also == nullptr ? part : static_cast<Mirror&>(tee)) {}
  typename Store<T>::Part part;
  Tee tee;
  Reflector reflector;
};

}  // namespace

/// Shared ownership, because its coroutines keep it until they have ended. All members but the gate
/// belong to the executor's thread.
class ClusterPort::Loop final : public std::enable_shared_from_this<ClusterPort::Loop> {
 public:
  Loop(std::shared_ptr<Client> client, std::shared_ptr<Scheduler> scheduler,
       const ports::Clock& clock, ClusterConfig config)
      : m_client(std::move(client)),
        m_scheduler(std::move(scheduler)),
        m_clock(clock),
        m_config(std::move(config)),
        m_view([this] { view_changed(); }),
        m_timer(m_client->executor()),
        m_nodes(m_client, {"/api/v1/nodes", "", ""}, m_view.nodes,
                m_scheduler ? &m_scheduler->nodes() : nullptr),
        m_pods(m_client, {"/api/v1/pods", "", ""}, m_view.pods,
               m_scheduler ? &m_scheduler->pods() : nullptr) {
    std::set<std::string> name_spaces;
    for (const ClusterWorkload& workload : m_config.workloads) {
      name_spaces.insert(workload.deployment.name_space);
      m_movers.emplace_back(
          m_client, m_view, m_config, workload,
          [this](core::EventBody body) { m_gate.post(std::move(body)); }, [this] { tell(); });
    }
    for (const std::string& name_space : name_spaces) {
      const std::string path = "/apis/apps/v1/namespaces/" + encode(name_space) + "/deployments";
      m_deployments.emplace_back(m_client, Collection{path, "", ""}, m_view.deployments);
    }
  }

  void start(ports::EventSink& sink) {
    m_gate.open(sink);
    asio::post(m_client->executor(), [self = shared_from_this()] { self->begin(); });
  }
  void submit(Move move) {
    asio::post(m_client->executor(), [self = shared_from_this(), move = std::move(move)]() mutable {
      self->take(std::move(move));
    });
  }
  void stop() {
    m_gate.shut();
    asio::post(m_client->executor(), [self = shared_from_this()] { self->end(); });
  }
  [[nodiscard]] const ports::Clock& clock() const { return m_clock; }

 private:
  /// Runs it, and keeps the loop until it ends.
  void spawn(asio::awaitable<void> what) {
    asio::co_spawn(m_client->executor(), std::move(what),
                   [self = shared_from_this()](const std::exception_ptr& thrown) {
                     if (thrown) std::rethrow_exception(thrown);
                   });
  }

  void begin() {
    if (m_stopped) return;
    spawn(m_nodes.reflector.run());
    spawn(m_pods.reflector.run());
    for (auto& one : m_deployments) spawn(one.reflector.run());
    for (Mover& mover : m_movers) spawn(mover.run());
    spawn(sample());
  }

  void end() {
    m_stopped = true;
    m_timer.cancel();
    m_nodes.reflector.stop();
    m_pods.reflector.stop();
    for (auto& one : m_deployments) one.reflector.stop();
    for (Mover& mover : m_movers) mover.stop();
    m_client->stop();
    if (m_scheduler) m_scheduler->stop();
  }

  void take(Move move) {
    for (std::size_t i = 0; i < m_movers.size(); ++i) {
      if (m_config.workloads[i].name != move.action.workload) continue;
      m_movers[i].submit(std::move(move));
      return;
    }
    m_gate.post(core::ActionDone{move.id, core::Outcome::refused, "unknown-workload",
                                 "no workload " + move.action.workload.text});
  }

  /// Many objects of one read are one change.
  void view_changed() {
    if (std::exchange(m_dirty, true)) return;
    asio::post(m_client->executor(), [self = shared_from_this()] {
      self->m_dirty = false;
      if (self->m_stopped) return;
      self->tell();
      for (Mover& mover : self->m_movers) mover.notify();
    });
  }

  void tell() {
    if (!m_view.complete()) return;
    m_told.resize(m_config.workloads.size());
    for (std::size_t i = 0; i < m_told.size(); ++i) {
      auto seen = observe(m_view, m_config, m_config.workloads[i], m_clock.now());
      if (m_told[i]) m_told[i]->observed_at = seen.observed_at;
      if (m_told[i] == seen) continue;
      m_told[i] = seen;
      m_gate.post(std::move(seen));
    }
  }

  asio::awaitable<void> sample() {
    while (!m_stopped) {
      m_timer.expires_after(kSamplePeriod);
      boost::system::error_code ignored;
      co_await m_timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
      if (m_stopped || !m_view.nodes.listed() || m_nodes.part.trouble()) continue;
      for (const ClusterTarget& target : m_config.targets) {
        if (!target.sampled) continue;
        core::TargetSample sample;
        sample.target = target.name;
        sample.observed_at = m_clock.now();
        sample.reachable = has_ready_node(m_view, target);
        m_gate.post(std::move(sample));
      }
    }
  }

  std::shared_ptr<Client> m_client;
  std::shared_ptr<Scheduler> m_scheduler;  ///< null: wanwise binds no pods
  const ports::Clock& m_clock;
  const ClusterConfig m_config;
  ports::SinkGate m_gate;
  ClusterView m_view;
  asio::steady_timer m_timer;
  Followed<NodeObject> m_nodes;
  Followed<PodObject> m_pods;
  std::deque<Followed<DeploymentObject>> m_deployments;
  std::deque<Mover> m_movers;  ///< one for each of the configuration's workloads
  std::vector<std::optional<core::PlacementObserved>> m_told;
  bool m_dirty = false;
  bool m_stopped = false;
};

core::Expected<std::unique_ptr<ClusterPort>> ClusterPort::create(asio::any_io_executor executor,
                                                                 const ports::Clock& clock,
                                                                 ClusterConfig config) {
  auto client = Client::create(executor, config.access, config.limits);
  if (!client) return core::Unexpected{client.error()};
  std::shared_ptr<Scheduler> scheduler;
  if (config.binds_pods) {
    auto made = Scheduler::connect(executor, config.access, config.limits);
    if (!made) return core::Unexpected{made.error()};
    scheduler = std::move(*made);
  }
  auto loop =
      std::make_shared<Loop>(std::move(*client), std::move(scheduler), clock, std::move(config));
  return std::unique_ptr<ClusterPort>(new ClusterPort(std::move(loop)));
}

ClusterPort::ClusterPort(std::shared_ptr<Loop> loop) : m_loop(std::move(loop)) {}

ClusterPort::~ClusterPort() {
  stop();
}

void ClusterPort::start(ports::EventSink& sink) {
  m_loop->start(sink);
}

void ClusterPort::submit(core::ActionId id, const core::PlaceWorkload& action,
                         core::Instant deadline) {
  const core::Micros left = deadline - m_loop->clock().now();
  m_loop->submit({id, action, steady_clock::now() + std::chrono::microseconds(left.count)});
}

void ClusterPort::stop() {
  m_loop->stop();
}

}  // namespace wanwise::kubernetes
