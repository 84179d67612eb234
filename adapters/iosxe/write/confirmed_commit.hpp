// The change by candidate and confirmed commit (RFC 6241 8.3, 8.4): until the second commit the
// router itself takes everything back, whether we ask for it (cancel-commit), lose it, or die.
// Persistent, so that the end of our session alone decides nothing, and so that the next session,
// also that of the next wanwise, can end it by its name. The executor's thread.
#pragma once

#include "adapters/iosxe/write/change.hpp"

namespace wanwise::iosxe {

/// The router waits so long for the confirming commit. Longer than the engine waits for a write
/// (20 s), shorter than a lock is waited for: a wanwise that begins anew and cannot cancel sees the
/// old configuration come back and goes on.
inline constexpr std::chrono::seconds kConfirmTimeout{60};

class ConfirmedCommit final : public Change {
 public:
  ConfirmedCommit(Wire& wire, const Hello& hello, std::string persist_id)
      : Change(wire, hello), m_persist_id(std::move(persist_id)) {}

  boost::asio::awaitable<StepEnd> make(Edit edit, bool validate, Deadline deadline) override;
  boost::asio::awaitable<StepEnd> keep(Deadline deadline) override;
  boost::asio::awaitable<void> take_back(const Version& before, const Version& now,
                                         Deadline deadline) override;
  bool waits() const override { return m_waits; }

 private:
  std::string m_persist_id;
  bool m_waits = false;
};

/// The name of our confirmed commits on this router: what a crashed wanwise left is found by it.
[[nodiscard]] std::string persist_id_of(const core::RouterName& router);
[[nodiscard]] std::string cancel_request(const std::string& persist_id);

}  // namespace wanwise::iosxe
