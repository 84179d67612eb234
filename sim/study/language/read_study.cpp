#include "sim/study/language/read_study.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include "engine/policy/limits.hpp"
#include "sim/study/language/study_reading.hpp"
#include "sim/study/runs/make_trial.hpp"

namespace wanwise::sim {
namespace {

using policy::Diagnostic;
using policy::YamlNode;

// What a hash of a study begins with: a change of the language's meaning changes it.
constexpr std::string_view kLanguage = "wanwise study/1";

const std::vector<std::string> kRootKeys{
    "study",   "question",    "documents", "site",     "horizon", "warm-up", "seeds",
    "detail",  "telemetry",   "baseline",  "policies", "links",   "tuning",  "sources",
    "targets", "link-tuning", "settings",  "story",    "factors", "claims",  "small"};

/// False: the model is not known, and why is told.
bool read_model(StudyReading& r, Section& root) {
  std::vector<std::string> paths;
  for (const std::string& path : root.texts("documents"))
    paths.push_back((std::filesystem::path{r.folder} / path).lexically_normal().string());
  const auto site = root.text("site");
  if (paths.empty()) return false;
  const auto refuse = [&](const std::vector<Diagnostic>& diagnostics) {
    for (const Diagnostic& d : diagnostics)
      r.reading.report.add(d.file, {d.line, d.column}, d.path, d.message, d.allowed);
    return false;
  };
  const auto documents = policy::read_documents(paths);
  if (!documents) return refuse(documents.error());
  for (const policy::SourceText& document : *documents) r.hash.add(document.text);
  auto loaded = policy::load(*documents, r.options.schema_dir, policy::Reasoning::advise);
  if (!loaded) return refuse(loaded.error());
  for (const Diagnostic& warning : loaded->warnings) {
    r.loaded.notes.push_back(policy::to_string(warning));
  }
  if (!site) return false;
  std::vector<std::string> names;
  for (policy::SiteBundle& bundle : loaded->sites) {
    names.push_back(bundle.model.site.name.text);
    if (names.back() == *site) r.loaded.base.model = std::move(bundle.model);
  }
  if (!known(root, "site", *site, "site", names)) return false;
  for (const core::ServiceClass& service_class : r.loaded.base.model.policy.classes)
    r.loaded.study.class_names.push_back(service_class.name.text);
  return true;
}

void read_site_parts(StudyReading& r, Section& root) {
  const auto detail = root.word("detail", {"packets", "requests"});
  if (detail == "requests") r.loaded.base.tuning.detail = Detail::requests;
  read_links(r, root);
  read_tuning(r, root);
  read_sources(r, root);
  read_targets(r, root);
  read_link_tuning(r, root);
  if (const YamlNode* story = root.node("story"))
    r.loaded.base.story = read_story(r, *story, "story").value_or(Scenario{});
  read_settings(r, root);
  read_factors(r, root);
}

void settle_warm_up(StudyReading& r, Section& root) {
  Study& study = r.loaded.study;
  study.warm_up_rule = r.warm_up.rule;
  const double share = static_cast<double>(r.warm_up.share.count) * 1e-6;
  // Trials count costs by the second.
  const double seconds = std::ceil(share * static_cast<double>(study.horizon.count) * 1e-6);
  study.warm_up = r.warm_up.time.value_or(core::seconds(static_cast<std::int64_t>(seconds)));
  if (study.warm_up_rule == WarmUpRule::mser5) study.warm_up = {};
  if (study.horizon.count > 0 && study.warm_up >= study.horizon)
    root.refuse("warm-up", "is not shorter than the horizon");
}

/// What only shows when levels meet: each problem once, at the level it is about.
void check_cells(StudyReading& r, Section& root) {
  const Study& study = r.loaded.study;
  double runs = static_cast<double>(study.policies.size() * study.seeds.size());
  double cells = 1;
  for (const Factor& factor : study.factors) cells *= static_cast<double>(factor.levels.size());
  runs *= cells;
  if (cells > static_cast<double>(kMaxCells))
    return root.refuse("factors", "more than " + std::to_string(kMaxCells) + " cells");
  if (runs > static_cast<double>(kMaxRuns))
    return root.refuse("seeds", "more than " + std::to_string(kMaxRuns) + " runs");
  std::set<std::string> told;
  for (const Cell& cell : study.cells()) {
    const auto draft = draft_of(r.loaded, cell);
    if (draft || !told.insert(draft.error().message).second) continue;
    const CellProblem& problem = draft.error();
    if (problem.factor < study.factors.size()) {
      const Factor& factor = study.factors[problem.factor];
      r.reading.refuse(
          *r.level_nodes[problem.factor][problem.level],
          "factors[" + factor.name + "]/levels[" + factor.levels[problem.level].name + ']',
          problem.message);
    } else {
      const YamlNode* at = root.node(problem.path);
      report_lines(r, at != nullptr ? *at : root.self(), problem.path, problem.message);
    }
  }
}

void read_root(StudyReading& r, const YamlNode& document) {
  Section root(r.reading, document, "", "a study", kRootKeys);
  if (document.kind != YamlNode::Kind::mapping) return;
  root.need({"study", "question", "documents", "site", "horizon", "seeds", "baseline", "policies"});
  Study& study = r.loaded.study;
  study.name = root.text("study").value_or("");
  study.question = root.text("question").value_or("");
  read_horizon(r, root);
  read_warm_up(r, root);
  read_seeds(r, root);
  read_policies(r, root);
  const bool model_known = read_model(r, root);
  if (model_known) read_site_parts(r, root);
  // Claims and the small version speak of factors.
  if (model_known) read_claims(r, root);
  if (model_known) read_small(r, root);
  settle_warm_up(r, root);
  if (r.reading.report.size() == 0) check_cells(r, root);
}

}  // namespace

core::Expected<LoadedStudy, std::vector<Diagnostic>> parse_study(const policy::SourceText& source,
                                                                 const ReadOptions& options) {
  StudyReading r{.reading = {source.file, {}},
                 .options = options,
                 .folder = std::filesystem::path{source.file}.parent_path().string(),
                 .hash = {},
                 .loaded = {},
                 .level_nodes = {},
                 .warm_up = {}};
  r.hash.add(kLanguage);
  r.hash.add(options.small ? "small" : "whole");
  r.hash.add(source.text);
  const policy::YamlFile file = policy::read_yaml(source, r.reading.report);
  if (file.documents.size() > 1) {
    r.reading.report.add(source.file, file.documents[1].mark, "", "a study is one document");
  } else if (!file.documents.empty()) {
    read_root(r, file.documents.front());
  }
  if (r.reading.report.size() > 0) return core::Unexpected{r.reading.report.take()};
  r.loaded.study.hash = r.hash.text();
  return std::move(r.loaded);
}

core::Expected<LoadedStudy, std::vector<Diagnostic>> read_study(const std::string& path,
                                                                const ReadOptions& options) {
  std::ifstream stream(path, std::ios::binary);
  // One byte over the limit is enough for read_yaml() to refuse the text.
  std::string text(policy::kMaxFileBytes + 1, '\0');
  if (stream) stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream.is_open() || stream.bad())
    return core::Unexpected{std::vector{Diagnostic{path, 0, 0, "", "cannot be read", ""}}};
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return parse_study({path, std::move(text)}, options);
}

}  // namespace wanwise::sim
