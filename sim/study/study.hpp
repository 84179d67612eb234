// A comparison study as written in STUDY.yaml: which site, which links, which policies, what is
// varied, how often, how long, and what is claimed. Value types; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/trial/trial.hpp"

namespace wanwise::sim {

/// One level of a factor: what it is called and what it sets.
struct Level {
  std::string name;              ///< "10Mbps"
  std::optional<double> number;  ///< position on an axis, where the level is a quantity
};

struct Factor {
  std::string name;  ///< "uplink"
  std::string unit;  ///< "Mb/s"; may be empty
  std::vector<Level> levels;
};

/// One combination of levels: a level's position for every factor.
struct Cell {
  std::vector<std::size_t> levels;
  bool operator==(const Cell&) const = default;
};

enum class WarmUpRule : std::uint8_t {
  fixed,  ///< a share or a time
  mser5,  ///< the largest truncation MSER-5 proposes in pilot runs of the first seed
};

/// What a claim compares, over all cells it names.
enum class Relation : std::uint8_t {
  less,      ///< the 95 % interval of the paired difference lies below -margin
  not_more,  ///< its upper end is at most +margin
  greater,
  not_less,
};

/// "wanwise misses fewer deadlines than every other policy": checked, never assumed.
struct Claim {
  std::string id;  ///< "C1"
  std::string text;
  std::string metric;  ///< of metrics.hpp
  std::string policy;
  std::vector<std::string> against;  ///< names of policies
  Relation relation = Relation::less;
  double margin = 0;                         ///< in the metric's unit
  std::map<std::string, std::string> where;  ///< factor -> level; others: all levels
};

struct Study {
  std::string name;
  std::string question;
  std::string hash;      ///< of every input, 16 hex digits: YAML, documents, traces
  std::string baseline;  ///< name of the policy that differences are taken against
  std::vector<PolicySpec> policies;
  std::vector<Factor> factors;  ///< may be empty: one cell
  std::vector<std::uint64_t> seeds;
  core::Micros horizon;
  WarmUpRule warm_up_rule = WarmUpRule::fixed;
  core::Micros warm_up;  ///< for fixed
  std::vector<Claim> claims;
  std::vector<std::string> class_names;  ///< of the site's policy

  [[nodiscard]] std::vector<Cell> cells() const;  ///< full factorial, last factor fastest
};

/// One run of a study, as it is kept on disk.
struct RunRecord {
  std::size_t cell = 0;    ///< position in cells()
  std::size_t policy = 0;  ///< position in policies
  std::uint64_t seed = 0;
  TrialResult result;
  core::Micros took;  ///< wall time; not compared
};

}  // namespace wanwise::sim
