#include "adapters/iosxe/write/change.hpp"

#include "adapters/iosxe/write/candidate_edit.hpp"
#include "adapters/iosxe/write/confirmed_commit.hpp"
#include "adapters/iosxe/write/running_edit.hpp"

namespace wanwise::iosxe {

boost::asio::awaitable<StepEnd> Change::keep(Deadline) {
  co_return std::nullopt;
}

std::unique_ptr<Change> make_change(Wire& wire, const Hello& hello, const std::string& persist_id) {
  if (!hello.candidate) return std::make_unique<RunningEdit>(wire, hello);
  if (!hello.confirmed_commit) return std::make_unique<CandidateEdit>(wire, hello);
  return std::make_unique<ConfirmedCommit>(wire, hello, persist_id);
}

std::string edit_request(const std::string& datastore, const Hello& hello,
                         const std::string& native) {
  XmlWriter out;
  out.open("edit-config").open("target").empty(datastore).close();
  out.leaf("default-operation", "merge");
  if (hello.rollback_on_error) out.leaf("error-option", "rollback-on-error");
  return out.open("config").raw(native).close().close().take();
}

}  // namespace wanwise::iosxe
