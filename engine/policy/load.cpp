#include "engine/policy/load.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/policy/limits.hpp"
#include "engine/policy/policy_document.hpp"
#include "engine/policy/profile_document.hpp"
#include "engine/policy/reason/reason.hpp"
#include "engine/policy/resolve.hpp"
#include "engine/policy/site_document.hpp"
#include "engine/policy/site_metrics.hpp"
#include "engine/policy/yaml_reader.hpp"
#include "engine/policy/yang_check.hpp"

namespace wanwise::policy {
namespace {

/// One kind of document: `wanwise: policy/1` names the first.
struct Kind {
  std::string name;
  const Shape& (*shape)();
  void (*check)(Document&, Report&);
  std::vector<Document> Library::*shelf;
};

const std::array<Kind, 3>& kinds() {
  static const std::array<Kind, 3> all{
      {{"policy", policy_shape, check_policy, &Library::policies},
       {"site", site_shape, check_site, &Library::sites},
       {"profile", profile_shape, check_profile, &Library::profiles}}};
  return all;
}

constexpr std::string_view kVersion = "/1";

const Kind* find_kind(const std::string& file, const YamlNode& node, Report& report) {
  std::vector<std::string> known;
  for (const Kind& kind : kinds()) known.push_back(kind.name + std::string{kVersion});
  if (node.kind != YamlNode::Kind::mapping) {
    if (node.kind != YamlNode::Kind::refused) {
      report.add(file, node.mark, "", "a document must be a mapping that begins with 'wanwise:'",
                 listed(known));
    }
    return nullptr;
  }
  const YamlNode* header = node.find("wanwise");
  if (header == nullptr) {
    report.add(file, node.mark, "wanwise", "the key 'wanwise' must say what the document is",
               listed(known));
    return nullptr;
  }
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (header->text == known[i]) return &kinds()[i];
  }
  if (header->kind != YamlNode::Kind::refused) {
    const bool scalar = header->kind == YamlNode::Kind::scalar;
    report.add(file, header->mark, "wanwise",
               (scalar ? in_quotes(header->text) : std::string{"this"}) +
                   " is no kind of document" + did_you_mean(header->text, known),
               listed(known));
  }
  return nullptr;
}

/// Reads and checks one document as far as it goes alone. `clean`: the YAML had no findings.
void take_document(const std::string& file, const YamlNode& node, bool clean, YangCheck& yang,
                   Library& library, Report& report) {
  const Kind* kind = find_kind(file, node, report);
  if (kind == nullptr) {
    library.complete = false;
    return;
  }
  const std::size_t before = report.size();
  Document document{file, read_shape(file, node, kind->shape(), report)};
  // The header is no part of the schema.
  if (Value* header = document.root.get("wanwise")) header->refused = true;
  yang.check_values(file, kind->name, document.root, report);
  kind->check(document, report);
  yang.check_document(file, kind->name, document.root, clean && report.size() == before, report);
  (library.*kind->shelf).push_back(std::move(document));
}

/// The profiles the site's devices use; a power mode that is not given becomes the reference mode.
void add_profiles(const Library& library, core::Model& model) {
  std::map<core::DeviceName, core::DeviceProfile> known;
  for (const Document& document : library.profiles) {
    core::DeviceProfile profile = make_profile(document.root);
    known.emplace(profile.name, std::move(profile));
  }
  const auto use = [&](const core::DeviceName& device, core::PowerModeName& mode) {
    const core::DeviceProfile& profile = known.at(device);
    if (mode.empty()) mode = profile.power_modes.front().name;
    model.profiles.emplace(device, profile);
  };
  for (core::Node& node : model.site.nodes) use(node.device, node.power_mode);
  for (core::Cloud& cloud : model.site.clouds) use(cloud.device, cloud.power_mode);
}

SiteBundle make_bundle(const Library& library, const Pairing& pairing) {
  const Value& site = library.sites[pairing.site].root;
  SiteBundle bundle;
  bundle.model.site = make_site(site);
  bundle.model.policy = make_policy(library.policies[pairing.policy].root);
  bundle.routers = make_access(site);
  bundle.scrapes = make_scrapes(site);
  bundle.simulated = make_simulated(site);
  bundle.kubernetes = make_kubernetes(site);
  add_profiles(library, bundle.model);
  return bundle;
}

}  // namespace

core::Expected<Loaded, std::vector<Diagnostic>> load(const std::vector<SourceText>& texts,
                                                     const std::string& schema_dir,
                                                     Reasoning reasoning) {
  Report report;
  YangCheck yang(schema_dir, report);
  Library library;
  if (texts.size() > kMaxFiles) {
    report.add(texts[kMaxFiles].file, {}, "", "more than " + std::to_string(kMaxFiles) + " files");
    return core::Unexpected{report.take()};
  }
  for (const SourceText& source : texts) {
    const std::size_t before = report.size();
    const YamlFile file = read_yaml(source, report);
    const bool clean = report.size() == before;
    if (!clean) library.complete = false;
    for (const YamlNode& node : file.documents) {
      take_document(source.file, node, clean, yang, library, report);
    }
  }
  const std::vector<Pairing> pairings = resolve(library, report);
  if (report.size() > 0) return core::Unexpected{report.take()};
  Loaded loaded;
  for (const Pairing& pairing : pairings) loaded.sites.push_back(make_bundle(library, pairing));
  if (reasoning != Reasoning::off) {
    const bool refuse = reasoning == Reasoning::refuse;
    reason(library, pairings, loaded.sites, refuse ? Severity::error : Severity::warning, report);
  }
  if (report.has_errors()) return core::Unexpected{report.take()};
  loaded.warnings = report.take();
  std::sort(loaded.sites.begin(), loaded.sites.end(),
            [](const auto& a, const auto& b) { return a.model.site.name < b.model.site.name; });
  return loaded;
}

}  // namespace wanwise::policy
