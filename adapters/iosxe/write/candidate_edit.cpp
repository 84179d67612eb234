#include "adapters/iosxe/write/candidate_edit.hpp"

#include <utility>

#include "adapters/iosxe/write/inverse.hpp"
#include "adapters/iosxe/write/step.hpp"

namespace wanwise::iosxe {
namespace asio = boost::asio;
namespace {

constexpr const char* kCommit = "<commit/>";
constexpr const char* kValidate = "<validate><source><candidate/></source></validate>";

}  // namespace

asio::awaitable<StepEnd> fill_candidate(Wire& wire, const Hello& hello, Edit edit, bool validate,
                                        Deadline deadline) {
  const std::string request = edit_request("candidate", hello, edit.native);
  StepEnd ended = refusal(co_await wire.ask_patiently(request, deadline));
  if (!ended && validate && hello.validate)
    ended = refusal(co_await wire.ask_patiently(kValidate, deadline));
  co_return ended;
}

asio::awaitable<StepEnd> CandidateEdit::make(Edit edit, bool validate, Deadline deadline) {
  StepEnd ended = co_await fill_candidate(m_wire, m_hello, std::move(edit), validate, deadline);
  if (ended) co_return ended;
  m_touched = true;
  co_return change_end(co_await m_wire.ask_patiently(kCommit, deadline));
}

asio::awaitable<void> CandidateEdit::take_back(const Version& before, const Version& now,
                                               Deadline deadline) {
  const auto inverse = inverse_edit(before, now);
  if (!inverse) co_return;
  // Named: g++ 12 destroys an aggregate twice that is made inside a co_await expression.
  Edit edit{*inverse, true};
  const StepEnd ended = co_await fill_candidate(m_wire, m_hello, std::move(edit), false, deadline);
  if (ended) co_return;
  const auto ignored = co_await m_wire.ask_patiently(kCommit, deadline);
  (void)ignored;  // running is read next, and that says what it did
}

}  // namespace wanwise::iosxe
