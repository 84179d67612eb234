#include "sim/door/world_routers.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/check.hpp"
#include "sim/door/router_samples.hpp"

namespace wanwise::sim {

/// One router's management plane. Deliveries and answers wait in order of their moment, and those
/// of one moment in the order in which they were made.
class WorldRouters::Port final : public ports::Router {
 public:
  Port(WorldRouters& owner, const core::Model& model, core::RouterName name, RouterPace pace)
      : m_owner(owner), m_name(std::move(name)), m_pace(pace) {
    for (const core::Link& link : model.site.links)
      if (link.router == m_name) m_links.push_back(link);
    for (const core::Link& link : m_links)
      if (link.data_cap)
        m_plans.push_back({link, 0, m_owner.m_world.now() + link.data_cap->period});
  }

  void start(ports::EventSink& sink) override {
    m_sink = &sink;
    m_next_read = now();
    if (m_reachable) connect();
  }

  void submit(core::ActionId id, const core::ApplyQos& action, core::Instant deadline) override {
    const core::Instant at = std::min(now() + m_pace.write, deadline);
    m_writes.emplace(at, Write{id, action.desired});
  }

  void stop() override { m_sink = nullptr; }

  void poll() {
    carry_out_writes();
    if (now() >= m_next_read) read();
    deliver();
  }

  [[nodiscard]] core::Instant next_due() const {
    core::Instant due = m_next_read;
    if (!m_waiting.empty()) due = std::min(due, m_waiting.begin()->first);
    if (!m_writes.empty()) due = std::min(due, m_writes.begin()->first);
    return due;
  }

  void set_reachable(bool reachable) {
    if (std::exchange(m_reachable, reachable) == reachable) return;
    m_waiting.clear();
    if (reachable) {
      connect();
    } else {
      later(m_pace.period, core::RouterSession{m_name, core::SessionState::disconnected,
                                               "connection-lost", "the session broke"});
    }
  }

  void set_delay(core::Micros delay) { m_pace.delay = delay; }

  [[nodiscard]] const core::RouterName& name() const { return m_name; }

 private:
  struct Write {
    core::ActionId id = 0;
    core::RouterQos desired;
  };

  /// What the carrier would say of a data plan; its first period begins with the world.
  struct Plan {
    core::Link link;
    std::uint64_t before = 0;  ///< bytes in earlier periods
    core::Instant ends;
  };

  [[nodiscard]] core::Instant now() const { return m_owner.m_world.now(); }

  void later(core::Micros wait, core::EventBody body) {
    m_waiting.emplace(now() + wait, std::move(body));
  }

  void connect() {
    later(m_pace.delay, core::RouterSession{m_name, core::SessionState::connected, {}, {}});
    later(m_pace.delay, observed());
    for (const Plan& plan : m_plans) later(m_pace.delay, usage(plan));
  }

  [[nodiscard]] std::uint64_t carried(const Plan& plan) const {
    const InterfaceReading port = m_owner.m_world.interface(plan.link.interface);
    return port.tx_bytes + port.rx_bytes;
  }

  [[nodiscard]] core::LinkUsage usage(const Plan& plan) const {
    const auto used = static_cast<std::int64_t>(carried(plan) - plan.before);
    return {plan.link.name, now(), core::Bytes{used}, plan.ends - now()};
  }

  /// A carrier's word at the beginning of each period; in between the engine counts itself.
  void begin_periods() {
    for (Plan& plan : m_plans) {
      if (now() < plan.ends) continue;
      const core::Micros period = plan.link.data_cap->period;
      while (plan.ends <= now()) plan.ends = plan.ends + period;
      plan.before = carried(plan);
      if (m_reachable) later(m_pace.delay, usage(plan));
    }
  }

  [[nodiscard]] core::RouterQosObserved observed() const {
    core::RouterQosObserved seen{m_name, now(), std::nullopt, {}};
    const auto found = m_owner.m_installed.find(m_name);
    if (found != m_owner.m_installed.end()) seen.qos = found->second;
    return seen;
  }

  void read() {
    while (m_next_read <= now()) m_next_read = m_next_read + m_pace.period;
    begin_periods();
    if (!m_reachable) return;
    for (core::EventBody& sample : read_router(m_owner.m_world, m_links, m_probes_seen))
      later(m_pace.delay, std::move(sample));
  }

  void carry_out_writes() {
    while (!m_writes.empty() && m_writes.begin()->first <= now()) {
      Write write = std::move(m_writes.extract(m_writes.begin()).mapped());
      if (!m_reachable) {
        post(core::ActionDone{write.id, core::Outcome::failed, "connection-lost", m_name.text});
        continue;
      }
      m_owner.install(m_name, std::move(write.desired));
      post(observed());
      post(core::ActionDone{write.id, core::Outcome::done, {}, {}});
    }
  }

  void deliver() {
    while (!m_waiting.empty() && m_waiting.begin()->first <= now())
      post(std::move(m_waiting.extract(m_waiting.begin()).mapped()));
  }

  void post(core::EventBody body) {
    if (m_sink != nullptr) m_sink->post(std::move(body));
  }

  WorldRouters& m_owner;
  const core::RouterName m_name;
  RouterPace m_pace;
  std::vector<core::Link> m_links;
  std::vector<Plan> m_plans;
  ports::EventSink* m_sink = nullptr;
  bool m_reachable = true;
  core::Instant m_next_read;
  std::map<std::uint32_t, std::uint64_t> m_probes_seen;  ///< operations told, by IP SLA entry
  /// Samples under way: at most delay / period rounds of them.
  std::multimap<core::Instant, core::EventBody> m_waiting;
  /// The engine keeps one write in the air for each router.
  std::multimap<core::Instant, Write> m_writes;
};

WorldRouters::WorldRouters(World& world, const core::Model& model, RouterPace pace)
    : m_world(world) {
  WANWISE_CHECK(pace.period.count > 0 && pace.delay.count >= 0 && pace.write.count >= 0);
  for (const core::Router& router : model.site.routers)
    m_ports.push_back(std::make_unique<Port>(*this, model, router.name, pace));
}

WorldRouters::~WorldRouters() = default;

std::map<core::RouterName, ports::Router*> WorldRouters::ports() const {
  std::map<core::RouterName, ports::Router*> all;
  for (const auto& port : m_ports) all.emplace(port->name(), port.get());
  return all;
}

void WorldRouters::poll() {
  for (const auto& port : m_ports) port->poll();
}

core::Instant WorldRouters::next_due() const {
  core::Instant due{INT64_MAX};
  for (const auto& port : m_ports) due = std::min(due, port->next_due());
  return due;
}

void WorldRouters::set_reachable(const core::RouterName& router, bool reachable) {
  for (const auto& port : m_ports)
    if (port->name() == router) port->set_reachable(reachable);
}

void WorldRouters::set_delay(const core::RouterName& router, core::Micros delay) {
  for (const auto& port : m_ports)
    if (port->name() == router) port->set_delay(delay);
}

std::optional<core::Bps> WorldRouters::shaper(const core::LinkName& link) const {
  for (const auto& [router, qos] : m_installed)
    for (const core::WanQos& wan : qos.wans)
      if (wan.link == link) return wan.shaper;
  return std::nullopt;
}

void WorldRouters::install(const core::RouterName& router, core::RouterQos qos) {
  core::RouterQos& installed = m_installed[router];
  if (installed == qos) return;
  installed = std::move(qos);
  ++m_writes;
  m_world.configure(to_qos_config(m_installed));
}

}  // namespace wanwise::sim
