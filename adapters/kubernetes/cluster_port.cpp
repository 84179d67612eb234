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

#include "adapters/kubernetes/client/errors.hpp"
#include "adapters/kubernetes/client/versions.hpp"
#include "adapters/kubernetes/events/event_recorder.hpp"
#include "adapters/kubernetes/place/limits.hpp"
#include "adapters/kubernetes/place/mover.hpp"
#include "adapters/kubernetes/schedule/scheduler.hpp"
#include "adapters/kubernetes/view/heartbeats.hpp"
#include "adapters/kubernetes/watch/reflector.hpp"
#include "adapters/kubernetes/watch/tee.hpp"
#include "engine/ports/sink_gate.hpp"

namespace wanwise::kubernetes {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

/// Nodes' heartbeats come every ten seconds: a second more or less says nothing.
constexpr std::chrono::seconds kNodePeriod{1};
/// Of one try to learn what the server serves; without an answer it is tried again.
constexpr std::chrono::seconds kDiscovery{30};

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
        m_recorder(EventRecorder::create(m_client, m_config.instance)),
        m_view([this] { view_changed(); }),
        m_timer(m_client->executor()),
        m_nodes(m_client, {"/api/v1/nodes", "", ""}, m_view.nodes,
                m_scheduler ? &m_scheduler->nodes() : nullptr),
        m_pods(m_client, {"/api/v1/pods", "", ""}, m_view.pods,
               m_scheduler ? &m_scheduler->pods() : nullptr),
        m_leases(m_client,
                 {"/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases", "", ""},
                 m_heartbeats) {
    std::set<std::string> name_spaces;
    for (const ClusterWorkload& workload : m_config.workloads) {
      name_spaces.insert(workload.deployment.name_space);
      m_movers.emplace_back(
          m_client, m_recorder, m_view, m_config, workload,
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
  [[nodiscard]] const ClusterTroubles& troubles() const { return m_troubles; }

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
    spawn(m_leases.run());
    spawn(follow_budgets());
    for (auto& one : m_deployments) spawn(one.reflector.run());
    for (Mover& mover : m_movers) spawn(mover.run());
    spawn(watch_nodes());
  }

  /// Their version is learnt first.
  asio::awaitable<void> follow_budgets() {
    // Named, because g++ 12 miscompiles an initializer list within co_await.
    const std::vector<std::string> known{"v1", "v1beta1"};
    core::Expected<std::string> version = core::fail("not-asked", "");
    while (!version && !m_stopped) {
      version =
          co_await served_version(m_client, "policy", known, steady_clock::now() + kDiscovery);
      if (!version) m_no_budgets = version.error();
      if (!version && !is_transient(version.error())) co_return;
    }
    if (m_stopped) co_return;
    m_no_budgets.reset();
    m_budgets.emplace(m_client, Collection{*version + "/poddisruptionbudgets", "", ""},
                      m_view.budgets);
    co_await m_budgets->reflector.run();
  }

  void end() {
    m_stopped = true;
    m_timer.cancel();
    m_nodes.reflector.stop();
    m_pods.reflector.stop();
    m_leases.stop();
    if (m_budgets) m_budgets->reflector.stop();
    m_recorder->stop();
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
    const core::Instant now = m_clock.now();
    auto limits = limits_of(m_view, m_config, now);
    for (std::size_t i = 0; i < m_config.workloads.size(); ++i) {
      // Limits first: what a placement makes possible is decided with them.
      tell_news(m_told_limits, i, std::move(limits[i]));
      tell_news(m_told, i, observe(m_view, m_config, m_config.workloads[i], now));
    }
  }

  /// Posts what differs from the last, but for when it was seen.
  template <class T>
  void tell_news(std::map<std::size_t, T>& told, std::size_t workload, T seen) {
    const auto last = told.find(workload);
    if (last != told.end()) {
      last->second.observed_at = seen.observed_at;
      if (last->second == seen) return;
    }
    told.insert_or_assign(workload, seen);
    m_gate.post(std::move(seen));
  }

  asio::awaitable<void> watch_nodes() {
    while (!m_stopped) {
      tell_nodes();
      note_troubles();
      m_timer.expires_after(kNodePeriod);
      boost::system::error_code ignored;
      co_await m_timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
  }

  /// While the API server is out of reach nothing is known of nodes, and nothing is said.
  void tell_nodes() {
    if (!m_view.nodes.listed() || m_nodes.part.trouble()) return;
    for (const ClusterTarget& target : m_config.targets) {
      core::NodeObserved seen;
      seen.target = target.name;
      seen.observed_at = m_clock.now();
      seen.ready = has_ready_node(m_view, target);
      seen.heartbeat_age = heartbeat_age(target);
      m_gate.post(std::move(seen));
    }
  }

  /// Of the node of the target that was heard of last.
  [[nodiscard]] std::optional<core::Micros> heartbeat_age(const ClusterTarget& target) const {
    std::optional<core::Micros> youngest;
    for (const NodeObject* node : m_view.nodes_with(target.label_key, target.label_value)) {
      const auto age = m_heartbeats.age(node->name, steady_clock::now());
      if (!age) continue;
      const core::Micros one = core::milliseconds(age->count());
      youngest = youngest ? std::min(*youngest, one) : one;
    }
    return youngest;
  }

  void note_troubles() {
    const auto note = [this](const char* code, const std::optional<core::Error>& trouble) {
      if (!trouble) return;
      ClusterTrouble& noted = m_troubles[code];
      ++noted.count;
      noted.detail = trouble->code + ": " + trouble->message;
    };
    note("cluster-unreachable", m_nodes.part.trouble());
    note("cluster-unreachable", m_pods.part.trouble());
    for (const auto& one : m_deployments) note("cluster-unreachable", one.part.trouble());
    note("heartbeats-unknown", m_heartbeats.trouble());
    note("budgets-unknown", m_budgets ? m_budgets->part.trouble() : m_no_budgets);
  }

  std::shared_ptr<Client> m_client;
  std::shared_ptr<Scheduler> m_scheduler;  ///< null: wanwise binds no pods
  const ports::Clock& m_clock;
  const ClusterConfig m_config;
  std::shared_ptr<EventRecorder> m_recorder;
  ports::SinkGate m_gate;
  ClusterView m_view;
  Heartbeats m_heartbeats;
  asio::steady_timer m_timer;
  Followed<NodeObject> m_nodes;
  Followed<PodObject> m_pods;
  Reflector m_leases;
  std::optional<Followed<BudgetObject>> m_budgets;
  std::optional<core::Error> m_no_budgets;  ///< why they can not be followed
  std::deque<Followed<DeploymentObject>> m_deployments;
  std::deque<Mover> m_movers;  ///< one for each of the configuration's workloads
  std::map<std::size_t, core::PlacementObserved> m_told;       ///< by workload
  std::map<std::size_t, core::PlacementLimits> m_told_limits;  ///< likewise
  ClusterTroubles m_troubles;
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
                         core::Instant deadline, const std::string& why) {
  const core::Micros left = deadline - m_loop->clock().now();
  m_loop->submit({id, action, steady_clock::now() + std::chrono::microseconds(left.count), why});
}

void ClusterPort::stop() {
  m_loop->stop();
}

const ClusterTroubles& ClusterPort::troubles() const {
  return m_loop->troubles();
}

}  // namespace wanwise::kubernetes
