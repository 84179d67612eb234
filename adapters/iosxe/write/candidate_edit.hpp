// The change by candidate and plain commit (RFC 6241 8.3), for routers without confirmed commit:
// what came out wrong is taken back by the inverse edit. The executor's thread.
#pragma once

#include "adapters/iosxe/write/change.hpp"

namespace wanwise::iosxe {

class CandidateEdit final : public Change {
 public:
  using Change::Change;

  boost::asio::awaitable<StepEnd> make(Edit edit, bool validate, Deadline deadline) override;
  boost::asio::awaitable<void> take_back(const Version& before, const Version& now,
                                         Deadline deadline) override;
};

/// Edits the locked candidate and has it validated where the router can.
[[nodiscard]] boost::asio::awaitable<StepEnd> fill_candidate(Wire& wire, const Hello& hello,
                                                             Edit edit, bool validate,
                                                             Deadline deadline);

}  // namespace wanwise::iosxe
