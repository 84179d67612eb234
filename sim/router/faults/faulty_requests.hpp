// Serves a request under a fault script: cuts, hangs, refuses, delays or ends the process at the
// moment the script names, and else lets it pass. One for a server; thread-safe.
#pragma once

#include <functional>

#include "sim/router/device.hpp"
#include "sim/router/faults/fault_gate.hpp"
#include "sim/router/faults/relay.hpp"
#include "sim/router/netconf/session.hpp"

namespace wanwise::router {

class FaultyRequests {
 public:
  using Execute = std::function<nc_server_reply*()>;

  /// All outlive it.
  FaultyRequests(FaultGate& gate, Relay& relay, const Device& device)
      : m_gate(gate), m_relay(relay), m_device(device) {}

  [[nodiscard]] nc_server_reply* serve(const std::string& operation, Session& session,
                                       const Execute& execute);
  /// Called when the reply has left libnetconf2: a cut that was decided happens.
  void replied(Session& session);

 private:
  nc_server_reply* fail(const FaultGate::Fault& fault, Session& session, const Execute& execute);
  nc_server_reply* cut(const FaultGate::Fault& fault, Session& session, const Execute& execute);
  nc_server_reply* hang(const FaultGate::Fault& fault, Session& session, const Execute& execute);
  nc_server_reply* exit(const FaultGate::Fault& fault, const Execute& execute);
  /// Until its client has gone, the session is killed or the process ends.
  void hang(const Session& session) const;
  [[nodiscard]] bool over(const Session& session) const;
  void delay(const FaultGate::Fault& fault, const Session& session) const;

  FaultGate& m_gate;
  Relay& m_relay;
  const Device& m_device;
};

}  // namespace wanwise::router
