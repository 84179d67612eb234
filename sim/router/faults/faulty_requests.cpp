#include "sim/router/faults/faulty_requests.hpp"

#include <cstdlib>
#include <thread>

namespace wanwise::router {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kStep{5};
// A power cut has no exit code; 137 is what a shell shows of a process that SIGKILL ended.
constexpr int kPowerCut = 137;

std::uint16_t connection_of(const Session& session) {
  return nc_session_get_port(session.raw);
}

nc_server_reply* unheard(const Device& device) {
  RpcError e;
  e.message = "not executed";
  return to_reply(device.context(), e);
}

// The column where the last word begins, as the parser marks it.
std::uint32_t last_word(const std::string& command) {
  const std::size_t space = command.rfind(' ');
  return space == std::string::npos ? 0U : static_cast<std::uint32_t>(space + 1);
}

}  // namespace

nc_server_reply* FaultyRequests::serve(const std::string& operation, Session& session,
                                       const Execute& execute) {
  const FaultGate::Verdict verdict = m_gate.judge(operation);
  for (const FaultGate::Fault& fault : verdict.delays) {
    delay(fault, session);
  }
  return verdict.fault ? fail(*verdict.fault, session, execute) : execute();
}

nc_server_reply* FaultyRequests::fail(const FaultGate::Fault& fault, Session& session,
                                      const Execute& execute) {
  switch (fault.rule.what) {
    case RequestFault::cut:
      return cut(fault, session, execute);
    case RequestFault::hang:
      return hang(fault, session, execute);
    case RequestFault::error:
      FaultGate::tell(fault);
      return to_reply(m_device.context(), scripted_error(fault.rule.tag, fault.rule.text));
    case RequestFault::bad_cli:
      FaultGate::tell(fault);
      return to_reply(m_device.context(),
                      refused_by_ios({{.command = fault.rule.text,
                                       .location = last_word(fault.rule.text),
                                       .response = "% Invalid input detected at '^' marker.",
                                       .context = fault.rule.text}}));
    case RequestFault::ignore:
      FaultGate::tell(fault);
      return nc_server_reply_ok();
    case RequestFault::delay:
      break;  // done before
    case RequestFault::exit:
      return exit(fault, execute);
  }
  return execute();
}

nc_server_reply* FaultyRequests::cut(const FaultGate::Fault& fault, Session& session,
                                     const Execute& execute) {
  m_relay.hold(connection_of(session));
  const bool before = fault.rule.when == FaultPhase::before;
  nc_server_reply* reply = before ? unheard(m_device) : execute();
  session.cut = before                                  ? Session::Cut::nothing
                : fault.rule.when == FaultPhase::during ? Session::Cut::half
                                                        : Session::Cut::all;
  FaultGate::tell(fault);
  return reply;
}

void FaultyRequests::replied(Session& session) {
  switch (std::exchange(session.cut, Session::Cut::none)) {
    case Session::Cut::none:
      return;
    case Session::Cut::nothing:
      return m_relay.cut(connection_of(session), Relay::Share::nothing);
    case Session::Cut::half:
      return m_relay.cut(connection_of(session), Relay::Share::half);
    case Session::Cut::all:
      return m_relay.cut(connection_of(session), Relay::Share::all);
  }
}

nc_server_reply* FaultyRequests::hang(const FaultGate::Fault& fault, Session& session,
                                      const Execute& execute) {
  // What libnetconf2 sends in the end, when the session is over, reaches nobody.
  m_relay.hold(connection_of(session));
  nc_server_reply* reply = fault.rule.when == FaultPhase::before ? unheard(m_device) : execute();
  FaultGate::tell(fault);
  hang(session);
  return reply;
}

nc_server_reply* FaultyRequests::exit(const FaultGate::Fault& fault, const Execute& execute) {
  if (fault.rule.when != FaultPhase::before) {
    nc_server_reply_free(execute());
  }
  FaultGate::tell(fault);
  std::_Exit(kPowerCut);
}

bool FaultyRequests::over(const Session& session) const {
  return m_device.stopping() || session.killed_by != 0 || !m_relay.alive(connection_of(session));
}

void FaultyRequests::hang(const Session& session) const {
  while (!over(session)) {
    std::this_thread::sleep_for(kStep);
  }
}

void FaultyRequests::delay(const FaultGate::Fault& fault, const Session& session) const {
  FaultGate::tell(fault);
  const auto until = steady_clock::now() + fault.rule.delay;
  while (!over(session) && steady_clock::now() < until) {
    std::this_thread::sleep_for(std::min(kStep, fault.rule.delay));
  }
}

}  // namespace wanwise::router
