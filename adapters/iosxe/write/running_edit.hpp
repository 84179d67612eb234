// The change of a writable running datastore (RFC 6241 8.2) with rollback-on-error, for routers
// without a candidate. What came out wrong is taken back by a checkpoint of the router's own
// (cisco-ia) where there is one, else by the inverse edit. The executor's thread.
#pragma once

#include <optional>
#include <string>

#include "adapters/iosxe/write/change.hpp"

namespace wanwise::iosxe {

class RunningEdit final : public Change {
 public:
  using Change::Change;

  boost::asio::awaitable<StepEnd> make(Edit edit, bool validate, Deadline deadline) override;
  boost::asio::awaitable<void> take_back(const Version& before, const Version& now,
                                         Deadline deadline) override;

 private:
  boost::asio::awaitable<StepEnd> take_checkpoint(Deadline deadline);
  boost::asio::awaitable<bool> roll_back(Deadline deadline);

  std::optional<std::string> m_checkpoint;  ///< file on the router
};

}  // namespace wanwise::iosxe
