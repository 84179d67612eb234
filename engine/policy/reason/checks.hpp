// The kinds of reasoning, each a function that tells its findings. An error is what holds in no
// state of the site, however far the ladders go; a warning what is contradictory, useless or
// shadowed. Documents without other findings only.
#pragma once

#include <vector>

#include "engine/policy/reason/best_site.hpp"
#include "engine/policy/reason/notes.hpp"
#include "engine/policy/reason/subject.hpp"
#include "engine/policy/resolve.hpp"

namespace wanwise::policy {

/// A site with its policy, at its best, and what is known of it so far.
struct Case {
  const Subject& subject;
  BestSite& best;
  Notes& notes;
  std::vector<char> hopeless;  ///< by workload: told already; later sums leave it out
};

// ---- what holds for a document whatever the site

/// A policy whose every site another policy claims too.
void check_selectors(const Library& library, Notes& notes);
/// Classes that no workload is in, requests that no policer lets through whole, and the budget.
void check_policy_alone(const Document& policy, const core::Policy& model, Notes& notes);

/// A budget of moves against min-dwell and return-after.
void check_move_budget(const Document& policy, const core::Stability& rules, Notes& notes);

// ---- one policy on one site

/// Objectives below what is physically possible; targets and steps where they never hold.
void check_objectives(Case& c);
/// Steps that are no lighter than one before, fall-backs that are one host with a better target.
void check_shadowed(Case& c);
/// What must stand together in too little memory.
void check_memory(Case& c);
/// What must run together on too few accelerators.
void check_accelerators(Case& c);
/// What must cross too small a link or class.
void check_links(Case& c);
/// What must cross links whose data plans it overdraws.
void check_data_plans(Case& c);
/// Rules about time that contradict each other or the site's telemetry.
void check_times(Case& c);
/// What the site has and the policy never uses.
void check_unused(Case& c);

}  // namespace wanwise::policy
