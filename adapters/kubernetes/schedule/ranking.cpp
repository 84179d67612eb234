#include "adapters/kubernetes/schedule/ranking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace wanwise::kubernetes {
namespace {

/// More would fill the condition of each pod.
constexpr std::size_t kMaxReasons = 20;

/// The first filter that a node fails names it, in the order of kube-scheduler's default profile.
void count_reasons(const PodKind& kind, const NodeTable::Row& row,
                   std::map<std::string, std::size_t>& counts) {
  const PodRules& rules = kind.rules;
  if (!kind.beyond.empty()) {
    ++counts[fmt::format("node(s) left out: wanwise does not judge {}", kind.beyond)];
  } else if (const Taint* taint = hard_taint(rules, row.node)) {
    const bool cordoned = taint->key == "node.kubernetes.io/unschedulable";
    ++counts[cordoned ? "node(s) were unschedulable"
                      : fmt::format("node(s) had taint {{{}: {}}}, that the pod didn't tolerate",
                                    taint->key, taint->value)];
  } else if (!selector_holds(rules, row.node) || !affinity_holds(rules, row.node)) {
    ++counts["node(s) didn't match Pod's node affinity"];
  } else {
    for (const std::string& name : lacking(rules.requests, row.node, row.use)) {
      ++counts[name == "pods" ? "Too many pods" : "Insufficient " + name];
    }
  }
}

std::int64_t used_millionths(std::int64_t used, const Resources& allocatable, const char* name) {
  const auto found = allocatable.find(name);
  if (found == allocatable.end() || found->second <= 0 || used >= found->second) return 1'000'000;
  return static_cast<std::int64_t>(1e6 * static_cast<double>(used) /
                                   static_cast<double>(found->second));
}

}  // namespace

std::string explain_none(const PodKind& kind, const NodeTable& table) {
  std::map<std::string, std::size_t> counts;
  for (const NodeTable::Row& row : table.rows()) {
    if (row.there) count_reasons(kind, row, counts);
  }
  std::vector<std::string> reasons;
  for (const auto& [reason, count] : counts) reasons.push_back(fmt::format("{} {}", count, reason));
  std::sort(reasons.begin(), reasons.end());
  if (reasons.size() > kMaxReasons) {
    const std::size_t more = reasons.size() - kMaxReasons;
    reasons.resize(kMaxReasons);
    reasons.push_back(fmt::format("and {} reasons more", more));
  }
  if (reasons.empty()) return fmt::format("0/{} nodes are available.", table.nodes());
  return fmt::format("0/{} nodes are available: {}.", table.nodes(), fmt::join(reasons, ", "));
}

bool Ranking::Better::operator()(const std::pair<Merit, Slot>& a,
                                 const std::pair<Merit, Slot>& b) const {
  if (a.first != b.first) return a.first < b.first;
  if (a.second == b.second) return false;
  const auto& rows = table->rows();
  return rows[a.second].node.name < rows[b.second].node.name;
}

Ranking::Ranking(const PodKind& kind, NodeTable& table)
    : m_kind(kind), m_table(table), m_order(Better{&table}) {
  m_table.add(*this);
  for (Slot slot = 0; slot < m_table.rows().size(); ++slot) look_at(slot);
}

Ranking::~Ranking() {
  m_table.drop(*this);
}

const std::string* Ranking::best() {
  for (const Slot slot : std::exchange(m_touched, {})) {
    m_is_touched[slot] = false;
    look_at(slot);
  }
  if (m_order.empty()) return nullptr;
  return &m_table.rows()[m_order.begin()->second].node.name;
}

const std::string& Ranking::why_none() {
  if (!m_why) m_why = explain_none(m_kind, m_table);
  return *m_why;
}

void Ranking::grow() {
  m_merits.resize(m_table.rows().size());
  m_is_touched.resize(m_table.rows().size());
}

void Ranking::touch(Slot slot) {
  grow();
  m_why.reset();
  if (m_is_touched[slot]) return;
  m_is_touched[slot] = true;
  m_touched.push_back(slot);
}

void Ranking::look_at(Slot slot) {
  grow();
  std::optional<Merit>& merit = m_merits[slot];
  if (merit) m_order.erase({*merit, slot});
  merit.reset();
  const NodeTable::Row& row = m_table.rows()[slot];
  if (!row.there || !m_kind.beyond.empty() || !fits(m_kind.rules, row.node, row.use)) return;
  merit = merit_of(row);
  m_order.insert({*merit, slot});
}

Ranking::Merit Ranking::merit_of(const NodeTable::Row& row) const {
  Merit merit;
  for (const Taint& taint : row.node.taints) {
    if (taint.effect == "PreferNoSchedule" && !tolerated(m_kind.rules, taint)) ++merit.avoided;
  }
  for (const PreferredTerm& one : m_kind.preferred) {
    if (matches(one.term, row.node)) merit.disliked -= one.weight;
  }
  // The pod's own requests come on top on every node alike in amount, but not in share.
  const auto with = [&](std::int64_t used, const char* name) {
    const auto found = m_kind.rules.requests.find(name);
    const std::int64_t own = found == m_kind.rules.requests.end() ? 0 : found->second;
    return used_millionths(used + own, row.node.allocatable, name);
  };
  merit.used = (with(row.cpu, "cpu") + with(row.memory, "memory")) / 2;
  return merit;
}

}  // namespace wanwise::kubernetes
