#include "sim/world/traffic/request_table.hpp"

#include "engine/core/check.hpp"

namespace wanwise::sim {

std::uint64_t RequestTable::add(const Request& request) {
  if (m_free.empty()) {
    if (m_slots.size() >= kMaxLive) return 0;
    m_free.push_back(static_cast<std::uint32_t>(m_slots.size()));
    m_slots.emplace_back();
  }
  const std::uint32_t index = m_free.back();
  m_free.pop_back();
  Slot& slot = m_slots[index];
  slot.request = request;
  slot.live = true;
  return std::uint64_t{slot.generation} << 32 | index;
}

Request* RequestTable::find(std::uint64_t id) {
  const auto index = static_cast<std::size_t>(id & 0xffffffff);
  if (index >= m_slots.size()) return nullptr;
  Slot& slot = m_slots[index];
  return slot.live && slot.generation == id >> 32 ? &slot.request : nullptr;
}

RequestTime RequestTable::ages(Nanos now) const {
  WideNanos sum = 0;
  for (const Slot& slot : m_slots)
    if (slot.live) sum += now - slot.request.created;
  return to_request_time(sum);
}

void RequestTable::remove(std::uint64_t id) {
  WANWISE_CHECK(find(id) != nullptr);
  const auto index = static_cast<std::uint32_t>(id & 0xffffffff);
  m_slots[index].live = false;
  ++m_slots[index].generation;
  m_free.push_back(index);
}

}  // namespace wanwise::sim
