#include "sim/study/runs/plan.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "engine/core/check.hpp"

namespace wanwise::sim {
namespace {

// Little's law holds exactly over a whole run; integer means leave less than this.
constexpr core::Ppm kLittleError{1'000};

RunKey key_of(const Study& study, const RunRecord& record) {
  const auto seed = std::find(study.seeds.begin(), study.seeds.end(), record.seed);
  return {record.cell, record.policy, static_cast<std::size_t>(seed - study.seeds.begin())};
}

std::string hex(std::uint64_t value) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += kDigits[(value >> shift) & 0xf];
  return text;
}

}  // namespace

std::vector<RunKey> plan_runs(const Study& study) {
  std::vector<RunKey> runs;
  const std::size_t cells = study.cells().size();
  runs.reserve(cells * study.policies.size() * study.seeds.size());
  for (std::size_t cell = 0; cell < cells; ++cell)
    for (std::size_t policy = 0; policy < study.policies.size(); ++policy)
      for (std::size_t seed = 0; seed < study.seeds.size(); ++seed)
        runs.push_back({cell, policy, seed});
  return runs;
}

std::vector<RunKey> plan_runs(const Study& study, Shard shard) {
  WANWISE_CHECK(shard.index >= 1 && shard.index <= shard.of);
  const std::vector<RunKey> all = plan_runs(study);
  std::vector<RunKey> own;
  for (std::size_t i = shard.index - 1; i < all.size(); i += shard.of) own.push_back(all[i]);
  return own;
}

std::vector<RunKey> plan_pilots(const Study& study) {
  std::vector<RunKey> pilots;
  for (const RunKey& key : plan_runs(study))
    if (key.seed == 0) pilots.push_back(key);
  return pilots;
}

std::string run_id(const Study& study, const RunKey& key) {
  return "c" + std::to_string(key.cell) + "-p" + std::to_string(key.policy) + "-s" +
         std::to_string(study.seeds[key.seed]);
}

std::string run_text(const Study& study, const RunKey& key) {
  std::string text;
  const Cell cell = study.cells()[key.cell];
  for (std::size_t i = 0; i < cell.levels.size(); ++i)
    text += (i == 0 ? "" : " ") + study.factors[i].name + '=' +
            study.factors[i].levels[cell.levels[i]].name;
  return text + (text.empty() ? "" : ", ") + study.policies[key.policy].name + ", seed " +
         std::to_string(study.seeds[key.seed]);
}

core::Expected<Shard> parse_shard(const std::string& text) {
  const auto wrong = [&] {
    return core::fail("bad-shard", "'" + text + "' is no shard (allowed: i/n with 1 <= i <= n <= " +
                                       std::to_string(kMaxShards) + ")");
  };
  Shard shard;
  const char* const end = text.data() + text.size();
  const auto [slash, first] = std::from_chars(text.data(), end, shard.index);
  if (first != std::errc{} || slash == end || *slash != '/') return wrong();
  const auto [rest, second] = std::from_chars(slash + 1, end, shard.of);
  if (second != std::errc{} || rest != end) return wrong();
  if (shard.index < 1 || shard.index > shard.of || shard.of > kMaxShards) return wrong();
  return shard;
}

core::Micros warm_up_from(const std::vector<core::Micros>& proposed, core::Micros horizon) {
  core::Micros largest{0};
  for (const core::Micros one : proposed) largest = std::max(largest, one);
  // Whole seconds: trials count costs by the second.
  const std::int64_t second = core::seconds(1).count;
  const core::Micros step{std::max<std::int64_t>(1, (horizon.count / 100 + second - 1) / second) *
                          second};
  const std::int64_t steps = (largest.count + step.count - 1) / step.count;
  const core::Micros half{horizon.count / 2 / second * second};
  return std::min(step * steps, half);
}

void sort_records(const Study& study, std::vector<RunRecord>& records) {
  std::stable_sort(records.begin(), records.end(), [&](const RunRecord& a, const RunRecord& b) {
    return key_of(study, a) < key_of(study, b);
  });
}

std::vector<std::string> violations(const Study& study, const std::vector<RunRecord>& records) {
  std::vector<std::string> found;
  std::map<std::pair<std::size_t, std::uint64_t>, const RunRecord*> first;
  for (const RunRecord& record : records) {
    const std::string run = run_text(study, key_of(study, record));
    const TrialResult& result = record.result;
    if (!result.conserved)
      found.push_back(run + ": requests were made or lost by the simulator itself");
    if (result.little_error > kLittleError)
      found.push_back(run + ": Little's law is off by " +
                      std::to_string(result.little_error.count) +
                      " ppm (allowed: " + std::to_string(kLittleError.count) + ")");
    const auto [other, is_new] = first.try_emplace({record.cell, record.seed}, &record);
    if (!is_new && other->second->result.arrival_hash != result.arrival_hash)
      found.push_back(run + ": its arrivals differ from those of " +
                      study.policies[other->second->policy].name + " (" + hex(result.arrival_hash) +
                      ", " + hex(other->second->result.arrival_hash) + ")");
  }
  return found;
}

}  // namespace wanwise::sim
