// When each node's heartbeat was last seen: its Lease in kube-node-lease, which a kubelet renews
// every 10 s. Only this machine's clock counts: a renewal is as old as the news of it, and while
// the API server is out of reach, when no kubelet can renew, nothing ages. Belongs to the client's
// executor's thread. Source: https://kubernetes.io/docs/concepts/architecture/leases/
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "adapters/kubernetes/watch/reflector.hpp"

namespace wanwise::kubernetes {

class Heartbeats final : public Mirror {
 public:
  void list_begins() override;
  void put(const boost::json::value& lease) override;
  void removed(const boost::json::value& lease) override;
  void list_ends() override;
  void broken(const core::Error& why) override { m_trouble = why; }
  void followed() override;

  [[nodiscard]] const std::optional<core::Error>& trouble() const { return m_trouble; }
  /// Since the node's last renewal was seen; absent: it has none, or they can not be followed.
  [[nodiscard]] std::optional<std::chrono::milliseconds> age(const std::string& node,
                                                             SteadyTime now) const;

 private:
  struct Beat {
    std::string renewed;  ///< renewTime, as it stands there
    SteadyTime seen;
  };

  std::map<std::string, Beat> m_beats;   ///< by node
  std::map<std::string, Beat> m_listed;  ///< so far, by the list under way
  bool m_listing = false;
  std::optional<core::Error> m_trouble;
};

}  // namespace wanwise::kubernetes
