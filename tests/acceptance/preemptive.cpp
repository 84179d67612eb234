#include "tests/acceptance/preemptive.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <deque>
#include <string>

#include "sim/world/kernel/event_queue.hpp"
#include "sim/world/kernel/random.hpp"

namespace wanwise::acceptance {
namespace {

using sim::Nanos;

constexpr double kMillisecond = 1e6;
/// Events: the arrival of a class, or the end of a service begun in this epoch.
constexpr std::uint64_t kCompletion = std::uint64_t{1} << 63;

class Server final : public sim::EventHandler {
 public:
  Server(double rho, const std::vector<double>& parts, bool exponential, std::uint64_t customers)
      : m_left(customers), m_exponential(exponential) {
    for (const double part : parts) {
      m_classes.emplace_back(kMillisecond / (rho * part), std::to_string(m_classes.size()));
      m_events.schedule(0, *this, m_classes.size() - 1);
    }
    while (m_events.pending() > 0) m_events.run_until(m_events.now() + sim::kNanosPerSecond);
  }

  void on_event(Nanos now, std::uint64_t argument) override {
    work_until(now);
    if ((argument & kCompletion) == 0) {
      arrive(now, m_classes[argument], argument);
    } else if (argument == (kCompletion | m_epoch)) {
      Class& current = *busiest();
      current.sojourn += static_cast<double>(now - current.jobs.front().arrived);
      ++current.served;
      current.jobs.pop_front();
    } else {
      return;  // was preempted
    }
    if (Class* next = busiest())
      m_events.schedule(now + next->jobs.front().remaining, *this, kCompletion | ++m_epoch);
  }

  [[nodiscard]] std::vector<double> sojourns() const {
    std::vector<double> all;
    for (const Class& c : m_classes) {
      EXPECT_EQ(c.served, c.arrived);
      all.push_back(c.sojourn / static_cast<double>(c.served) / kMillisecond);
    }
    return all;
  }

 private:
  struct Job {
    Nanos arrived, remaining;
  };
  struct Class {
    Class(double mean_interval, const std::string& name)
        : interval(mean_interval), times(5, "times/" + name), sizes(5, "sizes/" + name) {}
    double interval;
    sim::Stream times, sizes;
    std::deque<Job> jobs;
    double sojourn = 0;
    std::uint64_t served = 0, arrived = 0;
  };

  void arrive(Nanos now, Class& c, std::uint64_t index) {
    const double size = m_exponential ? c.sizes.exponential(kMillisecond) : kMillisecond;
    c.jobs.push_back({now, std::llround(size)});
    ++c.arrived;
    if (--m_left >= m_classes.size())
      m_events.schedule(now + std::llround(c.times.exponential(c.interval)), *this, index);
  }
  Class* busiest() {
    for (Class& c : m_classes)
      if (!c.jobs.empty()) return &c;
    return nullptr;
  }
  /// What the server has done since it was last looked at.
  void work_until(Nanos now) {
    if (Class* current = busiest()) current->jobs.front().remaining -= now - m_worked;
    m_worked = now;
  }

  sim::EventQueue m_events;
  std::vector<Class> m_classes;
  std::uint64_t m_left;
  bool m_exponential;
  std::uint64_t m_epoch = 0;
  Nanos m_worked = 0;
};

}  // namespace

std::vector<double> preemptive_resume(double rho, const std::vector<double>& parts,
                                      bool exponential_sizes, std::uint64_t customers) {
  return Server(rho, parts, exponential_sizes, customers).sojourns();
}

}  // namespace wanwise::acceptance
