#include "adapters/iosxe/read/health.hpp"

#include <algorithm>
#include <string_view>

#include "adapters/iosxe/xml/namespaces.hpp"

namespace wanwise::iosxe {
namespace {

constexpr std::int64_t kPpmOfPercent = 10'000;
/// 1 TiB in KiB: no router has more.
constexpr std::int64_t kMaxMemoryKb = std::int64_t{1} << 30;
/// The same in MiB, and more CPU units than any IOx platform (an IR1835 has 1617).
constexpr std::int64_t kMaxMemoryMb = std::int64_t{1} << 20;
constexpr std::int64_t kMaxCpuUnits = 1'000'000;

}  // namespace

std::optional<core::Ppm> HealthReader::cpu(const XmlNode& usage) {
  const auto percent = m_values->integer(usage.child("cpu-utilization"), "five-seconds", 0, 100);
  return percent ? std::optional{core::Ppm{*percent * kPpmOfPercent}} : std::nullopt;
}

/// The scarcest of the control processors. "Available" counts what caches would give back.
std::optional<core::Bytes> HealthReader::memory(const XmlNode& platform) {
  std::optional<core::Bytes> least;
  for (const XmlNode& process : platform.child("control-processes").children("control-process")) {
    const XmlNode stats = process.child("memory-stats");
    const bool available = static_cast<bool>(stats.child("available-number"));
    const auto kilobytes =
        m_values->integer(stats, available ? "available-number" : "free-number", 0, kMaxMemoryKb);
    if (!kilobytes) continue;
    const core::Bytes bytes{*kilobytes * 1024};
    least = least ? std::min(*least, bytes) : bytes;
  }
  return least;
}

/// What the quota for hosted applications has left. Units are finer than per cent and come first.
void HealthReader::read_app_hosting(const XmlNode& oper, core::RouterHealth& health) {
  for (const XmlNode& resources : oper.children("app-resources")) {
    for (const XmlNode& cpu : resources.children("cpu")) {
      if (health.app_cpu_free) break;
      const bool units = static_cast<bool>(cpu.child("quota-unit"));
      const auto quota = m_values->integer(cpu, units ? "quota-unit" : "quota", 0, kMaxCpuUnits);
      const auto left =
          m_values->integer(cpu, units ? "available-unit" : "available", 0, kMaxCpuUnits);
      if (!quota || !left || *quota == 0) continue;
      health.app_cpu_free = core::Ppm{std::min(*left, *quota) * core::kWhole.count / *quota};
    }
    for (const XmlNode& memory : resources.children("memory")) {
      if (health.app_memory_free) break;
      if (const auto left = m_values->integer(memory, "available", 0, kMaxMemoryMb))
        health.app_memory_free = core::Bytes{*left * 1024 * 1024};
    }
  }
}

void HealthReader::read(const XmlNode& data, core::Instant at,
                        std::vector<core::EventBody>& events) {
  core::RouterHealth health{m_config->router, at, {}, {}, {}, {}};
  for (const XmlNode& root : data.children()) {
    if (root.ns() == ns::kProcessCpu) health.cpu = cpu(root);
    if (root.ns() == ns::kPlatform) health.memory_free = memory(root);
    if (root.ns() == ns::kAppHosting) read_app_hosting(root, health);
  }
  if (health.cpu || health.memory_free || health.app_cpu_free || health.app_memory_free)
    events.emplace_back(std::move(health));
}

}  // namespace wanwise::iosxe
