#include "adapters/iosxe/write/confirmed_commit.hpp"

#include <utility>

#include "adapters/iosxe/write/candidate_edit.hpp"
#include "adapters/iosxe/write/step.hpp"

namespace wanwise::iosxe {
namespace asio = boost::asio;
namespace {

std::string commit_request(const std::string& persist_id) {
  XmlWriter out;
  out.open("commit").empty("confirmed");
  out.leaf("confirm-timeout", std::to_string(kConfirmTimeout.count()));
  return out.leaf("persist", persist_id).close().take();
}

std::string confirm_request(const std::string& persist_id) {
  return XmlWriter{}.open("commit").leaf("persist-id", persist_id).close().take();
}

}  // namespace

std::string persist_id_of(const core::RouterName& router) {
  return "wanwise-" + router.text;
}

std::string cancel_request(const std::string& persist_id) {
  return XmlWriter{}.open("cancel-commit").leaf("persist-id", persist_id).close().take();
}

asio::awaitable<StepEnd> ConfirmedCommit::make(Edit edit, bool validate, Deadline deadline) {
  StepEnd ended = co_await fill_candidate(m_wire, m_hello, std::move(edit), validate, deadline);
  if (ended) co_return ended;
  m_touched = true;
  const std::string request = commit_request(m_persist_id);
  const auto reply = co_await m_wire.ask_patiently(request, deadline);
  m_waits = reply && !reply->failed();
  co_return change_end(reply);
}

asio::awaitable<StepEnd> ConfirmedCommit::keep(Deadline deadline) {
  const std::string request = confirm_request(m_persist_id);
  const auto reply = co_await m_wire.ask_patiently(request, deadline);
  if (reply && !reply->failed()) m_waits = false;
  co_return change_end(reply);
}

asio::awaitable<void> ConfirmedCommit::take_back(const Version&, const Version&,
                                                 Deadline deadline) {
  const std::string request = cancel_request(m_persist_id);
  const auto reply = co_await m_wire.ask_patiently(request, deadline);
  // Refused: nothing waits, or the timeout has to do it.
  if (reply && !reply->failed()) m_waits = false;
}

}  // namespace wanwise::iosxe
