#include "adapters/kubernetes/schedule/node_table.hpp"

#include <algorithm>
#include <utility>

#include "adapters/kubernetes/schedule/ranking.hpp"

namespace wanwise::kubernetes {
namespace {

// kube-scheduler's for pods that ask for nothing (scheduler/util, non_zero.go): a tenth of a core
// and 200 MiB.
constexpr std::int64_t kDefaultCpu = 100;
constexpr std::int64_t kDefaultMemory = std::int64_t{200} * 1024 * 1024 * 1000;

std::int64_t amount(const Resources& requests, const char* name, std::int64_t otherwise) {
  const auto found = requests.find(name);
  return found == requests.end() || found->second == 0 ? otherwise : found->second;
}

}  // namespace

void NodeTable::put(NodeObject node) {
  const Slot slot = slot_of(node.name);
  Row& row = m_rows[slot];
  if (!std::exchange(row.there, true)) ++m_nodes;
  row.node = std::move(node);
  touch(slot);
  improved(slot);
}

void NodeTable::remove(const std::string& name) {
  const auto found = m_slots.find(name);
  if (found == m_slots.end()) return;
  const Slot slot = found->second;
  Row& row = m_rows[slot];
  if (std::exchange(row.there, false)) --m_nodes;
  touch(slot);
  free_if_empty(slot);
}

void NodeTable::stand(const ObjectName& pod, const std::string& uid, const std::string& node,
                      const Resources& requests) {
  if (const auto found = m_pods.find(pod); found != m_pods.end()) {
    const Standing& standing = found->second;
    if (standing.uid == uid && m_rows[standing.slot].node.name == node &&
        standing.requests == requests) {
      return;
    }
    leave(pod);
  }
  const Slot slot = slot_of(node);
  Row& row = m_rows[slot];
  add_pod(row.use, requests);
  row.cpu += amount(requests, "cpu", kDefaultCpu);
  row.memory += amount(requests, "memory", kDefaultMemory);
  ++row.pods;
  m_pods.emplace(pod, Standing{uid, slot, requests});
  touch(slot);
}

void NodeTable::leave(const ObjectName& pod) {
  const auto found = m_pods.find(pod);
  if (found == m_pods.end()) return;
  const Slot slot = found->second.slot;
  const Resources requests = std::move(found->second.requests);
  m_pods.erase(found);
  Row& row = m_rows[slot];
  remove_pod(row.use, requests);
  row.cpu -= amount(requests, "cpu", kDefaultCpu);
  row.memory -= amount(requests, "memory", kDefaultMemory);
  --row.pods;
  touch(slot);
  improved(slot);
  free_if_empty(slot);
}

bool NodeTable::stands(const ObjectName& pod, const std::string& uid) const {
  const auto found = m_pods.find(pod);
  return found != m_pods.end() && found->second.uid == uid;
}

std::vector<NodeTable::Slot> NodeTable::take_improved() {
  for (const Slot slot : m_improved) m_is_improved[slot] = false;
  return std::exchange(m_improved, {});
}

void NodeTable::drop(Ranking& ranking) {
  std::erase(m_rankings, &ranking);
}

NodeTable::Slot NodeTable::slot_of(const std::string& node) {
  if (const auto found = m_slots.find(node); found != m_slots.end()) return found->second;
  Slot slot = static_cast<Slot>(m_rows.size());
  if (m_free.empty()) {
    m_rows.emplace_back();
    m_is_improved.push_back(false);
  } else {
    slot = m_free.back();
    m_free.pop_back();
  }
  m_rows[slot].node.name = node;
  m_slots.emplace(node, slot);
  return slot;
}

/// Rankings are sorted by the names of the nodes: none may hold the slot when it gets a new one.
void NodeTable::free_if_empty(Slot slot) {
  Row& row = m_rows[slot];
  if (row.there || row.pods > 0) return;
  for (Ranking* ranking : m_rankings) ranking->look_at(slot);
  m_slots.erase(row.node.name);
  row = Row{};
  m_free.push_back(slot);
}

void NodeTable::touch(Slot slot) {
  for (Ranking* ranking : m_rankings) ranking->touch(slot);
}

void NodeTable::improved(Slot slot) {
  if (m_is_improved[slot]) return;
  m_is_improved[slot] = true;
  m_improved.push_back(slot);
}

}  // namespace wanwise::kubernetes
