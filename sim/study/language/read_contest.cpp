// What a study compares, how often and how long, what it claims, and its small version.
#include <algorithm>

#include "sim/study/language/study_reading.hpp"

namespace wanwise::sim {
namespace {

using policy::Unit;
using policy::YamlNode;

std::vector<std::string> policy_names(const Study& study) {
  std::vector<std::string> names;
  for (const PolicySpec& spec : study.policies) names.push_back(spec.name);
  return names;
}

std::vector<std::string> level_names(const Factor& factor) {
  std::vector<std::string> names;
  for (const Level& level : factor.levels) names.push_back(level.name);
  return names;
}

const Factor* find_factor(const Study& study, const std::string& name) {
  for (const Factor& factor : study.factors)
    if (factor.name == name) return &factor;
  return nullptr;
}

std::vector<std::string> factor_names(const Study& study) {
  std::vector<std::string> names;
  for (const Factor& factor : study.factors) names.push_back(factor.name);
  return names;
}

/// `policy`, `name`, and any parameter.
std::optional<PolicySpec> read_spec(StudyReading& r, const YamlNode& node,
                                    const std::string& path) {
  if (node.kind == YamlNode::Kind::scalar) {
    const auto name = text_of({r.reading, node, path});
    return name ? std::optional{PolicySpec{*name, *name, {}}} : std::nullopt;
  }
  std::vector<std::string> keys{"policy", "name"};
  for (const YamlNode& entry : node.items)
    if (node.kind == YamlNode::Kind::mapping) keys.push_back(entry.key);
  Section section(r.reading, node, path, "a policy", keys);
  if (node.kind != YamlNode::Kind::mapping) return std::nullopt;
  section.need({"policy"});
  const auto policy = section.text("policy");
  if (!policy) return std::nullopt;
  PolicySpec spec{*policy, section.text("name").value_or(*policy), {}};
  for (const YamlNode& entry : node.items) {
    if (entry.key == "policy" || entry.key == "name") continue;
    if (entry.kind == YamlNode::Kind::scalar) {
      spec.parameters[entry.key] = entry.text;
    } else {
      section.refuse(entry.key, "a parameter is a single value");
    }
  }
  return spec;
}

/// Says what check() found, each line at the parameter it names.
void report_check(StudyReading& r, const YamlNode& node, const std::string& path,
                  const std::string& lines) {
  for (std::size_t from = 0; from < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', from), lines.size());
    const std::string line = lines.substr(from, end - from);
    from = end + 1;
    const auto named = std::find_if(node.items.begin(), node.items.end(), [&](const auto& entry) {
      return entry.key != "policy" && line.find(entry.key) != std::string::npos;
    });
    if (named == node.items.end()) {
      r.reading.refuse(node, path, line);
    } else {
      r.reading.refuse(*named, path + '/' + named->key, line);
    }
  }
}

struct ExpectWord {
  const char* word;
  Relation relation;
};
constexpr ExpectWord kExpect[]{{"less", Relation::less},
                               {"not-more", Relation::not_more},
                               {"greater", Relation::greater},
                               {"not-less", Relation::not_less}};

class ClaimReader {
 public:
  ClaimReader(StudyReading& r, Section& section) : m_r(r), m_section(section) {}

  void read() {
    m_section.need({"id", "text", "metric", "policy", "against", "expect"});
    m_claim.id = m_section.text("id").value_or("");
    for (const Claim& other : study().claims)
      if (!m_claim.id.empty() && other.id == m_claim.id)
        m_section.refuse("id", "claim " + policy::in_quotes(m_claim.id) + " is here twice");
    m_claim.text = m_section.text("text").value_or("");
    metric();
    const std::vector<std::string> names = policy_names(study());
    m_claim.policy = m_section.text("policy").value_or("");
    if (!m_claim.policy.empty()) known(m_section, "policy", m_claim.policy, "policy", names);
    against(names);
    std::vector<std::string> words;
    for (const ExpectWord& entry : kExpect) words.emplace_back(entry.word);
    const auto word = m_section.word("expect", words);
    for (const ExpectWord& entry : kExpect)
      if (word == entry.word) m_claim.relation = entry.relation;
    if (const auto margin = m_section.number("margin")) {
      m_claim.margin = *margin;
      if (*margin < 0) m_section.refuse("margin", "is below zero", "0 or more");
    }
    where();
    study().claims.push_back(std::move(m_claim));
  }

 private:
  Study& study() { return m_r.loaded.study; }

  void metric() {
    m_claim.metric = m_section.text("metric").value_or("");
    if (m_claim.metric.empty() || !m_r.options.check_metric) return;
    if (const auto good = m_r.options.check_metric(m_claim.metric); !good)
      m_section.refuse("metric", good.error().message);
  }

  void against(const std::vector<std::string>& names) {
    const YamlNode* node = m_section.node("against");
    if (node == nullptr) return;
    const bool all = node->kind == YamlNode::Kind::scalar && node->text == "all";
    if (all) {
      std::copy_if(names.begin(), names.end(), std::back_inserter(m_claim.against),
                   [&](const std::string& name) { return name != m_claim.policy; });
    } else if (node->kind == YamlNode::Kind::scalar) {
      if (const auto name = m_section.text("against")) m_claim.against = {*name};
    } else {
      m_claim.against = m_section.texts("against");
    }
    for (const std::string& name : m_claim.against) {
      if (!known(m_section, "against", name, "policy", names)) return;
      if (name == m_claim.policy)
        m_section.refuse("against", "policy " + policy::in_quotes(name) + " is against itself");
    }
  }

  void where() {
    const YamlNode* node = m_section.node("where");
    if (node == nullptr) return;
    Section section(m_r.reading, *node, m_section.path_of("where"), "where", factor_names(study()));
    for (const YamlNode& entry : node->items) {
      const Factor* factor =
          node->kind == YamlNode::Kind::mapping ? find_factor(study(), entry.key) : nullptr;
      if (factor == nullptr || entry.kind != YamlNode::Kind::scalar) continue;
      if (known(section, entry.key, entry.text, "level of " + entry.key, level_names(*factor)))
        m_claim.where[entry.key] = entry.text;
    }
  }

  StudyReading& m_r;
  Section& m_section;
  Claim m_claim;
};

/// Keeps the policies of these names, and the claims that still can be checked.
void keep_policies(Study& study, const std::vector<std::string>& names) {
  const auto gone = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) == names.end();
  };
  std::erase_if(study.policies, [&](const PolicySpec& spec) { return gone(spec.name); });
  for (Claim& claim : study.claims) std::erase_if(claim.against, gone);
  std::erase_if(study.claims,
                [&](const Claim& claim) { return gone(claim.policy) || claim.against.empty(); });
}

void keep_levels(StudyReading& r, std::size_t factor, const std::vector<std::string>& names) {
  Study& study = r.loaded.study;
  Factor& own = study.factors[factor];
  std::erase_if(study.claims, [&](const Claim& claim) {
    const auto where = claim.where.find(own.name);
    return where != claim.where.end() &&
           std::find(names.begin(), names.end(), where->second) == names.end();
  });
  for (std::size_t i = own.levels.size(); i-- > 0;) {
    if (std::find(names.begin(), names.end(), own.levels[i].name) != names.end()) continue;
    const auto at = static_cast<std::ptrdiff_t>(i);
    own.levels.erase(own.levels.begin() + at);
    r.loaded.settings[factor].erase(r.loaded.settings[factor].begin() + at);
    r.level_nodes[factor].erase(r.level_nodes[factor].begin() + at);
  }
}

void read_small_levels(StudyReading& r, Section& small, bool apply) {
  const YamlNode* node = small.node("levels");
  if (node == nullptr) return;
  Study& study = r.loaded.study;
  Section section(r.reading, *node, "small/levels", "small levels", factor_names(study));
  if (node->kind != YamlNode::Kind::mapping) return;
  for (std::size_t i = 0; i < study.factors.size(); ++i) {
    const Factor& factor = study.factors[i];
    const std::vector<std::string> names = section.texts(factor.name);
    bool good = !names.empty();
    for (const std::string& name : names)
      good =
          known(section, factor.name, name, "level of " + factor.name, level_names(factor)) && good;
    if (good && apply) keep_levels(r, i, names);
  }
}

}  // namespace

void read_horizon(StudyReading& r, Section& section) {
  section.read("horizon", Unit::duration, {kShortestRun.count, kLongestRun.count},
               r.loaded.study.horizon);
}

void read_warm_up(StudyReading& r, Section& section) {
  const YamlNode* node = section.node("warm-up");
  if (node == nullptr) return;
  r.warm_up = {};
  if (node->text == "mser-5") {
    r.warm_up.rule = WarmUpRule::mser5;
  } else if (node->text.ends_with('%')) {
    section.read("warm-up", Unit::share, {0, 900'000}, r.warm_up.share);
  } else if (const auto time = section.quantity("warm-up", Unit::duration)) {
    r.warm_up.time = core::Micros{*time};
  }
}

void read_seeds(StudyReading& r, Section& section) {
  const YamlNode* node = section.node("seeds");
  if (node == nullptr) return;
  Section seeds(r.reading, *node, section.path_of("seeds"), "seeds", {"first", "count"});
  seeds.need({"count"});
  auto& list = r.loaded.study.seeds;
  const auto standard = list.empty() ? std::int64_t{1} : static_cast<std::int64_t>(list.front());
  const auto first = seeds.integer("first", {1, 1'000'000'000}).value_or(standard);
  const auto count = seeds.integer("count", {1, static_cast<std::int64_t>(kMaxSeeds)});
  list.clear();
  for (std::int64_t i = 0; i < count.value_or(1); ++i)
    list.push_back(static_cast<std::uint64_t>(first + i));
}

void read_policies(StudyReading& r, Section& root) {
  Study& study = r.loaded.study;
  const auto& items = root.list("policies");
  if (items.size() > kMaxPolicies)
    return root.refuse("policies", "more than " + std::to_string(kMaxPolicies) + " policies");
  for (std::size_t i = 0; i < items.size(); ++i) {
    const bool named = items[i].find("name") != nullptr;
    const std::string path = item_path("policies", items[i], i, named ? "name" : "policy");
    const auto spec = read_spec(r, items[i], path);
    if (!spec) continue;
    const auto names = policy_names(study);
    const bool twice = std::find(names.begin(), names.end(), spec->name) != names.end();
    if (twice)
      r.reading.refuse(
          items[i], path,
          "policy " + policy::in_quotes(spec->name) + " is here twice; give it a name");
    if (const auto good = r.options.check_policy(*spec); !good)
      report_check(r, items[i], path, good.error().message);
    if (!twice) study.policies.push_back(*spec);
  }
  study.baseline = root.text("baseline").value_or("");
  if (!study.baseline.empty())
    known(root, "baseline", study.baseline, "policy", policy_names(study));
}

void read_claims(StudyReading& r, Section& root) {
  const auto& items = root.list("claims");
  if (items.size() > kMaxClaims)
    return root.refuse("claims", "more than " + std::to_string(kMaxClaims) + " claims");
  for (std::size_t i = 0; i < items.size(); ++i) {
    Section section(r.reading, items[i], item_path("claims", items[i], i, "id"), "a claim",
                    {"id", "text", "metric", "policy", "against", "expect", "margin", "where"});
    if (items[i].kind == YamlNode::Kind::mapping) ClaimReader(r, section).read();
  }
}

void read_small(StudyReading& r, Section& root) {
  const YamlNode* node = root.node("small");
  if (node == nullptr) {
    if (r.options.small) root.refuse_all("has no small version", "the key 'small'");
    return;
  }
  // The small version is read as the whole one, so that its mistakes are told either way.
  const bool apply = r.options.small;
  const Study whole = r.loaded.study;
  const WarmUpText warm_up = r.warm_up;
  Section small(r.reading, *node, "small", "the small version",
                {"horizon", "warm-up", "seeds", "policies", "levels"});
  read_horizon(r, small);
  read_warm_up(r, small);
  read_seeds(r, small);
  if (!apply) {
    r.loaded.study = whole;
    r.warm_up = warm_up;
  }
  read_small_levels(r, small, apply);
  if (small.node("policies") == nullptr) return;
  const std::vector<std::string> names = small.texts("policies");
  for (const std::string& name : names)
    known(small, "policies", name, "policy", policy_names(r.loaded.study));
  if (std::find(names.begin(), names.end(), whole.baseline) == names.end())
    small.refuse("policies", "lacks the baseline " + policy::in_quotes(whole.baseline));
  if (apply) keep_policies(r.loaded.study, names);
}

}  // namespace wanwise::sim
