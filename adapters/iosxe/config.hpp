// What the adapter needs to know about one router: where it is, how to log in, and which of its
// interfaces, probes and classes matter. The composition root fills it from the site document.
// Value types; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/model.hpp"
#include "engine/core/names.hpp"
#include "engine/core/units.hpp"

namespace wanwise::iosxe {

/// A secret by reference: read when it is needed, never kept in a configuration.
struct Secret {
  enum class From : std::uint8_t { file, environment };
  From from = From::file;
  std::string name;  ///< path of the file (its last newline does not count) or of the variable
};

/// Who speaks NETCONF on a session; see session/README.md.
enum class NetconfStack : std::uint8_t { libssh, libnetconf2 };

/// How to reach and to recognise the router's NETCONF server.
struct SshAccess {
  std::string host;
  std::uint16_t port = 830;  ///< RFC 6242
  std::string user;
  std::string host_key;  ///< "SHA256:base64", as ssh-keygen -l prints it: the one key accepted
  std::optional<Secret> password;
  std::optional<std::string> private_key_file;  ///< tried first where both are given
  /// Also SHA-1 signatures and key exchange, CBC and hmac-sha1: for routers that have nothing else.
  bool legacy_algorithms = false;
  NetconfStack stack = NetconfStack::libssh;
};

/// An IP SLA entry that measures a link.
struct ProbeEntry {
  std::uint32_t entry = 0;
  std::optional<core::ClassName> service_class;  ///< absent: the link's own; else that class's
};

/// One WAN link, as the router knows it.
struct LinkConfig {
  core::LinkName name;
  std::string interface;  ///< "Cellular0/1/0"
  core::LinkKind kind = core::LinkKind::cellular;
  std::optional<std::uint32_t> probe;  ///< IP SLA entry that measures it
  std::string next_hop{};  ///< IPv4 address that steered flows are sent to; empty: none is known
  std::vector<ProbeEntry> class_probes{};  ///< at most one for each class
  bool sets_up_probes = false;             ///< wanwise configures them itself
};

/// All that measure a link: its own first.
[[nodiscard]] inline std::vector<ProbeEntry> probes_of(const LinkConfig& link) {
  std::vector<ProbeEntry> probes = link.class_probes;
  if (link.probe) probes.insert(probes.begin(), {*link.probe, std::nullopt});
  return probes;
}

/// Waits and bounds. The defaults are for a real router; tests shorten them.
struct Limits {
  core::Micros connect = core::seconds(10);  ///< TCP, SSH, login and hello together
  core::Micros reply = core::seconds(10);    ///< one read
  core::Micros first_backoff = core::milliseconds(250);
  core::Micros max_backoff = core::seconds(30);
  /// After a refused login or a wrong host key: accounts get locked, and neither mends itself soon.
  core::Micros refused_backoff = core::seconds(30);
  /// Between tries for a lock that the router's own synchronisation holds for moments after each
  /// CLI change.
  core::Micros lock_retry = core::milliseconds(100);
  /// Changes made beside wanwise are found this often where no notification tells of them. One
  /// get-config of the policies a minute costs a router nothing; a write reads first anyway.
  core::Micros reconcile = core::seconds(60);
  /// How long a lock, or any other request that is answered "not now", is tried again; the deadline
  /// of the write may end it earlier. Terraform's provider for IOS XE waits as long
  /// (lock_release_timeout): the synchronisation after a large CLI change takes a minute and more.
  core::Micros lock_patience = core::seconds(120);
  /// How long a policy may take to show up in the operational state behind its commit. Tables there
  /// are refreshed every ten seconds at the slowest.
  core::Micros effect_patience = core::seconds(10);
  /// Changes of a router's configuration in any minute; a write beyond it waits. One in two
  /// seconds: as fast as a shaper that follows a radio can mean it.
  std::uint32_t commits_per_minute = 30;
};

/// A port of the router that a node hangs on.
struct NodePortConfig {
  core::TargetName node;
  std::string interface;  ///< "FastEthernet0/0/1"
};

struct RouterConfig {
  core::RouterName router;
  SshAccess access;
  std::string lan_interface;      ///< "Vlan1"
  bool steers = false;            ///< wanwise chooses the link of flows
  std::vector<LinkConfig> links;  ///< by name, all that the site has on this router
  std::vector<NodePortConfig> node_ports{};
  std::vector<core::ClassName> classes;  ///< names that can stand in a RouterQos
  core::Micros period = core::seconds(1);
  bool push = true;          ///< subscribe where the router takes it; false: poll only
  bool save_config = false;  ///< keep changes over a reload of the router
  Limits limits;
};

}  // namespace wanwise::iosxe
