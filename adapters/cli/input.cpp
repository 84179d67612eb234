#include "adapters/cli/input.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace wanwise::cli {
namespace {

std::string names_of(const std::vector<policy::SiteBundle>& sites) {
  std::string names;
  for (const policy::SiteBundle& site : sites) {
    if (!names.empty()) names += ", ";
    names += site.model.site.name.text;
  }
  return names;
}

}  // namespace

void print_error(const core::Error& error) {
  fmt::print(stderr, "wanwise: {}: {}\n", error.code, error.message);
}

void print_diagnostics(const std::vector<policy::Diagnostic>& diagnostics) {
  for (const policy::Diagnostic& diagnostic : diagnostics) {
    fmt::print(stderr, "{}\n", policy::to_string(diagnostic));
  }
}

std::optional<Input> load_site(const Common& common, const SiteChoice& choice) {
  auto documents = policy::read_documents(choice.paths);
  if (!documents) return print_diagnostics(documents.error()), std::nullopt;
  auto loaded = policy::load(*documents, common.yang_dir);
  if (!loaded) return print_diagnostics(loaded.error()), std::nullopt;
  print_diagnostics(loaded->warnings);

  std::vector<policy::SiteBundle>& sites = loaded->sites;
  if (choice.site.empty() && sites.size() == 1) {
    return Input{std::move(*documents), std::move(sites.front())};
  }
  const auto found = std::find_if(sites.begin(), sites.end(), [&](const policy::SiteBundle& site) {
    return site.model.site.name.text == choice.site;
  });
  if (found == sites.end()) {
    const std::string wrong = choice.site.empty() ? "several sites; say which with --site"
                                                  : "no site '" + choice.site + "'";
    print_error({"which-site", wrong + " (allowed: " + names_of(sites) + ")"});
    return std::nullopt;
  }
  return Input{std::move(*documents), std::move(*found)};
}

}  // namespace wanwise::cli
