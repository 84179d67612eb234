#include <fmt/core.h>

#include <boost/json.hpp>

#include "adapters/cli/commands.hpp"
#include "adapters/cli/input.hpp"

namespace wanwise::cli {
namespace {

/// On stderr for people, on stdout as JSON.
void report(const Common& common, const std::vector<policy::Diagnostic>& diagnostics) {
  if (!common.json) return print_diagnostics(diagnostics);
  boost::json::array list;
  for (const policy::Diagnostic& d : diagnostics) {
    list.push_back({{"file", d.file},
                    {"line", d.line},
                    {"column", d.column},
                    {"path", d.path},
                    {"message", d.message},
                    {"allowed", d.allowed},
                    {"severity", d.severity == policy::Severity::error ? "error" : "warning"}});
  }
  fmt::print("{}\n", boost::json::serialize(boost::json::object{{"diagnostics", std::move(list)}}));
}

}  // namespace

int validate(const Common& common, const ValidateOptions& options) {
  const auto documents = policy::read_documents(options.paths);
  if (!documents) return report(common, documents.error()), kFailed;
  const auto loaded = policy::load(*documents, common.yang_dir);
  if (!loaded) return report(common, loaded.error()), kFailed;
  report(common, loaded->warnings);
  const bool refused = options.strict && !loaded->warnings.empty();
  if (common.json || refused) return refused ? kFailed : kOk;
  for (const policy::SiteBundle& site : loaded->sites) {
    fmt::print("site {}: policy {}, {} workloads, {} links, valid\n", site.model.site.name.text,
               site.model.policy.name.text, site.model.policy.workloads.size(),
               site.model.site.links.size());
  }
  return kOk;
}

}  // namespace wanwise::cli
