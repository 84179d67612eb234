// Stand-ins for the ports, for tests of what drives them. Each records what it was told; nothing
// happens until the test says so.
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "engine/ports/clock.hpp"
#include "engine/ports/cluster.hpp"
#include "engine/ports/journal.hpp"
#include "engine/ports/node_metrics.hpp"
#include "engine/ports/router.hpp"
#include "engine/runtime/alarm.hpp"

namespace wanwise::testing {

class FakeClock final : public ports::Clock {
 public:
  [[nodiscard]] core::Instant now() const override { return m_now; }
  void set(core::Instant now) { m_now = now; }
  void advance(core::Micros by) { m_now = m_now + by; }

 private:
  core::Instant m_now;
};

class FakeAlarm final : public runtime::Alarm {
 public:
  void set(core::Instant when, std::function<void()> ring) override {
    m_when = when;
    m_ring = std::move(ring);
  }
  void clear() override {
    m_when.reset();
    m_ring = nullptr;
  }
  [[nodiscard]] std::optional<core::Instant> when() const { return m_when; }
  void ring() {
    m_when.reset();
    if (const auto call = std::exchange(m_ring, nullptr)) call();
  }

 private:
  std::optional<core::Instant> m_when;
  std::function<void()> m_ring;
};

class RecordingSink final : public ports::EventSink {
 public:
  void post(core::EventBody body) override { events.push_back(std::move(body)); }

  template <class Body>
  [[nodiscard]] std::vector<Body> all() const {
    std::vector<Body> out;
    for (const core::EventBody& event : events) {
      if (const auto* body = std::get_if<Body>(&event)) out.push_back(*body);
    }
    return out;
  }

  std::vector<core::EventBody> events;
};

class FakeRouter final : public ports::Router {
 public:
  struct Submitted {
    core::ActionId id;
    core::ApplyQos action;
    core::Instant deadline;
  };

  void start(ports::EventSink& to) override { sink = &to; }
  void submit(core::ActionId id, const core::ApplyQos& action, core::Instant deadline) override {
    submitted.push_back({id, action, deadline});
    if (answer) sink->post(core::ActionDone{id, *answer, {}, {}});
  }
  void stop() override { stopped = true; }

  ports::EventSink* sink = nullptr;
  std::optional<core::Outcome> answer;  ///< given at once, from within submit()
  std::vector<Submitted> submitted;
  bool stopped = false;
};

class FakeCluster final : public ports::Cluster {
 public:
  struct Submitted {
    core::ActionId id;
    core::PlaceWorkload action;
    core::Instant deadline;
    std::string why;
  };

  void start(ports::EventSink& to) override { sink = &to; }
  void submit(core::ActionId id, const core::PlaceWorkload& action, core::Instant deadline,
              const std::string& why) override {
    submitted.push_back({id, action, deadline, why});
  }
  void stop() override { stopped = true; }

  ports::EventSink* sink = nullptr;
  std::vector<Submitted> submitted;
  bool stopped = false;
};

class FakeMetrics final : public ports::NodeMetrics {
 public:
  void start(ports::EventSink& to) override { sink = &to; }
  void stop() override { stopped = true; }

  ports::EventSink* sink = nullptr;
  bool stopped = false;
};

/// Keeps what it was told as one list, in order.
class RecordingJournal final : public ports::Journal {
 public:
  void record(const core::Event& event) override { lines.push_back({event, {}, 0}); }
  void record(const core::Step& step, std::uint64_t digest) override {
    lines.push_back({{}, step, digest});
  }

  struct Line {
    std::optional<core::Event> event;
    std::optional<core::Step> step;
    std::uint64_t digest = 0;
  };
  std::vector<Line> lines;
};

}  // namespace wanwise::testing
