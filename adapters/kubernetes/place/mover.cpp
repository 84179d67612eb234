#include "adapters/kubernetes/place/mover.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/object.hpp>
#include <utility>

#include "adapters/kubernetes/client/errors.hpp"

namespace wanwise::kubernetes {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using core::Outcome;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// What an undo may take of a move's time: one request and one repetition.
constexpr milliseconds kUndoTime{2'000};
constexpr milliseconds kPayAgain{2'000};
/// With nothing to do: woken by a change anyway.
constexpr std::chrono::seconds kIdle{60};

std::string place_text(const std::optional<core::TargetName>& target, std::int32_t rung) {
  if (!target) return "nowhere";
  return rung == 0 ? target->text : fmt::format("{} at rung {}", target->text, rung);
}

std::string path_of(const ObjectName& name) {
  return fmt::format("/apis/apps/v1/namespaces/{}/deployments/{}", name.name_space, name.name);
}

}  // namespace

Mover::Mover(std::shared_ptr<Client> client, std::shared_ptr<EventRecorder> recorder,
             const ClusterView& view, const ClusterConfig& config, const ClusterWorkload& workload,
             Post post, Tell tell)
    : m_client(std::move(client)),
      m_recorder(std::move(recorder)),
      m_view(view),
      m_config(config),
      m_workload(workload),
      m_post(std::move(post)),
      m_tell(std::move(tell)),
      m_timer(m_client->executor()) {}

const DeploymentObject* Mover::deployment() const {
  return m_view.deployments.find(m_workload.deployment);
}

void Mover::answer(core::ActionId id, Outcome outcome, std::string reason, std::string detail) {
  m_post(core::ActionDone{id, outcome, std::move(reason), std::move(detail)});
}

void Mover::record(EventType type, std::string reason, std::string note) {
  if (deployment() == nullptr) return;
  ObjectEvent event;
  event.regarding = {"apps/v1", "Deployment", deployment()->name, deployment()->uid};
  event.type = type;
  event.reason = std::move(reason);
  event.action = "Moving";
  event.note = std::move(note);
  m_recorder->record(std::move(event));
}

void Mover::submit(Move move) {
  if (!m_view.complete()) {
    answer(move.id, Outcome::refused, "cluster-unknown", "the cluster has not been read yet");
    return;
  }
  if (const auto why = refusal(m_view, m_config, m_workload, move.action)) {
    record(EventType::warning, "MoveRefused",
           fmt::format("to {}: {}: {}", place_text(move.action.to, move.action.rung), why->code,
                       why->message));
    answer(move.id, Outcome::refused, why->code, why->message);
    return;
  }
  if (m_next) answer(m_next->id, Outcome::failed, "superseded");
  m_next = std::move(move);
  notify();
}

void Mover::stop() {
  m_stopped = true;
  notify();
}

asio::awaitable<void> Mover::sleep_until(SteadyTime until) {
  m_timer.expires_at(until);
  boost::system::error_code ignored;
  co_await m_timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

asio::awaitable<void> Mover::run() {
  while (!m_stopped) {
    if (m_next) {
      Move move = std::move(*m_next);
      m_next.reset();
      m_owed.reset();
      co_await carry_out(std::move(move));
      continue;
    }
    find_debt();
    if (m_owed && steady_clock::now() >= m_pay_after) {
      co_await pay();
      continue;
    }
    const SteadyTime idle = steady_clock::now() + kIdle;
    co_await sleep_until(m_owed ? std::min(m_pay_after, idle) : idle);
  }
}

/// A move that nobody carries out any more is settled where it got through, and else undone.
void Mover::find_debt() {
  if (m_owed || !m_view.complete() || deployment() == nullptr) return;
  const auto from = moving_from(*deployment());
  if (!from) return;
  const Standing standing = standing_of(*deployment());
  const bool reached = progress_of(m_view, m_config, m_workload, standing).reached;
  m_owed = Wish{reached ? standing : *from, reached ? "moved" : "the move was not finished", {}};
  if (!reached) record(EventType::warning, "MoveUndone", m_owed->reason);
}

asio::awaitable<void> Mover::pay() {
  const Wish owed = *m_owed;
  m_pay_after = steady_clock::now() + kPayAgain;
  Standing before;
  if (deployment() != nullptr) before = standing_of(*deployment());
  const auto paid = co_await apply(owed, before, m_pay_after);
  if (paid || !is_transient(paid.error())) m_owed.reset();
}

asio::awaitable<core::Expected<void>> Mover::apply(Wish wish, Standing before, SteadyTime until) {
  if (deployment() == nullptr) co_return core::fail("workload-missing", "the Deployment is gone");
  const std::string path = path_of(m_workload.deployment);
  Call call;
  call.verb = Verb::apply;
  call.path = path + "?fieldManager=" + kFieldManager;
  call.body = apply_body(*deployment(), wish, m_config);
  const auto applied = co_await m_client->call_until(std::move(call), until);
  if (!applied) co_return core::Unexpected{applied.error()};
  const auto replicas = replicas_of(before, wish.standing);
  if (!replicas) co_return core::Expected<void>{};
  Call scale;
  scale.verb = Verb::merge;
  scale.path = path + "/scale?fieldManager=" + kFieldManager;
  json::object spec;
  spec["replicas"] = *replicas;
  json::object body;
  body["spec"] = std::move(spec);
  scale.body = std::move(body);
  const auto scaled = co_await m_client->call_until(std::move(scale), until);
  if (!scaled) co_return core::Unexpected{scaled.error()};
  co_return core::Expected<void>{};
}

asio::awaitable<void> Mover::carry_out(Move move) {
  if (deployment() == nullptr) {
    answer(move.id, Outcome::refused, "workload-missing", "the Deployment is gone");
    co_return;
  }
  const auto now = observe(m_view, m_config, m_workload, {});
  const bool stays = now.ready && now.target == move.action.to && now.rung == move.action.rung;
  const Standing before = standing_of(*deployment());
  // A move begun but not ended is undone to where it came from, not to where it was going; one that
  // got there and was not settled yet has ended.
  const bool stands = progress_of(m_view, m_config, m_workload, before).reached;
  const Standing from = stands ? before : moving_from(*deployment()).value_or(before);
  Standing wish;
  wish.target = move.action.to ? move.action.to->text : before.target;
  wish.rung = move.action.to ? move.action.rung : before.rung;
  if (!move.action.to) wish.suspended = before.suspended.value_or(deployment()->replicas);
  if (stays && (before == wish || before.target.empty())) {
    answer(move.id, Outcome::done);
    co_return;
  }
  const SteadyTime until =
      move.deadline - std::min(kUndoTime, std::chrono::duration_cast<milliseconds>(
                                              (move.deadline - steady_clock::now()) / 4));
  Wish begun;
  begun.standing = wish;
  begun.from = from;
  begun.reason = move.why;
  const auto applied = co_await apply(begun, before, until);
  if (!applied && !is_transient(applied.error())) {
    answer(move.id, Outcome::refused, applied.error().code, applied.error().message);
    co_return;
  }
  record(EventType::normal, "Moving",
         fmt::format("to {}: {}", place_text(move.action.to, move.action.rung), move.why));
  End end = End::late;
  if (applied) end = co_await await_end(wish, until);
  if (end == End::reached) {
    m_tell();
    answer(move.id, Outcome::done);
    record(EventType::normal, "Moved",
           fmt::format("to {}: {}", place_text(move.action.to, move.action.rung), move.why));
    m_owed = Wish{wish, move.why, {}};
    m_pay_after = {};
    co_return;
  }
  co_await give_up(move, from, wish, end);
}

asio::awaitable<Mover::End> Mover::await_end(const Standing& wish, SteadyTime until) {
  while (true) {
    if (m_stopped) co_return End::stopped;
    const Progress progress = progress_of(m_view, m_config, m_workload, wish);
    if (progress.reached) co_return End::reached;
    if (m_next) co_return End::superseded;
    if (progress.lost) co_return End::lost;
    if (steady_clock::now() >= until) co_return End::late;
    co_await sleep_until(until);
  }
}

asio::awaitable<void> Mover::give_up(const Move& move, Standing from, const Standing& wish,
                                     End end) {
  if (end == End::stopped) co_return;
  if (end == End::superseded) {
    answer(move.id, Outcome::failed, "superseded");
    co_return;
  }
  const std::string code = end == End::lost ? "target-lost" : "not-ready-in-time";
  const std::string trouble = progress_of(m_view, m_config, m_workload, wish).trouble;
  Wish back;
  back.standing = from;
  back.reason = "undone: " + code;
  record(EventType::warning, "MoveUndone",
         fmt::format("to {}: {}{}{}", place_text(move.action.to, move.action.rung), code,
                     trouble.empty() ? "" : ": ", trouble));
  const SteadyTime until = std::max(move.deadline - kUndoTime / 10, steady_clock::now());
  const auto undone = co_await apply(back, wish, until);
  if (!undone && is_transient(undone.error())) {
    m_owed = back;
    answer(move.id, Outcome::unknown, undone.error().code, undone.error().message);
    co_return;
  }
  answer(move.id, Outcome::failed, code, trouble);
}

}  // namespace wanwise::kubernetes
