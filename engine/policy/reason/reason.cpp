#include "engine/policy/reason/reason.hpp"

#include "engine/policy/policy_document.hpp"
#include "engine/policy/reason/checks.hpp"

namespace wanwise::policy {

void reason(const Library& library, const std::vector<Pairing>& pairings,
            const std::vector<SiteBundle>& bundles, Severity gravest, Report& report) {
  Notes notes;
  notes.begin_documents();
  check_selectors(library, notes);
  for (const Document& policy : library.policies) {
    check_policy_alone(policy, make_policy(policy.root), notes);
  }
  for (std::size_t i = 0; i < pairings.size(); ++i) {
    const Subject subject = make_subject(bundles[i], library.policies[pairings[i].policy],
                                         library.sites[pairings[i].site]);
    notes.begin(subject);
    BestSite best(subject.model);
    Case c{subject, best, notes, std::vector<char>(subject.workloads.size(), 0)};
    check_objectives(c);
    check_shadowed(c);
    check_memory(c);
    check_accelerators(c);
    check_links(c);
    check_data_plans(c);
    check_times(c);
    check_unused(c);
  }
  notes.tell(gravest, report);
}

}  // namespace wanwise::policy
