#include "adapters/kubernetes/schedule/pod_queue.hpp"

#include <algorithm>
#include <utility>

namespace wanwise::kubernetes {

PodQueue::Order PodQueue::order_of(const PodToBind& pod) {
  return {-pod.priority, pod.created, pod.name};
}

void PodQueue::put(PodToBind pod) {
  std::string key = pod.kind.key();
  if (Entry* known = find(pod.name, pod.uid)) {
    known->pod.version = std::move(pod.version);
    known->pod.told = std::move(pod.told);
    // Of a pod's rules only its tolerations can grow; one that is being bound may go there anyway.
    if (known->kind == key || known->state == State::binding) return;
  }
  remove(pod.name);
  const auto [kind, fresh] = m_kinds.try_emplace(key);
  if (fresh) kind->second.kind = pod.kind;
  ++kind->second.pods;
  m_ready.insert(order_of(pod));
  const ObjectName name = pod.name;
  Entry entry;
  entry.pod = std::move(pod);
  entry.kind = std::move(key);
  m_pods.emplace(name, std::move(entry));
}

void PodQueue::remove(const ObjectName& name) {
  const auto found = m_pods.find(name);
  if (found == m_pods.end()) return;
  detach(found->second);
  const auto kind = m_kinds.find(found->second.kind);
  if (--kind->second.pods == 0) {
    if (kind->second.ranking) --m_rankings;
    m_kinds.erase(kind);
  }
  m_pods.erase(found);
}

PodQueue::Entry* PodQueue::find(const ObjectName& name) {
  const auto found = m_pods.find(name);
  return found == m_pods.end() ? nullptr : &found->second;
}

PodQueue::Entry* PodQueue::find(const ObjectName& name, const std::string& uid) {
  Entry* found = find(name);
  return found == nullptr || found->pod.uid != uid ? nullptr : found;
}

/// Out of the set that its state keeps it in.
void PodQueue::detach(Entry& entry) {
  switch (entry.state) {
    case State::ready:
      m_ready.erase(order_of(entry.pod));
      break;
    case State::parked:
      m_parked.erase({entry.wake, entry.pod.name});
      m_kinds.at(entry.kind).parked.erase(entry.pod.name);
      break;
    case State::binding:
      break;
  }
}

PodQueue::Entry* PodQueue::take() {
  if (m_ready.empty()) return nullptr;
  Entry& entry = m_pods.at(std::get<ObjectName>(*m_ready.begin()));
  detach(entry);
  entry.state = State::binding;
  return &entry;
}

void PodQueue::park(Entry& entry, SteadyTime now) {
  detach(entry);
  entry.state = State::parked;
  auto wait = m_backoff.first;
  for (int i = 0; i < entry.failures && wait < m_backoff.most; ++i) wait *= 2;
  ++entry.failures;
  entry.not_before = now + std::min(wait, m_backoff.most);
  entry.wake = now + m_backoff.blind;
  m_parked.insert({entry.wake, entry.pod.name});
  m_kinds.at(entry.kind).parked.insert(entry.pod.name);
}

void PodQueue::wake_at(Entry& entry, SteadyTime at) {
  if (entry.wake <= at) return;
  m_parked.erase({entry.wake, entry.pod.name});
  entry.wake = at;
  m_parked.insert({entry.wake, entry.pod.name});
}

void PodQueue::release(SteadyTime now) {
  const std::vector<NodeTable::Slot> improved = m_table.take_improved();
  for (auto& [key, kind] : m_kinds) {
    if (kind.parked.empty() || !kind.kind.beyond.empty()) continue;
    const bool hope = std::any_of(improved.begin(), improved.end(), [&](NodeTable::Slot slot) {
      const NodeTable::Row& row = m_table.rows()[slot];
      return row.there && fits(kind.kind.rules, row.node, row.use);
    });
    if (!hope) continue;
    for (const ObjectName& name : kind.parked) {
      Entry& entry = m_pods.at(name);
      wake_at(entry, std::max(now, entry.not_before));
    }
  }
  while (!m_parked.empty() && m_parked.begin()->first <= now) {
    Entry& entry = m_pods.at(m_parked.begin()->second);
    detach(entry);
    entry.state = State::ready;
    m_ready.insert(order_of(entry.pod));
  }
}

std::optional<SteadyTime> PodQueue::next() const {
  if (m_parked.empty()) return std::nullopt;
  return m_parked.begin()->first;
}

Ranking& PodQueue::ranking_for(const Entry& entry) {
  Kind& kind = m_kinds.at(entry.kind);
  kind.asked = ++m_asked;
  if (kind.ranking) return *kind.ranking;
  if (m_rankings == kRankings) {
    Kind* oldest = nullptr;
    for (auto& [key, other] : m_kinds) {
      if (other.ranking && (oldest == nullptr || other.asked < oldest->asked)) oldest = &other;
    }
    oldest->ranking.reset();
    --m_rankings;
  }
  ++m_rankings;
  kind.ranking = std::make_unique<Ranking>(kind.kind, m_table);
  return *kind.ranking;
}

}  // namespace wanwise::kubernetes
