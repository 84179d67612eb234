// What can only run beyond the WAN against the data plans of the links that lead there. Never an
// error: critical and high workloads may overdraw a plan, and what declares a rate may ask for
// less.
#include <algorithm>
#include <optional>
#include <string>

#include "engine/policy/reason/checks.hpp"
#include "engine/policy/reason/ways.hpp"

namespace wanwise::policy {
namespace {

using core::at;
using core::Index;

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kBitsPerByte = 8;
/// The period that sums are told for.
constexpr std::int64_t kMonth = 30 * 86'400;

/// Bits per second that the plans of the way's links allow on average; nothing when one has none.
std::optional<core::Bps> even_rate(const core::Site& site, const Way& way) {
  core::Bps sum;
  for (const Index l : way.links) {
    const auto& cap = at(site.links, l).data_cap;
    if (!cap) return std::nullopt;
    sum += core::Bps{cap->limit.count / (cap->period.count / kMicrosPerSecond) * kBitsPerByte};
  }
  return sum;
}

/// Requests and responses together.
std::vector<Asked> both_ways(const core::Model& model, const std::vector<Index>& workloads) {
  std::vector<Asked> asked = asked_of(model, workloads, &core::Workload::request);
  const std::vector<Asked> down = asked_of(model, workloads, &core::Workload::response);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    asked[i].least += down[i].least;
    asked[i].full += down[i].full;
  }
  return asked;
}

/// Three digits: a plan is no exact science.
std::int64_t rounded(std::int64_t count) {
  std::int64_t step = 1;
  while (count / step >= 1'000) step *= 10;
  return (count + step / 2) / step * step;
}

std::string a_month(std::int64_t rate) {
  return text_of(core::Bytes{rounded(rate / kBitsPerByte * kMonth)}) + "/month";
}

/// True when something was told.
bool check_plan(Case& c, const Way& way) {
  const core::Model& model = c.subject.model;
  const auto allowed = even_rate(model.site, way);
  if (!allowed || way.links.empty()) return false;
  const auto excess = excess_of(both_ways(model, way.workloads), allowed->count);
  if (!excess) return false;
  const core::Link& link = at(model.site.links, way.links.front());
  c.notes.warn(c.subject.site,
               deepest(entry(c.subject.site.root, "links", link.name.text), "data-cap", ""),
               "what can only run in the cloud asks" + manner_of(*excess) + " for " +
                   a_month(excess->sum) + ", the data plan of " + way.name + " holds " +
                   a_month(allowed->count) + ": " + parts_of(model, *excess, a_month),
               "at least " + a_month(excess->sum) + ", or a smaller demand");
  return true;
}

}  // namespace

void check_data_plans(Case& c) {
  for (const Way& way : ways(c)) {
    if (check_plan(c, way)) break;
  }
}

}  // namespace wanwise::policy
