// A real control plane on loopback for tests: etcd, kube-apiserver, and on request
// kube-controller-manager and kube-scheduler, as processes that end with the object. Ports are free
// ones, files lie in a folder of its own. One thread.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/kubernetes/auth/access.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace wanwise::test {

struct PlaneOptions {
  bool controllers = true;  ///< kube-controller-manager: Deployments become pods
  bool scheduler = true;
  /// Nodes without heartbeats for so long are lost; absent: nodes stay as they were made.
  std::optional<std::chrono::seconds> node_grace;
};

class ControlPlane {
 public:
  /// Why there can be none here; empty: there can.
  static std::string lacking();

  /// Returns when all parts are up; throws when one is not within a minute.
  explicit ControlPlane(PlaneOptions options = {});
  ControlPlane(const ControlPlane&) = delete;
  ControlPlane& operator=(const ControlPlane&) = delete;

  /// All rights, by client certificate.
  [[nodiscard]] kubernetes::Access admin() const;
  /// A token of no rights but those given to user "guest".
  [[nodiscard]] kubernetes::Access guest() const;
  /// The admin's kubeconfig, contexts "plane" and "token".
  [[nodiscard]] std::string kubeconfig() const { return m_folder.file("kubeconfig"); }
  [[nodiscard]] std::uint16_t port() const { return m_api_port; }
  [[nodiscard]] std::string file(const std::string& name) const { return m_folder.file(name); }

  void kill_api();
  void start_api();  ///< on the same port; returns when it is ready
  void pause_scheduler(bool paused);
  /// kube-scheduler, limited to its default of 50 requests a second or not at all.
  void start_scheduler(bool limited = false);
  void stop_scheduler();
  [[nodiscard]] pid_t scheduler_pid() const { return m_scheduler.pid(); }

 private:
  void start_etcd();
  void start_controllers();
  void write_kubeconfigs() const;
  [[nodiscard]] std::string access_file(const std::string& name, const std::string& user) const;

  PlaneOptions m_options;
  TemporaryFolder m_folder;
  std::uint16_t m_etcd_port, m_peer_port, m_api_port;
  Process m_etcd, m_api, m_controllers, m_scheduler;
};

}  // namespace wanwise::test
