#include "adapters/kubernetes/view/heartbeats.hpp"

#include <utility>

#include "adapters/kubernetes/api/fields.hpp"

namespace wanwise::kubernetes {

void Heartbeats::list_begins() {
  m_listed.clear();
  m_listing = true;
}

void Heartbeats::put(const boost::json::value& lease) {
  const std::string node = text_at(lease, {"metadata", "name"});
  Beat beat{text_at(lease, {"spec", "renewTime"}), std::chrono::steady_clock::now()};
  const auto known = m_beats.find(node);
  if (known != m_beats.end() && known->second.renewed == beat.renewed) {
    beat.seen = known->second.seen;
  }
  if (m_listing) m_listed.insert_or_assign(node, beat);
  m_beats.insert_or_assign(node, std::move(beat));
}

void Heartbeats::removed(const boost::json::value& lease) {
  m_beats.erase(text_at(lease, {"metadata", "name"}));
}

void Heartbeats::list_ends() {
  m_beats = std::exchange(m_listed, {});
  m_listing = false;
}

void Heartbeats::followed() {
  m_trouble.reset();
  const SteadyTime now = std::chrono::steady_clock::now();
  for (auto& [node, beat] : m_beats) beat.seen = now;
}

std::optional<std::chrono::milliseconds> Heartbeats::age(const std::string& node,
                                                         SteadyTime now) const {
  const auto found = m_beats.find(node);
  if (m_trouble || found == m_beats.end()) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::milliseconds>(now - found->second.seen);
}

}  // namespace wanwise::kubernetes
