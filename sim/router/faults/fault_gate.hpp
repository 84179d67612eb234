// Decides what goes wrong with each request and tells it: the counts and the clock of a fault
// script. Every fault that fires is one line on stdout, flushed. Thread-safe: sessions ask from
// their threads, the server asks for what is due.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "sim/router/faults/fault_script.hpp"

namespace wanwise::router {

class FaultGate {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Fault {
    RequestRule rule;
    std::uint64_t number = 0;  ///< of the request, from 1
  };
  struct Verdict {
    std::vector<Fault> delays;   ///< all that fit; they add up
    std::optional<Fault> fault;  ///< the first that fits
  };

  FaultGate(FaultScript script, Time now) { load(std::move(script), now); }

  /// Counts and clock start anew.
  void load(FaultScript script, Time now);
  /// Counts the request.
  [[nodiscard]] Verdict judge(const std::string& operation);
  /// Each once.
  [[nodiscard]] std::vector<TimedRule> due(Time now);

  static void tell(const Fault& fault);
  static void tell(const TimedRule& rule);

 private:
  std::mutex m_mutex;
  FaultScript m_script;
  Time m_begin;
  std::size_t m_next_timed = 0;
  std::map<std::string, std::uint64_t> m_counts;
};

}  // namespace wanwise::router
