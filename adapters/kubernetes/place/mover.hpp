// Carries out the moves of one workload, one at a time: apply, wait until the new pods are ready,
// settle; undone when they are not in time. What it still owes the cluster (an undo that did not
// get through, a move that an earlier process left half-way) it pays before anything else. Belongs
// to the client's executor's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapters/kubernetes/client/client.hpp"
#include "adapters/kubernetes/events/event_recorder.hpp"
#include "adapters/kubernetes/place/judge.hpp"
#include "engine/core/event.hpp"

namespace wanwise::kubernetes {

struct Move {
  core::ActionId id = 0;
  core::PlaceWorkload action;
  SteadyTime deadline;
  std::string why;  ///< one line for people
};

class Mover {
 public:
  using Post = std::function<void(core::EventBody)>;
  /// Posts where the workload runs now, if that is news.
  using Tell = std::function<void()>;

  Mover(std::shared_ptr<Client> client, std::shared_ptr<EventRecorder> recorder,
        const ClusterView& view, const ClusterConfig& config, const ClusterWorkload& workload,
        Post post, Tell tell);

  /// Ends after stop().
  [[nodiscard]] boost::asio::awaitable<void> run();
  /// A former move that is under way ends as superseded; one that can not begin disturbs nothing.
  void submit(Move move);
  /// The view changed.
  void notify() { m_timer.cancel(); }
  void stop();

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  enum class End : std::uint8_t { reached, superseded, lost, late, stopped };

  [[nodiscard]] const DeploymentObject* deployment() const;
  [[nodiscard]] Awaitable<void> carry_out(Move move);
  [[nodiscard]] Awaitable<End> await_end(const Standing& wish, SteadyTime until);
  [[nodiscard]] Awaitable<core::Expected<void>> apply(Wish wish, Standing before, SteadyTime until);
  [[nodiscard]] Awaitable<void> pay();
  [[nodiscard]] Awaitable<void> give_up(const Move& move, Standing from, const Standing& wish,
                                        End end);
  [[nodiscard]] Awaitable<void> sleep_until(SteadyTime until);
  void find_debt();
  void answer(core::ActionId id, core::Outcome outcome, std::string reason = {},
              std::string detail = {});
  /// An Event on the Deployment, for `kubectl describe`.
  void record(EventType type, std::string reason, std::string note);

  std::shared_ptr<Client> m_client;
  std::shared_ptr<EventRecorder> m_recorder;
  const ClusterView& m_view;
  const ClusterConfig& m_config;
  const ClusterWorkload& m_workload;
  Post m_post;
  Tell m_tell;
  boost::asio::steady_timer m_timer;
  std::optional<Move> m_next;
  std::optional<Wish> m_owed;
  SteadyTime m_pay_after{};
  bool m_stopped = false;
};

}  // namespace wanwise::kubernetes
