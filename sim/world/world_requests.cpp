#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/core/model_index.hpp"
#include "sim/world/world_state.hpp"

namespace wanwise::sim {
namespace {

// The IR1101's LAN ports are Fast Ethernet: a request's packets reach the router at most this fast.
constexpr core::Bps kLanRate{100'000'000};
// IPv4 and TCP with the timestamps that every current stack sends; IPv4 and UDP.
constexpr std::uint32_t kTcpHeader = 20 + 32;
constexpr std::uint32_t kUdpHeader = 20 + 8;

// Ways over trunks that are ever in use: every router of a site (32) to every link (32).
constexpr std::size_t kMaxRoutes = 1'024;

constexpr std::uint32_t packets_for(std::int64_t bytes, std::uint32_t header) {
  const std::int64_t payload = kMtu - header;
  return static_cast<std::uint32_t>(std::max<std::int64_t>(1, (bytes + payload - 1) / payload));
}

}  // namespace

std::uint32_t World::State::header(std::uint32_t workload) const {
  return model.policy.workloads[workload].transport == core::Transport::tcp ? kTcpHeader
                                                                            : kUdpHeader;
}

Packet World::State::next_packet(std::uint64_t id, const Request& request, std::int64_t whole,
                                 std::int64_t& left) const {
  const std::uint32_t head = header(request.workload);
  Packet packet;
  packet.id = id;
  packet.key = request.key + static_cast<std::uint64_t>((whole - left) / (kMtu - head));
  switch (tuning.detail) {
    case Detail::packets: {
      const std::int64_t payload = std::min<std::int64_t>(left, kMtu - head);
      packet.bytes = static_cast<std::uint32_t>(payload) + head;
      left -= payload;
      break;
    }
    case Detail::requests:
      packet.train = packets_for(left, head);
      packet.bytes = static_cast<std::uint32_t>(left) + packet.train * head;
      left = 0;
      break;
  }
  return packet;
}

void World::State::arrival(Nanos now, std::size_t source_at, const Arrival& arrived) {
  SourceState& source = sources[source_at];
  WorkloadState& workload = workloads[source.workload];
  // The draws come before any decision is looked at: every policy meets the same requests.
  const std::uint64_t uniform_bits = workload.service.next();
  arrivals.add(static_cast<std::uint64_t>(now));
  arrivals.add(source_at);
  arrivals.add(static_cast<std::uint64_t>(arrived.bytes));
  arrivals.add(uniform_bits);
  workload.meter.generated();
  const std::uint64_t serial = source.serial++;
  const bool suspended = !workload.serving && !workload.starting;
  if (suspended || !within_rung(source, workload)) {
    workload.meter.skipped();
    if (observer != nullptr)
      observer->on_end(
          {source.workload, source.source, std::nullopt, RequestFate::skipped, now, now});
    return;
  }
  Request request;
  request.created = now;
  request.deadline = now + workload.patience;
  request.draw = (static_cast<double>(uniform_bits >> 12) + 0.5) * 0x1p-52;
  request.key = request_key(source_at, serial);
  request.bytes = arrived.bytes;
  request.source = static_cast<std::uint32_t>(source_at);
  request.workload = source.workload;
  send(now, source, request);
}

// A rung below the first caps the request rate: the source leaves frames out, evenly.
bool World::State::within_rung(SourceState& source, const WorkloadState& workload) {
  const auto& instance = workload.serving ? workload.serving : workload.starting;
  if (instance->rung == 0) return true;
  const auto cap = model.policy.workloads[source.workload].ladder[instance->rung].rate;
  if (cap >= workload.offered) return true;
  source.credit += cap.count;
  if (source.credit < workload.offered.count) return false;
  source.credit -= workload.offered.count;
  return true;
}

void World::State::send(Nanos now, SourceState& source, Request request) {
  WorkloadState& workload = workloads[request.workload];
  if (workload.serving) {
    request.target = route(workload);
    request.rung = workload.serving->rung;
    request.spilled = request.target != workload.serving->target;
  }
  meter_of(request).sent();
  const std::uint64_t id = workload.serving ? requests.add(request) : 0;
  if (id == 0) {  // nobody listens yet, or too many are under way
    meter_of(request).lost();
    outcomes.add(static_cast<std::uint64_t>(now));
    if (observer != nullptr)
      observer->on_end({source.workload, source.source, std::nullopt, RequestFate::lost, now, now});
    return;
  }
  census.enter(now);
  watch_deadline(now, request.workload, request.deadline, id);
  const TargetState& target = targets[request.target];
  if (target.cloud) {
    send_to_cloud(now, source, id, *requests.find(id));
    return;
  }
  events.schedule(now + lan_delay(source, target.at), reach_node_call, id);
}

Nanos World::State::lan_delay(const SourceState& source, std::size_t node) const {
  const core::Node& to = model.site.nodes[node];
  const Nanos lan = to_nanos(to.lan_delay);
  const core::Index router = core::index_of(model.site.routers, to.router);
  if (router == core::kNone) return lan;
  return lan + network.delay(source.router, static_cast<std::size_t>(router)).value_or(0);
}

// By turns, in proportion to the shares: after any number of requests each target has had its part
// of them to within one. A target that is not ready is left out, as a Service leaves out its pods.
std::uint32_t World::State::route(WorkloadState& workload) {
  const Instance& instance = *workload.serving;
  if (!instance.spill) return instance.target;
  workload.spill_credit += instance.spill->share;
  std::uint32_t target = instance.target;
  if (workload.spill_credit >= core::kWhole) {
    workload.spill_credit -= core::kWhole;
    target = instance.spill->target;
  }
  return workload.returning == target ? instance.other_than(target) : target;
}

Meter& World::State::meter_of(const Request& request) {
  WorkloadState& workload = workloads[request.workload];
  return request.spilled ? workload.spilled : workload.meter;
}

void World::State::watch_deadline(Nanos now, std::uint32_t workload, Nanos deadline,
                                  std::uint64_t id) {
  auto& w = workloads[workload];
  while (!w.deadlines.empty() && requests.find(w.deadlines.front().second) == nullptr)
    w.deadlines.pop_front();
  w.deadlines.emplace_back(deadline, id);
  if (w.deadline_armed) return;
  w.deadline_armed = true;
  events.schedule(std::max(now, w.deadlines.front().first), expire_call, workload);
}

void World::State::expire(Nanos now, std::uint64_t workload) {
  auto& w = workloads[workload];
  while (!w.deadlines.empty()) {
    const auto [deadline, id] = w.deadlines.front();
    const bool gone = requests.find(id) == nullptr;
    if (!gone && deadline > now) break;
    w.deadlines.pop_front();
    if (!gone) lose(now, id);
  }
  w.deadline_armed = !w.deadlines.empty();
  if (w.deadline_armed) events.schedule(w.deadlines.front().first, expire_call, workload);
}

void World::State::send_to_cloud(Nanos now, const SourceState& source, std::uint64_t id,
                                 Request& request) {
  if (!route(now, source, request)) {  // the router answers "unreachable"
    lose(now, id);
    return;
  }
  request.bytes_to_send = request.bytes;
  request.packets_awaited = packets_for(request.bytes, header(request.workload));
  put_on_lan(now, id);
}

bool World::State::route(Nanos now, const SourceState& source, Request& request) {
  if (network.trivial()) {
    const auto up = std::find_if(source.wan_links.begin(), source.wan_links.end(),
                                 [&](std::uint32_t link) { return links[link]->up(now); });
    if (up == source.wan_links.end()) return false;
    request.link = *up;
    return true;
  }
  const auto found = network.route(source.router, flow_of(source, targets[request.target].at),
                                   [&](std::size_t link) { return links[link]->up(now); });
  if (!found) return false;
  request.link = found->link;
  if (found->lines.empty()) return true;
  const auto known = std::find(routes.begin(), routes.end(), *found);
  if (known == routes.end() && routes.size() == kMaxRoutes) return false;
  request.route = static_cast<std::uint32_t>(known - routes.begin()) + 1;
  if (known == routes.end()) routes.push_back(*found);
  return true;
}

void World::State::leave_source(Nanos now, const Request& request, const Packet& packet) {
  if (request.route == 0) {
    links[request.link]->send(now, packet);
  } else {
    network.send(now, routes[request.route - 1].lines.front(), packet);
  }
}

// A line's number with its last bit turned is the same trunk the other way.
void World::State::crossed(Nanos now, std::uint32_t line, const Packet& packet) {
  const Request* request = requests.find(packet.id);
  if (request == nullptr || request->route == 0) return;
  const auto& lines = routes[request->route - 1].lines;
  const bool back = packet.kind == PacketKind::response;
  const auto here = std::find(lines.begin(), lines.end(), back ? line ^ 1U : line);
  if (here == lines.end()) return;
  if (back) {
    if (here == lines.begin()) {
      reach_source(now, packet);
    } else {
      network.send(now, *(here - 1) ^ 1U, packet);
    }
  } else if (here + 1 == lines.end()) {
    links[request->link]->send(now, packet);
  } else {
    network.send(now, *(here + 1), packet);
  }
}

void World::State::lost_on_trunk(Nanos now, const Packet& packet) {
  lost_on_link(now, 0, packet);
}

void World::State::put_on_lan(Nanos now, std::uint64_t id) {
  Request* request = requests.find(id);
  if (request == nullptr) return;
  Packet packet = next_packet(id, *request, request->bytes, request->bytes_to_send);
  const SourceState& source = sources[request->source];
  packet.dscp = source.marks[targets[request->target].at];
  LanCounters& lan = lans[model.site.sources[source.source].router.text];
  lan.rx_bytes += packet.bytes;
  lan.rx_packets += packet.train;
  const Nanos next = now + transmission(packet.bytes, kLanRate);
  if (request->bytes_to_send > 0) events.schedule(next, put_on_lan_call, id);
  leave_source(now, *request, packet);
}

void World::State::reach_node(Nanos now, std::uint64_t id) {
  const Request* request = requests.find(id);
  if (request != nullptr) targets[request->target].station->submit(now, id);
}

void World::State::arrived_far(Nanos now, std::size_t, const Packet& packet) {
  Request* request = requests.find(packet.id);
  if (request == nullptr) return;
  request->packets_awaited -= packet.train;
  if (request->packets_awaited > 0) return;
  const auto& cloud = model.site.clouds[targets[request->target].at];
  events.schedule(now + to_nanos(cloud.beyond_probe) / 2, reach_cloud_call, packet.id);
}

void World::State::reach_cloud(Nanos now, std::uint64_t id) {
  reach_node(now, id);
}

Nanos World::State::service_time(Nanos, std::size_t station, JobId job) {
  const Request* request = requests.find(job);
  if (request == nullptr) return -1;
  const TargetState& target = targets[station];
  const auto& law = target.laws[request->workload][request->rung];
  WANWISE_CHECK(law.has_value());
  double micros = law->of(request->draw);
  micros *= static_cast<double>(target.slowdown.count) * 1e-6;
  micros *= static_cast<double>(target.throttling().count) * 1e-6;
  WorkloadState& workload = workloads[request->workload];
  if (workload.cold[station])
    micros *= static_cast<double>(target.profile->cold_start.count) * 1e-6;
  workload.cold[station] = false;
  return static_cast<Nanos>(micros * 1000);
}

std::size_t World::State::model_of(std::size_t station, JobId job) {
  const Request* request = requests.find(job);
  return request == nullptr ? 0 : targets[station].models[request->workload][request->rung];
}

void World::State::served(Nanos now, std::size_t station, JobId job) {
  const Request* request = requests.find(job);
  if (request == nullptr) return;
  const TargetState& target = targets[station];
  if (target.cloud) {
    const Nanos beyond = to_nanos(model.site.clouds[target.at].beyond_probe) / 2;
    events.schedule(now + beyond, respond_call, job);
  } else {
    events.schedule(now + lan_delay(sources[request->source], target.at), finish_call, job);
  }
}

void World::State::lost(Nanos now, std::size_t, JobId job) {
  if (requests.find(job) != nullptr) lose(now, job);
}

void World::State::respond(Nanos now, std::uint64_t id) {
  Request* request = requests.find(id);
  if (request == nullptr) return;
  const std::int64_t whole = model.policy.workloads[request->workload].response.count;
  request->packets_awaited = packets_for(whole, header(request->workload));
  WanLink& link = *links[request->link];
  std::int64_t left = whole;
  do {
    Packet packet = next_packet(id, *request, whole, left);
    packet.kind = PacketKind::response;
    link.respond(now, packet);
    request = requests.find(id);
  } while (left > 0 && request != nullptr);
}

void World::State::arrived_near(Nanos now, std::size_t, const Packet& packet) {
  const Request* request = requests.find(packet.id);
  if (request == nullptr) return;
  if (request->route == 0) {
    reach_source(now, packet);
  } else {
    network.send(now, routes[request->route - 1].lines.back() ^ 1U, packet);
  }
}

void World::State::reach_source(Nanos now, const Packet& packet) {
  Request* request = requests.find(packet.id);
  if (request == nullptr) return;
  LanCounters& lan = lans[model.site.sources[sources[request->source].source].router.text];
  lan.tx_bytes += packet.bytes;
  lan.tx_packets += packet.train;
  request->packets_awaited -= packet.train;
  if (request->packets_awaited == 0) finish(now, packet.id);
}

// TCP sends a lost packet again, each time later; UDP's request is lost with it.
void World::State::lost_on_link(Nanos now, std::size_t, const Packet& packet) {
  const Request* request = requests.find(packet.id);
  if (request == nullptr) return;
  switch (model.policy.workloads[request->workload].transport) {
    case core::Transport::tcp:
      if (packet.resends < resends.size()) {
        Packet again = packet;
        ++again.resends;
        resends[packet.resends]->accept(now, again);
      } else {
        lose(now, packet.id);
      }
      break;
    case core::Transport::udp:
      lose(now, packet.id);
      break;
  }
}

void World::State::accept(Nanos now, const Packet& packet) {
  const Request* request = requests.find(packet.id);
  if (request == nullptr) return;
  if (packet.kind == PacketKind::response) {
    links[request->link]->respond(now, packet);
  } else {
    leave_source(now, *request, packet);
  }
}

void World::State::finish(Nanos now, std::uint64_t id) {
  const Request* request = requests.find(id);
  if (request == nullptr) return;
  outcomes.add(static_cast<std::uint64_t>(now));
  outcomes.add(id);
  census.leave(now);
  meter_of(*request).completed(now - request->created);
  tell_end(now, *request, RequestFate::completed);
  requests.remove(id);
}

void World::State::lose(Nanos now, std::uint64_t id) {
  const Request* request = requests.find(id);
  WANWISE_CHECK(request != nullptr);
  outcomes.add(static_cast<std::uint64_t>(now));
  outcomes.add(~id);
  census.leave(now);
  meter_of(*request).lost();
  tell_end(now, *request, RequestFate::lost);
  requests.remove(id);
}

void World::State::tell_end(Nanos now, const Request& request, RequestFate fate) {
  if (observer == nullptr) return;
  observer->on_end({request.workload, sources[request.source].source, request.target, fate,
                    request.created, now});
}

}  // namespace wanwise::sim
