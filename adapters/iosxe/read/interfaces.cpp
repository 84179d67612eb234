#include "adapters/iosxe/read/interfaces.hpp"

#include <algorithm>
#include <limits>
#include <string_view>

namespace wanwise::iosxe {
namespace {

constexpr std::string_view kOperReady = "if-oper-state-ready";

bool is_in_child(const XmlNode& entry, const core::LinkName& link) {
  return entry.child("parent-path").text().find(child_policy(link)) != std::string_view::npos;
}

}  // namespace

std::uint64_t Unwrapped::next(std::uint32_t value) {
  constexpr std::uint64_t kTurn = std::uint64_t{1} << 32U;
  if (m_last && value < *m_last) m_turns += kTurn;
  m_last = value;
  return m_turns + value;
}

std::optional<std::uint64_t> InterfaceReader::sent_bytes(const XmlNode& statistics,
                                                         const LinkConfig& link) {
  const XmlNode wide = statistics.child("out-octets-64");
  if (wide) return m_values->counter(statistics, "out-octets-64");
  const auto narrow =
      m_values->integer(statistics, "out-octets", 0, std::numeric_limits<std::uint32_t>::max());
  if (!narrow) return std::nullopt;
  return m_unwrapped[link.interface].next(static_cast<std::uint32_t>(*narrow));
}

void InterfaceReader::read(const XmlNode& node, core::Instant at,
                           std::vector<core::EventBody>& events) {
  const std::string_view name = node.child("name").text();
  read_port(name, node.child("oper-status").text(), at, events);
  const auto link =
      std::find_if(m_config->links.begin(), m_config->links.end(),
                   [&](const LinkConfig& candidate) { return candidate.interface == name; });
  if (link == m_config->links.end()) return;
  const XmlNode statistics = node.child("statistics");
  const auto sent = sent_bytes(statistics, *link);
  const auto received = m_values->counter(statistics, "in-octets");
  const auto drops = m_values->counter(statistics, "out-discards");
  const std::string_view state = node.child("oper-status").text();
  if (sent && received && !state.empty()) {
    events.emplace_back(core::LinkCounters{link->name, at, state == kOperReady, *sent, *received,
                                           drops.value_or(0)});
  } else {
    // Half a sample would be a wrong one: zero bytes are a rate, and absence is not "down".
    m_values->complain(degraded::kCountersMissing, link->interface);
  }
  read_queues(node, *link, at, events);
}

void InterfaceReader::read_port(std::string_view interface, std::string_view state,
                                core::Instant at, std::vector<core::EventBody>& events) const {
  if (state.empty()) return;
  for (const NodePortConfig& port : m_config->node_ports) {
    if (port.interface != interface) continue;
    events.emplace_back(core::NodePort{port.node, at, state == kOperReady});
  }
}

void InterfaceReader::read_queues(const XmlNode& node, const LinkConfig& link, core::Instant at,
                                  std::vector<core::EventBody>& events) {
  const std::string policy = parent_policy(link.name);
  for (const XmlNode& info : node.children("diffserv-info")) {
    if (info.child("direction").text() != "qos-outbound") continue;
    if (info.child("policy-name").text() != policy) continue;
    // One class may stand in several places below a policy, told apart by parent-path; ours is the
    // one in our child policy, and only a path that does not name policies lets any other count.
    std::vector<core::ClassName> seen, without_queue;
    const auto entries = info.children("diffserv-target-classifier-stats");
    for (const bool in_child : {true, false}) {
      for (const XmlNode& entry : entries) {
        if (is_in_child(entry, link.name) != in_child) continue;
        const auto service_class = class_at(entry, in_child);
        if (!service_class || std::find(seen.begin(), seen.end(), *service_class) != seen.end())
          continue;
        seen.push_back(*service_class);
        if (!read_queue(entry.child("queuing-stats"), {link.name, *service_class, at, 0, 0, 0},
                        events))
          without_queue.push_back(*service_class);
      }
    }
    // Priority classes share one queue, and IOS counts it apart from them; with a single such class
    // it is that class's.
    const auto levels = info.children("priority-oper-list");
    if (without_queue.size() == 1 && levels.size() == 1)
      (void)read_queue(levels.front().child("agg-priority-stats"),
                       {link.name, without_queue.front(), at, 0, 0, 0}, events);
  }
}

std::optional<core::ClassName> InterfaceReader::class_at(const XmlNode& entry,
                                                         bool in_child) const {
  const std::string_view name = entry.child("classifier-entry-name").text();
  if (name.starts_with(kClassMapPrefix))
    return m_names->class_of(name.substr(kClassMapPrefix.size()));
  // The parent has a class-default too, the sum of all; only the child's is a queue of its own.
  if (name == kClassDefault && in_child) return core::ClassName{std::string{kClassDefault}};
  return std::nullopt;
}

bool InterfaceReader::read_queue(const XmlNode& queue, core::ClassCounters sample,
                                 std::vector<core::EventBody>& events) {
  const auto sent = m_values->counter(queue, "output-bytes");
  const auto dropped = m_values->counter(queue, "drop-bytes");
  if (!sent || !dropped) return false;
  sample.tx_bytes = *sent;
  sample.drop_bytes = *dropped;
  sample.queue_bytes = m_values->counter(queue, "queue-size-bytes").value_or(0);
  events.emplace_back(std::move(sample));
  return true;
}

}  // namespace wanwise::iosxe
