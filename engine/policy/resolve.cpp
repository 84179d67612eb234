#include "engine/policy/resolve.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "engine/policy/site_metrics.hpp"

namespace wanwise::policy {
namespace {

/// Profiles by device.
using Profiles = std::map<std::string, const Document*>;

void refuse_twins(std::vector<Document>& documents, std::string_view key, std::string_view what,
                  Report& report) {
  std::map<std::string, const Document*> seen;
  for (Document& document : documents) {
    const Value* name = document.root.get(key);
    if (name == nullptr) continue;
    const auto [first, is_new] = seen.try_emplace(name->text, &document);
    if (is_new) continue;
    report.add(document.file, name->mark, name->path,
               "there is " + std::string{what} + ' ' + in_quotes(name->text) + " already, at " +
                   first->second->file + ':' +
                   std::to_string(first->second->root.get(key)->mark.line));
  }
}

/// The labels of a document could be read, so that a policy's choice of sites is certain.
bool labels_known(const Value& root, std::string_view key) {
  const Value* labels = root.get_any(key);
  if (labels == nullptr) return !root.partial;
  return !labels->partial && std::none_of(labels->items.begin(), labels->items.end(),
                                          [](const Value& label) { return label.refused; });
}

bool applies(const Value& policy, const Value& site) {
  const auto& wanted = policy.items_of("applies-to");
  const auto& labels = site.items_of("labels");
  return std::all_of(wanted.begin(), wanted.end(), [&](const Value& want) {
    return std::any_of(labels.begin(), labels.end(), [&](const Value& label) {
      return label.key == want.key && label.text == want.text;
    });
  });
}

std::string labels_text(const Value& root, std::string_view key) {
  std::vector<std::string> texts;
  for (const Value& label : root.items_of(key)) texts.push_back(label.key + ": " + label.text);
  return texts.empty() ? "none" : '{' + listed(texts) + '}';
}

std::optional<Pairing> pair_site(const Library& library, std::size_t site, Report& report) {
  const Document& document = library.sites[site];
  const Value& root = document.root;
  const Value* name = root.get_any("name");
  const Mark mark = name != nullptr ? name->mark : root.mark;
  std::vector<std::size_t> found;
  std::vector<std::string> names;
  std::vector<std::string> offered;
  bool certain = library.complete && labels_known(root, "labels");
  for (std::size_t i = 0; i < library.policies.size(); ++i) {
    const Value& policy = library.policies[i].root;
    const bool known = labels_known(policy, "applies-to");
    certain = certain && known;
    offered.push_back(labels_text(policy, "applies-to"));
    if (!known || !applies(policy, root)) continue;
    found.push_back(i);
    names.push_back(policy.text_of("name", "without a name"));
  }
  if (found.size() == 1) return Pairing{site, found[0]};
  if (found.empty() && certain) {
    report.add(document.file, mark, "labels",
               "no policy applies to this site; its labels: " + labels_text(root, "labels"),
               offered.empty() ? "" : listed(offered));
  }
  if (found.size() > 1 && labels_known(root, "labels")) {
    report.add(document.file, mark, "labels",
               "more than one policy applies to this site: " + listed(names));
  }
  return std::nullopt;
}

void check_devices(Document& site, const Profiles& profiles, bool complete, Report& report) {
  Findings findings(site.file, report);
  std::vector<std::string> devices;
  for (const auto& [device, profile] : profiles) devices.push_back(device);
  for (const char* list : {"nodes", "clouds"}) {
    for (Value& target : site.root.items_of(list)) {
      Value* device = target.get("device");
      if (device == nullptr) continue;
      const auto profile = profiles.find(device->text);
      if (profile == profiles.end()) {
        if (complete) refuse_unknown(device, "profile of device", devices, findings);
        continue;
      }
      const Value& root = profile->second->root;
      if (root.get_any("power-modes") != nullptr && names_known(root, "power-modes")) {
        refuse_unknown(target.get("power-mode"), "power mode of " + device->text,
                       names_of(root.items_of("power-modes")), findings);
      }
    }
  }
}

/// One policy against one site.
class Matcher {
 public:
  Matcher(Document& policy, const Document& site, const Profiles& profiles, Report& report)
      : m_policy(policy), m_site(site.root), m_profiles(profiles), m_findings(policy.file, report) {
    m_site_name = in_quotes(m_site.text_of("name", "without a name"));
    m_nodes = names_of(m_site.items_of("nodes"));
    m_targets = names_of(m_site.items_of("clouds"));
    m_targets.insert(m_targets.begin(), m_nodes.begin(), m_nodes.end());
    m_targets_known = names_known(m_site, "nodes") && names_known(m_site, "clouds");
  }

  void check() {
    const bool sources_known =
        m_site.get_any("sources") != nullptr && names_known(m_site, "sources");
    const auto sources = names_of(m_site.items_of("sources"));
    for (Value& workload : m_policy.root.items_of("workloads")) {
      if (Value* demand = workload.get("demand"); demand != nullptr && sources_known) {
        for (Value& source : demand->items_of("from")) {
          refuse_unknown(&source, "source on site " + m_site_name + " named", sources, m_findings);
        }
      }
      check_placement(workload);
    }
  }

 private:
  void check_placement(Value& workload) {
    Value* placement = workload.get("placement");
    if (placement == nullptr) return;
    for (const char* list : {"prefer", "fall-back"}) {
      for (Value& target : placement->items_of(list)) {
        if (m_targets_known) {
          refuse_unknown(&target, "target on site " + m_site_name + " named", m_targets,
                         m_findings);
        }
        check_residency(*placement, target);
        check_target(workload, target);
      }
    }
  }

  void check_residency(const Value& placement, Value& target) {
    if (target.refused || placement.text_of("residency") != "site") return;
    if (find("clouds", target.text) == nullptr) return;
    m_findings.refuse(target,
                      in_quotes(target.text) +
                          " is a cloud, but residency 'site' keeps requests on "
                          "the site",
                      "residency any, or only nodes: " + listed(m_nodes));
  }

  void check_target(Value& workload, const Value& target) {
    if (target.refused) return;
    const Value* node = find("nodes", target.text);
    const Value* host = node != nullptr ? node : find("clouds", target.text);
    if (host == nullptr) return;
    Value* memory = workload.get("memory");
    const Value* there = node != nullptr ? node->get("memory") : nullptr;
    if (memory != nullptr && there != nullptr && memory->number > there->number) {
      m_findings.refuse(*memory,
                        in_quotes(memory->text) + " does not fit node " + in_quotes(target.text) +
                            " of site " + m_site_name,
                        "at most " + format_quantity(Unit::size, there->number));
    }
    check_model(workload.get("model"), *host);
    for (Value& step : workload.items_of("degrade")) {
      if (!step.refused) check_model(step.get("model"), *host);
    }
  }

  void check_model(Value* model, const Value& host) {
    const Value* device = host.get("device");
    if (model == nullptr || device == nullptr) return;
    const auto profile = m_profiles.find(device->text);
    if (profile == m_profiles.end()) return;
    const Value& root = profile->second->root;
    if (root.get_any("models") == nullptr || !names_known(root, "models")) return;
    refuse_unknown(model, "latency on " + device->text + " for model",
                   names_of(root.items_of("models")), m_findings);
  }

  [[nodiscard]] const Value* find(std::string_view list, const std::string& name) const {
    const auto& entries = m_site.items_of(list);
    const auto it = std::find_if(entries.begin(), entries.end(), [&](const Value& entry) {
      const Value* own = entry.get_any("name");
      return own != nullptr && own->text == name;
    });
    return it == entries.end() ? nullptr : &*it;
  }

  Document& m_policy;
  const Value& m_site;
  const Profiles& m_profiles;
  Findings m_findings;
  std::string m_site_name;
  std::vector<std::string> m_nodes;
  std::vector<std::string> m_targets;
  bool m_targets_known = false;
};

}  // namespace

std::vector<Pairing> resolve(Library& library, Report& report) {
  refuse_twins(library.policies, "name", "a policy", report);
  refuse_twins(library.sites, "name", "a site", report);
  refuse_twins(library.profiles, "device", "a profile of", report);
  Profiles profiles;
  bool complete = library.complete;
  for (const Document& document : library.profiles) {
    const Value* device = document.root.get_any("device");
    complete = complete && device != nullptr;
    if (device != nullptr) profiles.try_emplace(device->text, &document);
  }
  std::vector<Pairing> pairings;
  for (std::size_t i = 0; i < library.sites.size(); ++i) {
    check_devices(library.sites[i], profiles, complete, report);
    const auto pairing = pair_site(library, i, report);
    if (!pairing) continue;
    pairings.push_back(*pairing);
    Matcher(library.policies[pairing->policy], library.sites[i], profiles, report).check();
    check_served_workloads(library.sites[i], library.policies[pairing->policy], report);
  }
  return pairings;
}

}  // namespace wanwise::policy
