// The part of replay that reads the documents again.
#include <utility>

#include "engine/policy/load.hpp"
#include "engine/runtime/replay.hpp"

namespace wanwise::runtime {

core::Expected<ReplayReport> replay_file(const std::string& path, const std::string& schema_dir) {
  auto journal = JournalReader::open(path);
  if (!journal) return core::Unexpected<core::Error>{journal.error()};
  auto loaded = policy::load(journal->header().documents, schema_dir, policy::Reasoning::off);
  if (!loaded) {
    const std::string first =
        loaded.error().empty() ? "" : ": " + policy::to_string(loaded.error().front());
    return core::fail("journal-documents-invalid", path + first);
  }
  for (policy::SiteBundle& bundle : loaded->sites) {
    if (bundle.model.site.name != journal->header().site) continue;
    return replay(*journal, core::Engine(std::move(bundle.model)));
  }
  return core::fail("journal-site-missing",
                    path + ": its documents hold no site \"" + journal->header().site.text + "\"");
}

}  // namespace wanwise::runtime
