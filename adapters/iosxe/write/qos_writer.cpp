#include "adapters/iosxe/write/qos_writer.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/mqc/mqc_edit.hpp"
#include "adapters/iosxe/mqc/qos_mqc.hpp"
#include "adapters/iosxe/session/ask.hpp"
#include "adapters/iosxe/xml/namespaces.hpp"

namespace wanwise::iosxe {
namespace asio = boost::asio;
namespace {

/// Part of the time that is kept back for undoing and unlocking: both are single short requests.
constexpr int kUndoShare = 5;
/// Tries for one lock. With the default pause and its doubling up to a second this is about as long
/// as any deadline; it bounds the requests, not the time.
constexpr int kMaxLockTries = 40;
constexpr std::chrono::milliseconds kMaxLockPause{1000};

std::string target(const char* operation, const std::string& datastore) {
  return XmlWriter{}.open(operation).open("target").empty(datastore).close().close().take();
}

std::string join(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) all += (all.empty() ? "" : ", ") + part;
  return all;
}

/// What a router answers while somebody else, often its own synchronisation after a CLI change,
/// holds the configuration for a moment.
bool is_transient(const Reply& reply) {
  return std::any_of(reply.errors().begin(), reply.errors().end(), [](const RpcError& error) {
    return error.tag == "lock-denied" || error.tag == "in-use";
  });
}

std::string words(const Reply& reply) {
  std::vector<std::string> all;
  for (const RpcError& error : reply.errors()) all.push_back(to_string(error));
  return join(all);
}

}  // namespace

WriteResult QosWriter::refused(std::string reason, std::string detail) {
  return {core::Outcome::refused, std::move(reason), std::move(detail), m_observed, {}};
}

/// The session broke. Before anything was changed the router drops the locks and the candidate of a
/// lost session by itself (RFC 6241 7.5, 8.3.5.2); while something was changing nobody knows.
WriteResult QosWriter::broken(const core::Error& error, bool changes) {
  m_lost = true;
  const core::Outcome outcome = changes ? core::Outcome::unknown : core::Outcome::failed;
  return {outcome, error.code, error.message, std::nullopt, {}};
}

core::Expected<Mqc> QosWriter::prepare(const core::RouterQos& desired) const {
  auto mqc = to_mqc(desired, paths_of(m_config));
  if (!mqc || m_schema == nullptr) return mqc;
  const auto whole = edit_native({}, *mqc);
  if (!whole) return mqc;
  if (auto checked = m_schema->check_config(*whole); !checked)
    return core::Unexpected{checked.error()};
  return mqc;
}

asio::awaitable<WriteResult> QosWriter::write(const core::RouterQos& desired, Deadline deadline) {
  auto mqc = prepare(desired);
  if (!mqc) co_return refused(mqc.error().code, mqc.error().message);
  if (!m_hello.candidate && !m_hello.writable_running)
    co_return refused(errors::kNotWritable, "neither candidate nor writable-running is offered");
  m_desired = std::move(*mqc);
  const auto now = std::chrono::steady_clock::now();
  const Deadline forward = deadline - (deadline - now) / kUndoShare;
  WriteResult result = co_await transact(forward);
  if (!m_lost && result.outcome != core::Outcome::done) co_await undo(deadline);
  if (!m_lost) co_await unlock_all(deadline);
  co_return result;
}

asio::awaitable<WriteResult> QosWriter::transact(Deadline deadline) {
  Step ended = co_await lock_all(deadline);
  if (!ended) ended = co_await read(true, deadline);
  if (ended) co_return std::move(*ended);
  if (!m_foreign.empty()) co_return refused(errors::kForeignPolicy, join(m_foreign));
  if (m_observed->own == m_desired)
    co_return WriteResult{core::Outcome::done, {}, {}, m_observed, {}};
  ended = co_await edit(deadline);
  if (ended) co_return std::move(*ended);
  ended = co_await read(false, deadline);
  if (ended) co_return std::move(*ended);
  if (m_observed->own != m_desired) {
    const std::string rest = edit_native(m_observed->own, m_desired).value_or("");
    co_return WriteResult{core::Outcome::failed,
                          errors::kReadBackDiffers,
                          "still to change after the write: " + rest.substr(0, 1000),
                          m_observed,
                          {}};
  }
  WriteResult result{core::Outcome::done, {}, {}, m_observed, {}};
  if (m_config.save_config) {
    const std::string save = XmlWriter{}.open("save-config", ns::kCiscoIa).close().take();
    const Step failed = co_await simple(save, false, deadline);
    if (failed) result.save_error = failed->reason + ": " + failed->detail;
  }
  co_return result;
}

asio::awaitable<QosWriter::Step> QosWriter::lock_all(Deadline deadline) {
  Step ended = co_await lock("running", deadline);
  if (!ended && m_hello.candidate) {
    ended = co_await lock("candidate", deadline);
    // What a session before us left there is not ours to commit.
    if (!ended) ended = co_await simple("<discard-changes/>", false, deadline);
  }
  co_return ended;
}

asio::awaitable<QosWriter::Step> QosWriter::lock(std::string datastore, Deadline deadline) {
  asio::steady_timer timer{co_await asio::this_coro::executor};
  std::chrono::milliseconds pause{
      std::max<std::int64_t>(m_config.limits.lock_retry.count / 1000, 1)};
  std::string last_words;
  for (int attempt = 0; attempt < kMaxLockTries; ++attempt) {
    const std::string request = target("lock", datastore);
    auto reply = co_await ask(*m_session, request, deadline);
    if (!reply) co_return broken(reply.error(), false);
    if (!reply->failed()) {
      m_locked.push_back(datastore);
      co_return std::nullopt;
    }
    last_words = words(*reply);
    if (!is_transient(*reply)) co_return refused(errors::kRpcError, "lock: " + last_words);
    // A candidate that nobody has locked but somebody left modified cannot be locked either
    // (RFC 6241 7.5); the router refuses this while another session does hold it.
    if (datastore == "candidate") {
      auto discarded = co_await ask(*m_session, "<discard-changes/>", deadline);
      if (!discarded) co_return broken(discarded.error(), false);
    }
    if (std::chrono::steady_clock::now() + pause >= deadline) break;
    timer.expires_after(pause);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    pause = std::min(pause * 2, kMaxLockPause);
  }
  co_return refused(errors::kLockDenied, datastore + ": " + last_words);
}

asio::awaitable<QosWriter::Step> QosWriter::read(bool before, Deadline deadline) {
  const std::string request = get_config("running");
  auto reply = co_await ask(*m_session, request, deadline);
  if (!reply) {
    WriteResult result = broken(reply.error(), !before);
    if (!before) result.reason = errors::kReadBackFailed;
    co_return result;
  }
  if (reply->failed()) {
    const core::Outcome outcome = before ? core::Outcome::failed : core::Outcome::unknown;
    co_return WriteResult{outcome, errors::kReadBackFailed, words(*reply), std::nullopt, {}};
  }
  m_observed = observe(reply->data(), m_config, m_names);
  m_foreign = in_the_way(reply->data(), m_config, m_desired);
  co_return std::nullopt;
}

asio::awaitable<QosWriter::Step> QosWriter::edit(Deadline deadline) {
  const bool candidate = m_hello.candidate;
  const auto change = edit_native(m_observed->own, m_desired);
  if (!change) co_return std::nullopt;
  XmlWriter out;
  out.open("edit-config").open("target").empty(candidate ? "candidate" : "running").close();
  out.leaf("default-operation", "merge");
  if (m_hello.rollback_on_error) out.leaf("error-option", "rollback-on-error");
  out.open("config").raw(*change).close().close();
  const std::string request = out.take();
  Step ended = co_await simple(request, !candidate, deadline);
  if (!ended && candidate && m_hello.validate) {
    const std::string validate =
        XmlWriter{}.open("validate").open("source").empty("candidate").close().close().take();
    ended = co_await simple(validate, false, deadline);
  }
  if (!ended && candidate) ended = co_await simple("<commit/>", true, deadline);
  co_return ended;
}

/// A request that is answered with <ok/> or an error.
asio::awaitable<QosWriter::Step> QosWriter::simple(std::string operation, bool changes,
                                                   Deadline deadline) {
  auto reply = co_await ask(*m_session, std::move(operation), deadline);
  if (!reply) co_return broken(reply.error(), changes);
  if (!reply->failed()) co_return std::nullopt;
  co_return refused(is_transient(*reply) ? errors::kLockDenied : errors::kRpcError, words(*reply));
}

asio::awaitable<void> QosWriter::undo(Deadline deadline) {
  const bool locked = std::find(m_locked.begin(), m_locked.end(), "candidate") != m_locked.end();
  if (!locked) co_return;
  auto reply = co_await ask(*m_session, "<discard-changes/>", deadline);
  m_lost = !reply;
}

asio::awaitable<void> QosWriter::unlock_all(Deadline deadline) {
  while (!m_locked.empty() && !m_lost) {
    const std::string request = target("unlock", m_locked.back());
    m_locked.pop_back();
    auto reply = co_await ask(*m_session, request, deadline);
    m_lost = !reply;
  }
}

}  // namespace wanwise::iosxe
