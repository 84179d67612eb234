#include "adapters/iosxe/write/running_edit.hpp"

#include <utility>

#include "adapters/iosxe/write/inverse.hpp"
#include "adapters/iosxe/write/step.hpp"
#include "adapters/iosxe/xml/namespaces.hpp"

namespace wanwise::iosxe {
namespace asio = boost::asio;
namespace {

std::string checkpoint_request() {
  return XmlWriter{}.open("checkpoint", ns::kCiscoIa).close().take();
}

/// checkpoint says that it worked, not what the file is called; the archive's state does.
std::string newest_checkpoint_request() {
  XmlWriter out;
  out.open("get").open("filter", {}, "type=\"subtree\"");
  out.open("checkpoint-archives", ns::kCheckpointArchive).empty("recent").close();
  return out.close().close().take();
}

/// revert-timer is not armed: it would need `configure confirm` at the CLI to be disarmed, and
/// cisco-ia has no such operation.
std::string rollback_request(const std::string& file) {
  XmlWriter out;
  out.open("rollback", ns::kCiscoIa).leaf("target-url", file).empty("revert-on-error");
  return out.close().take();
}

}  // namespace

asio::awaitable<StepEnd> RunningEdit::make(Edit edit, bool, Deadline deadline) {
  // A checkpoint writes the router's flash, and the shaper may move every few seconds: only what
  // the inverse edit could get wrong is worth one.
  if (edit.structural) {
    StepEnd ended = co_await take_checkpoint(deadline);
    if (ended) co_return ended;
  }
  m_touched = true;
  const std::string request = edit_request("running", m_hello, edit.native);
  co_return change_end(co_await m_wire.ask_patiently(request, deadline));
}

/// A router that has no cisco-ia, or no archive configured, refuses; then the inverse edit has to
/// do.
asio::awaitable<StepEnd> RunningEdit::take_checkpoint(Deadline deadline) {
  m_checkpoint.reset();
  const std::string request = checkpoint_request();
  const auto taken = co_await m_wire.ask(request, deadline);
  if (!taken) co_return lost_before(taken.error());
  if (taken->failed()) co_return std::nullopt;
  const std::string question = newest_checkpoint_request();
  const auto newest = co_await m_wire.ask(question, deadline);
  if (!newest) co_return lost_before(newest.error());
  const std::string_view file = newest->data().child("checkpoint-archives").child("recent").text();
  if (!newest->failed() && !file.empty()) m_checkpoint = std::string{file};
  co_return std::nullopt;
}

asio::awaitable<bool> RunningEdit::roll_back(Deadline deadline) {
  if (!m_checkpoint) co_return false;
  const std::string request = rollback_request(*std::exchange(m_checkpoint, std::nullopt));
  const auto reply = co_await m_wire.ask_patiently(request, deadline);
  co_return reply && !reply->failed();
}

asio::awaitable<void> RunningEdit::take_back(const Version& before, const Version& now,
                                             Deadline deadline) {
  if (co_await roll_back(deadline) || m_wire.lost()) co_return;
  const auto inverse = inverse_edit(before, now);
  if (!inverse) co_return;
  const std::string request = edit_request("running", m_hello, *inverse);
  const auto ignored = co_await m_wire.ask_patiently(request, deadline);
  (void)ignored;  // running is read next, and that says what it did
}

}  // namespace wanwise::iosxe
