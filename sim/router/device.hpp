// Everything of the emulated router behind the wire: its datastores, its data plane and what it
// says about itself. Thread-safe.
#pragma once

#include <atomic>
#include <ctime>
#include <functional>
#include <mutex>
#include <string>

#include "sim/router/config/archive.hpp"
#include "sim/router/config/datastores.hpp"
#include "sim/router/faults/faults.hpp"
#include "sim/router/netconf/personality.hpp"
#include "sim/router/netconf/roots.hpp"
#include "sim/router/oper/oper_data.hpp"
#include "sim/router/plant/plant.hpp"
#include "sim/router/plant/sla_watch.hpp"

namespace wanwise::router {

struct DeviceSettings {
  Datastore datastore = Datastore::candidate;
  Release release = Release::r17_15;
  bool push = true;     ///< it knows subscriptions
  bool archive = true;  ///< `archive` is configured: checkpoints can be kept
  Faults faults;
  std::string startup_file;  ///< empty: start with the interfaces only; save-config keeps nothing
};

class Device {
 public:
  /// `ctx` and `plant` outlive the device.
  [[nodiscard]] static core::Expected<std::unique_ptr<Device>> create(const ly_ctx* ctx,
                                                                      Plant& plant,
                                                                      DeviceSettings settings);

  [[nodiscard]] const ly_ctx* context() const { return m_ctx; }
  [[nodiscard]] const Faults& faults() const { return m_settings.faults; }
  [[nodiscard]] bool has_archive() const { return m_settings.archive; }
  [[nodiscard]] Archive& archive() { return *m_archive; }
  [[nodiscard]] Release release() const { return m_settings.release; }
  [[nodiscard]] Datastores& datastores() { return *m_datastores; }
  /// Its sessions and subscriptions, for its state; to be set before anybody asks.
  void set_sessions(std::function<std::vector<SessionState>()> sessions) {
    m_sessions = std::move(sessions);
  }
  void set_telemetry(std::function<TelemetryState()> telemetry) {
    m_telemetry = std::move(telemetry);
  }
  /// Reactions of IP SLA since the last call.
  [[nodiscard]] std::vector<Reaction> reactions();
  /// State of these top-level nodes.
  [[nodiscard]] Tree state(const Roots& roots);
  /// The same with the running configuration and the library.
  [[nodiscard]] Tree everything(const Roots& roots);
  /// A change at the CLI: `xml` is the content of <config>. The sync daemon is busy afterwards.
  [[nodiscard]] Outcome change_by_hand(const std::string& xml);
  /// Its line goes down or comes back; false: it is no WAN interface.
  [[nodiscard]] bool set_interface(const std::string& name, bool up) {
    return m_plant.set_interface(name, up);
  }
  /// Writes running to the startup file.
  [[nodiscard]] core::Expected<void> save();

  /// True once the process ends: callbacks that hang on purpose return.
  void stop() { m_stopping = true; }
  [[nodiscard]] bool stopping() const { return m_stopping; }

 private:
  Device(const ly_ctx* ctx, Plant& plant, DeviceSettings settings);
  void running_changed(const Tree& running);

  const ly_ctx* m_ctx;
  Plant& m_plant;
  const DeviceSettings m_settings;
  std::timespec m_started{};
  std::mutex m_qos_mutex;
  sim::QosConfig m_qos;
  std::vector<SlaOperation> m_sla;
  SlaWatch m_sla_watch;  ///< of whoever calls reactions()
  std::unique_ptr<Datastores> m_datastores;
  std::unique_ptr<Archive> m_archive;
  std::function<TelemetryState()> m_telemetry;
  std::function<std::vector<SessionState>()> m_sessions;
  Tree m_library;  ///< constant after start
  std::atomic<bool> m_stopping = false;
};

}  // namespace wanwise::router
