#include "engine/policy/reason/subject.hpp"

#include <algorithm>
#include <tuple>

#include "engine/core/check.hpp"

namespace wanwise::policy {
namespace {

constexpr std::int64_t kThousand = 1'000;
constexpr std::int64_t kMillion = 1'000'000;

/// count / divisor with at most three decimals, which are all there are for a divisor of 1000.
std::string decimal(std::int64_t count, std::int64_t divisor) {
  const std::int64_t milli = count / (divisor / kThousand);
  std::string text = std::to_string(milli / kThousand);
  std::string fraction = std::to_string(milli % kThousand + kThousand).substr(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return fraction.empty() ? text : text + '.' + fraction;
}

const Value& present(const Value* value) {
  WANWISE_CHECK(value != nullptr);
  return *value;
}

}  // namespace

const Value& entry(const Value& root, std::string_view list, const std::string& name) {
  const auto& entries = root.items_of(list);
  const auto it = std::find_if(entries.begin(), entries.end(),
                               [&](const Value& one) { return one.text_of("name") == name; });
  WANWISE_CHECK(it != entries.end());
  return *it;
}

Subject make_subject(const SiteBundle& bundle, const Document& policy, const Document& site) {
  Subject subject{bundle.model, bundle.routers, policy, site, {}, {}};
  const auto& workloads = bundle.model.policy.workloads;
  for (core::Index w = 0; w < core::count(workloads); ++w) {
    subject.workloads.push_back(&entry(policy.root, "workloads", core::at(workloads, w).name.text));
    subject.in_order.push_back(w);
  }
  const auto place = [&](core::Index w) {
    const Mark& mark = core::at(subject.workloads, w)->mark;
    return std::tuple{mark.line, mark.column, w};
  };
  std::sort(subject.in_order.begin(), subject.in_order.end(),
            [&](core::Index a, core::Index b) { return place(a) < place(b); });
  return subject;
}

const Value& deepest(const Value& value, std::string_view first, std::string_view second) {
  const Value* inner = value.get(first);
  if (inner == nullptr) return value;
  const Value* innermost = inner->get(second);
  return innermost != nullptr ? *innermost : *inner;
}

const Value& objective_value(const Value& workload) {
  return present(workload.get("objective")).items.front();
}

const Value& target_value(const Value& workload, core::Index rank) {
  const Value& placement = present(workload.get("placement"));
  auto left = static_cast<std::size_t>(rank);
  for (const char* list : {"prefer", "fall-back"}) {
    const auto& targets = placement.items_of(list);
    if (left < targets.size()) return targets[left];
    left -= targets.size();
  }
  return placement;
}

const Value& rung_value(const Value& workload, core::Index rung) {
  return core::at(workload.items_of("degrade"), rung - 1);
}

std::string text_of(core::Micros duration) {
  if (duration.count > 0 && duration.count % kMillion == 0) {
    return format_quantity(Unit::duration, duration.count);
  }
  return decimal(duration.count, kThousand) + "ms";
}

std::string text_of(core::Bps rate) {
  return rate.count >= kMillion ? decimal(rate.count, kMillion) + "Mbps"
                                : decimal(rate.count, kThousand) + "kbps";
}

std::string text_of(core::Ppm share) {
  // Tenths of a percent, rounded up: what is above 100 % must not read 100 %.
  const std::int64_t tenths = (share.count + kThousand - 1) / kThousand;
  std::string text = std::to_string(tenths / 10);
  if (tenths % 10 != 0) text += '.' + std::to_string(tenths % 10);
  return text + '%';
}

std::string text_of(core::Bytes size) {
  return format_quantity(Unit::size, size.count);
}

}  // namespace wanwise::policy
