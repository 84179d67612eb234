#include "sim/study/runs/study_codec.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "sim/study/language/read_study.hpp"
#include "sim/study/runs/json_reader.hpp"

namespace wanwise::sim {
namespace {

namespace json = boost::json;

constexpr std::int64_t kSchema = 1;
constexpr std::array<std::pair<std::string_view, Relation>, 4> kRelations{
    {{"less", Relation::less},
     {"not-more", Relation::not_more},
     {"greater", Relation::greater},
     {"not-less", Relation::not_less}}};

std::string_view word_of_relation(Relation relation) {
  return std::find_if(kRelations.begin(), kRelations.end(),
                      [&](const auto& entry) { return entry.second == relation; })
      ->first;
}

json::object encode_map(const std::map<std::string, std::string>& map) {
  json::object object;
  for (const auto& [key, value] : map) object[key] = value;
  return object;
}

std::map<std::string, std::string> decode_map(JsonReader& reader, const json::value& owner,
                                              std::string_view key) {
  std::map<std::string, std::string> map;
  const json::value* value = owner.is_object() ? owner.get_object().if_contains(key) : nullptr;
  if (value == nullptr || !value->is_object()) {
    reader.refuse(key, "is no object");
    return map;
  }
  // Counts as asked for.
  static_cast<void>(reader.object(key));
  for (const auto& [name, text] : value->get_object()) {
    if (!text.is_string()) return reader.refuse(key, "has a value that is no text"), map;
    map.emplace(std::string{name}, std::string{text.get_string()});
  }
  return map;
}

json::array encode_texts(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

std::vector<std::string> decode_texts(JsonReader& reader, std::string_view key) {
  std::vector<std::string> texts;
  for (const json::value& value : reader.array(key)) {
    if (!value.is_string()) return reader.refuse(key, "has an item that is no text"), texts;
    texts.emplace_back(value.get_string());
  }
  return texts;
}

json::object encode_factor(const Factor& factor) {
  json::array levels;
  for (const Level& level : factor.levels) {
    json::object object{{"name", level.name}};
    if (level.number) object["number"] = *level.number;
    levels.push_back(std::move(object));
  }
  return {{"name", factor.name}, {"unit", factor.unit}, {"levels", std::move(levels)}};
}

Factor decode_factor(JsonReader reader) {
  Factor factor;
  factor.name = reader.text("name");
  factor.unit = reader.text("unit");
  const json::array& levels = reader.array("levels");
  for (std::size_t i = 0; i < levels.size(); ++i) {
    JsonReader level = reader.item(levels[i], "levels", i);
    factor.levels.push_back({level.text("name"), {}});
    if (level.has("number")) factor.levels.back().number = level.number("number");
    level.end();
  }
  if (levels.empty()) reader.refuse("levels", "are none");
  reader.end();
  return factor;
}

json::object encode_claim(const Claim& claim) {
  return {{"id", claim.id},
          {"text", claim.text},
          {"metric", claim.metric},
          {"policy", claim.policy},
          {"against", encode_texts(claim.against)},
          {"expect", word_of_relation(claim.relation)},
          {"margin", claim.margin},
          {"where", encode_map(claim.where)}};
}

Claim decode_claim(JsonReader reader, const json::value& value) {
  Claim claim;
  claim.id = reader.text("id");
  claim.text = reader.text("text");
  claim.metric = reader.text("metric");
  claim.policy = reader.text("policy");
  claim.against = decode_texts(reader, "against");
  const std::string word = reader.text("expect");
  const auto* relation = std::find_if(kRelations.begin(), kRelations.end(),
                                      [&](const auto& entry) { return entry.first == word; });
  if (relation == kRelations.end()) {
    reader.refuse("expect", "is unknown");
  } else {
    claim.relation = relation->second;
  }
  claim.margin = reader.number("margin");
  claim.where = decode_map(reader, value, "where");
  reader.end();
  return claim;
}

void decode_seeds(JsonReader& reader, Study& study) {
  for (const json::value& value : reader.array("seeds")) {
    std::int64_t seed = 0;
    if (!to_integer(value, seed) || seed < 0)
      return reader.refuse("seeds", "has an item that is no seed");
    study.seeds.push_back(static_cast<std::uint64_t>(seed));
  }
}

void decode_lists(JsonReader& reader, Study& study) {
  const json::array& policies = reader.array("policies");
  for (std::size_t i = 0; i < policies.size(); ++i) {
    JsonReader item = reader.item(policies[i], "policies", i);
    PolicySpec spec{item.text("policy"), item.text("name"), {}};
    spec.parameters = decode_map(item, policies[i], "parameters");
    item.end();
    study.policies.push_back(std::move(spec));
  }
  const json::array& factors = reader.array("factors");
  for (std::size_t i = 0; i < factors.size(); ++i)
    study.factors.push_back(decode_factor(reader.item(factors[i], "factors", i)));
  const json::array& claims = reader.array("claims");
  for (std::size_t i = 0; i < claims.size(); ++i)
    study.claims.push_back(decode_claim(reader.item(claims[i], "claims", i), claims[i]));
}

void check_limits(JsonReader& reader, const Study& study) {
  double runs = static_cast<double>(study.policies.size() * study.seeds.size());
  for (const Factor& factor : study.factors) runs *= static_cast<double>(factor.levels.size());
  const bool good =
      runs >= 1 && runs <= static_cast<double>(kMaxRuns) && study.factors.size() <= kMaxFactors;
  if (!good) reader.refuse("", "has no runs, or too many");
}

}  // namespace

std::string encode_study(const Study& study) {
  json::array policies;
  for (const PolicySpec& spec : study.policies)
    policies.push_back({{"policy", spec.policy},
                        {"name", spec.name},
                        {"parameters", encode_map(spec.parameters)}});
  json::array factors;
  for (const Factor& factor : study.factors) factors.push_back(encode_factor(factor));
  json::array claims;
  for (const Claim& claim : study.claims) claims.push_back(encode_claim(claim));
  const json::object object{
      {"schema", kSchema},
      {"study", study.name},
      {"question", study.question},
      {"hash", study.hash},
      {"baseline", study.baseline},
      {"policies", std::move(policies)},
      {"factors", std::move(factors)},
      {"seeds", json::array(study.seeds.begin(), study.seeds.end())},
      {"horizon", study.horizon.count},
      {"warm_up_rule", study.warm_up_rule == WarmUpRule::mser5 ? "mser-5" : "fixed"},
      {"warm_up", study.warm_up.count},
      {"claims", std::move(claims)},
      {"classes", encode_texts(study.class_names)}};
  return json::serialize(object);
}

core::Expected<Study> decode_study(std::string_view text) {
  const auto invalid = [](std::string why) { return core::fail("study-invalid", std::move(why)); };
  if (text.size() > kMaxStudyBytes) return invalid("is too long");
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = 8;  // a study needs 5
  const json::value value = json::parse({text.data(), text.size()}, error, {}, options);
  if (error) return invalid("not JSON: " + error.message());
  std::string problem;
  JsonReader reader(value, "", problem);
  static_cast<void>(reader.integer("schema", kSchema, kSchema));
  Study study;
  study.name = reader.text("study");
  study.question = reader.text("question");
  study.hash = reader.text("hash");
  study.baseline = reader.text("baseline");
  decode_lists(reader, study);
  decode_seeds(reader, study);
  study.horizon = core::Micros{reader.integer("horizon", 1)};
  const std::string rule = reader.text("warm_up_rule");
  if (rule == "mser-5") study.warm_up_rule = WarmUpRule::mser5;
  if (rule != "mser-5" && rule != "fixed") reader.refuse("warm_up_rule", "is unknown");
  study.warm_up = core::Micros{reader.count("warm_up")};
  study.class_names = decode_texts(reader, "classes");
  reader.end();
  if (problem.empty()) check_limits(reader, study);
  if (!problem.empty()) return invalid(problem);
  return study;
}

}  // namespace wanwise::sim
