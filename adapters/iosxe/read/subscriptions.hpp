// How each feed of a session reaches us: pushed at a period, pushed on change, or polled; and what
// to do next when the router refuses, goes silent or ends a subscription. Decisions only: the watch
// (feed_watch.hpp) sends and receives. Pure; belongs to one session.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/iosxe/read/feeds.hpp"
#include "adapters/iosxe/xml/reply.hpp"
#include "engine/core/units.hpp"

namespace wanwise::iosxe {

class Subscriptions {
 public:
  /// A subscription that misses this many of its periods is helped out by polling until it speaks.
  static constexpr int kSilentPeriods = 3;
  /// And after so many it is deleted and asked for anew.
  static constexpr int kDeadPeriods = 10;
  /// "error-insufficient-resources" is tried again with twice the period, up to so many times the
  /// configured one. Beyond it polling at the configured period is fresher than pushing is cheap.
  static constexpr int kLongestPeriod = 4;
  /// Feeds that are pushed on change and those of the router's own health are polled at so many
  /// periods.
  static constexpr int kSlowPeriods = 10;

  explicit Subscriptions(core::Micros period) : m_period(period) {}

  /// All feeds, polled until something better is known.
  void begin(const std::vector<Feed>& feeds, core::Instant now);

  /// What to ask for: a period, or nothing for "on change".
  using Trigger = std::optional<core::Micros>;
  /// The answer to an attempt; gives the next attempt, if there should be one.
  struct Next {
    bool again = false;
    Trigger trigger;
  };
  [[nodiscard]] Next answered(const Feed& feed, Trigger trigger, const SubscriptionAnswer& answer);

  /// A notification of this subscription, true at `observed`.
  struct Heard {
    const Feed* feed = nullptr;  ///< null: of no subscription of ours
    bool newest = false;         ///< nothing newer came before
  };
  Heard heard(std::uint32_t id, core::Instant observed);
  /// A poll asked for this feed at `asked` and was answered.
  void polled(const Feed& feed, core::Instant asked);
  /// One feed takes the place of another, polled until it is subscribed; gives the subscription
  /// that the other one had.
  [[nodiscard]] std::optional<std::uint32_t> exchange(const Feed& gone, const Feed& come);
  /// The router ended it; the feed is polled.
  void ended(std::uint32_t id);

  /// What must be read now. `slow`: the turn of the slow ones too.
  [[nodiscard]] std::vector<Feed> to_poll(core::Instant now, bool slow) const;
  /// Feeds whose subscription should be asked for anew, with the dead one's id to delete first.
  struct Stale {
    Feed feed;
    std::optional<std::uint32_t> id;
  };
  [[nodiscard]] std::vector<Stale> to_renew(core::Instant now) const;

  [[nodiscard]] bool on_change(const Feed& feed) const;
  [[nodiscard]] std::size_t size() const { return m_states.size(); }
  [[nodiscard]] std::size_t pushed() const;

 private:
  struct State {
    std::optional<std::uint32_t> id;
    bool on_change = false;
    bool may_renew = false;  ///< refused for want of room, or ended: later may be better
    core::Micros period;     ///< of the subscription
    core::Instant last;      ///< when the newest data were true
  };

  core::Micros m_period;
  std::map<Feed, State> m_states;
};

}  // namespace wanwise::iosxe
