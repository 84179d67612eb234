#include "adapters/iosxe/write/transaction.hpp"

#include <algorithm>
#include <utility>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/mqc/mqc_edit.hpp"
#include "adapters/iosxe/mqc/mqc_words.hpp"
#include "adapters/iosxe/provision/probe_numbers.hpp"
#include "adapters/iosxe/write/confirmed_commit.hpp"
#include "adapters/iosxe/write/plan.hpp"
#include "adapters/iosxe/write/step.hpp"
#include "adapters/iosxe/xml/namespaces.hpp"

namespace wanwise::iosxe {
namespace asio = boost::asio;
namespace {

/// Part of the time that is kept back for undoing and unlocking: a few short requests.
constexpr int kUndoShare = 5;
/// By the router's own means, and then by the inverse edit.
constexpr int kTakeBacks = 2;

/// The mend is the operator's: wanwise never takes somebody else's policy off an interface.
std::string mend_of(const std::vector<std::string>& in_the_way) {
  std::string all;
  for (const std::string& one : in_the_way) all += (all.empty() ? "" : ", ") + one;
  return all + " (take it off there, or leave that interface out of the site)";
}

Version version_of(const Seen& seen) {
  return {seen.image, seen.observed.own};
}

/// What a router holds if it did as it was told.
Version version_of(const Mqc& desired, const Dialect& dialect) {
  auto image = Image::of_native(edit_native({}, desired, dialect).value_or(""));
  return {image ? std::move(*image) : Image{}, desired};
}

}  // namespace

Transaction::Transaction(std::shared_ptr<Session> session, const Hello& hello,
                         const Dialect& dialect, const WriteFacts& facts)
    : m_facts(facts),
      m_hello(hello),
      m_dialect(dialect),
      m_wire(std::move(session), facts.config.limits),
      m_locks(m_wire),
      m_change(make_change(m_wire, m_hello, persist_id_of(facts.config.router))) {}

asio::awaitable<WriteResult> Transaction::run(const core::RouterQos& desired, Deadline deadline) {
  auto planned = plan(desired, m_facts.config, m_facts.schema, m_dialect);
  if (!planned) co_return refused(planned.error().code, planned.error().message);
  if (!m_hello.candidate && !m_hello.writable_running)
    co_return refused(errors::kNotWritable, "neither candidate nor writable-running is offered");
  m_desired = std::move(*planned);
  const auto now = std::chrono::steady_clock::now();
  const Deadline forward = deadline - (deadline - now) / kUndoShare;
  StepEnd ended = co_await m_locks.take(m_hello.candidate, forward);
  WriteResult result;
  if (ended) {
    result = std::move(*ended);
  } else {
    result = co_await behind_locks(forward);
  }
  if (result.outcome != core::Outcome::done) co_await undo(result, deadline);
  // What was written stands by now; a router that hangs here shall not keep the answer for long.
  co_await m_locks.give_back(
      std::min(deadline, std::chrono::steady_clock::now() +
                             std::chrono::microseconds{m_facts.config.limits.reply.count}));
  // Some servers cannot roll back under a lock (netconfd 2.13); what still waits is cancelled now.
  if (m_change->waits() && result.outcome != core::Outcome::done) co_await undo(result, deadline);
  result.committed = m_change->touched();
  result.effect_unseen = m_effect_unseen;
  co_return result;
}

asio::awaitable<WriteResult> Transaction::behind_locks(Deadline deadline) {
  StepEnd ended = co_await look_before(deadline);
  if (ended) co_return std::move(*ended);
  WriteResult result;
  result.observed = m_before->observed;
  if (m_before->observed.own == m_desired) co_return result;
  result = co_await attempt(true, deadline);
  // netconfd 2.13 answers ok to validate and to the commit behind it, and applies nothing but what
  // is removed. A change that removes as well ends unknown there, and the next one does the rest.
  const bool ignored = result.reason == errors::kNoEffect && as_before();
  if (ignored && m_hello.candidate && m_hello.validate) {
    // Named, as everywhere: g++ 12 destroys an aggregate twice that a co_await expression makes.
    const Version before = version_of(*m_before);
    const Version now = version_of(*m_now);
    co_await m_change->take_back(before, now, deadline);
    result = co_await attempt(false, deadline);
    result.validate_unsafe = result.outcome == core::Outcome::done;
  }
  if (result.outcome == core::Outcome::done) co_await save(result, deadline);
  co_return result;
}

asio::awaitable<StepEnd> Transaction::look_before(Deadline deadline) {
  auto seen = co_await read_running(m_wire, m_facts, deadline);
  if (!seen) co_return lost_before(seen.error());
  m_before = std::move(*seen);
  auto numbered = on_router(m_desired, m_before->observed.own, m_before->observed.taken);
  if (!numbered) co_return refused(numbered.error().code, numbered.error().message);
  m_desired = std::move(*numbered);
  const auto others = in_the_way(m_before->image.data(), m_facts.config, m_desired);
  if (others.empty()) co_return std::nullopt;
  co_return refused(errors::kForeignPolicy, mend_of(others));
}

asio::awaitable<WriteResult> Transaction::attempt(bool validate, Deadline deadline) {
  m_now.reset();
  const Mqc& own = m_before->observed.own;
  Edit edit{edit_native(own, m_desired, m_dialect).value_or(""), !same_objects(own, m_desired)};
  StepEnd ended = co_await m_change->make(std::move(edit), validate, deadline);
  if (!ended) ended = co_await look_after(deadline);
  if (!ended) ended = co_await await_effect(m_wire, m_facts, m_desired, deadline, m_effect_unseen);
  if (!ended) ended = co_await m_change->keep(deadline);
  if (ended) co_return std::move(*ended);
  WriteResult done;
  done.observed = m_now->observed;
  co_return done;
}

asio::awaitable<StepEnd> Transaction::look_after(Deadline deadline) {
  auto seen = co_await read_running(m_wire, m_facts, deadline);
  if (!seen) {
    const std::string detail = seen.error().code + ": " + seen.error().message;
    co_return WriteResult{core::Outcome::failed, errors::kReadBackFailed, detail, {}, true, {}, {}};
  }
  m_now = std::move(*seen);
  if (m_now->observed.own == m_desired) co_return std::nullopt;
  if (as_before())
    co_return WriteResult{core::Outcome::failed,
                          errors::kNoEffect,
                          "the router answered ok and holds what it held",
                          {},
                          true,
                          {},
                          {}};
  const std::string rest = difference_words(m_now->observed.own, m_desired);
  co_return WriteResult{core::Outcome::failed,
                        errors::kReadBackDiffers,
                        "still to change after the write: " + rest,
                        {},
                        true,
                        {},
                        {}};
}

asio::awaitable<void> Transaction::save(WriteResult& result, Deadline deadline) {
  if (!m_facts.config.save_config) co_return;
  const std::string request = XmlWriter{}.open("save-config", ns::kCiscoIa).close().take();
  const StepEnd failed = refusal(co_await m_wire.ask(request, deadline));
  if (failed) result.save_error = failed->reason + ": " + failed->detail;
}

bool Transaction::as_before() const {
  return m_now && m_before && m_now->observed.own == m_before->observed.own;
}

/// The write failed: running becomes what it was, and is read, because what a router says of its
/// commit is not proof of what it holds.
asio::awaitable<void> Transaction::undo(WriteResult& result, Deadline deadline) {
  if (m_locks.holds("candidate") && !m_wire.lost()) {
    const auto ignored = co_await m_wire.ask(kDiscardChanges, deadline);
    (void)ignored;  // unlocking or losing the session discards it as well
  }
  if (!m_change->touched()) {
    if (m_before && !m_wire.lost()) result.observed = m_before->observed;
    co_return;
  }
  if (!m_wire.lost()) co_await take_back(deadline);
  result.observed.reset();
  if (m_now && !m_wire.lost()) result.observed = m_now->observed;
  if (m_wire.lost() || !as_before() || m_change->waits()) result.outcome = core::Outcome::unknown;
}

asio::awaitable<void> Transaction::take_back(Deadline deadline) {
  for (int tries = 0; tries < kTakeBacks && !m_wire.lost(); ++tries) {
    if (!m_now) co_await look_again(deadline);
    if (m_wire.lost() || (as_before() && !m_change->waits())) co_return;
    const Version now = m_now ? version_of(*m_now) : version_of(m_desired, m_dialect);
    const Version before = version_of(*m_before);
    co_await m_change->take_back(before, now, deadline);
    m_now.reset();
  }
  if (!m_now) co_await look_again(deadline);
}

asio::awaitable<void> Transaction::look_again(Deadline deadline) {
  m_now.reset();
  auto seen = co_await read_running(m_wire, m_facts, deadline);
  if (seen) m_now = std::move(*seen);
}

}  // namespace wanwise::iosxe
