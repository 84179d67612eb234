#include "sim/router/faults/fault_gate.hpp"

#include <fmt/core.h>

#include <cstdio>
#include <utility>

namespace wanwise::router {

void FaultGate::load(FaultScript script, Time now) {
  const std::lock_guard lock(m_mutex);
  m_script = std::move(script);
  m_begin = now;
  m_next_timed = 0;
  m_counts.clear();
}

FaultGate::Verdict FaultGate::judge(const std::string& operation) {
  const std::lock_guard lock(m_mutex);
  const std::uint64_t number = ++m_counts[operation];
  Verdict out;
  for (const RequestRule& rule : m_script.requests) {
    if (rule.operation != operation || rule.nth.value_or(number) != number) continue;
    if (rule.what == RequestFault::delay) {
      out.delays.push_back({rule, number});
    } else if (!out.fault) {
      out.fault = Fault{rule, number};
    }
  }
  return out;
}

std::vector<TimedRule> FaultGate::due(Time now) {
  const std::lock_guard lock(m_mutex);
  std::vector<TimedRule> out;
  const auto& timed = m_script.timed;
  for (; m_next_timed < timed.size() && m_begin + timed[m_next_timed].at <= now; ++m_next_timed) {
    out.push_back(timed[m_next_timed]);
  }
  return out;
}

void FaultGate::tell(const Fault& fault) {
  fmt::print("fault: on {} #{} {}\n", fault.rule.operation, fault.number, fault.rule.say);
  std::fflush(stdout);
}

void FaultGate::tell(const TimedRule& rule) {
  fmt::print("fault: at {}\n", rule.say);
  std::fflush(stdout);
}

}  // namespace wanwise::router
