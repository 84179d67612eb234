#include "adapters/iosxe/survey/bootstrap.hpp"

#include <fmt/format.h>

namespace wanwise::iosxe {
namespace {

constexpr std::uint16_t kNetconfPort = 830;  // RFC 6242

std::string login(const SshAccess& access) {
  std::string out = fmt::format("username {} privilege 15 secret <password>\n", access.user);
  if (access.private_key_file) {
    out = fmt::format(
        "username {0} privilege 15\n"
        "ip ssh pubkey-chain\n"
        " username {0}\n"
        "  key-string\n"
        "   <the public key of {1}, in lines of at most 250 characters>\n"
        "  exit\n"
        " exit\n"
        "exit\n",
        access.user, *access.private_key_file);
  }
  return out +
         "! NETCONF asks AAA's default lists. Leave these out where yours name this user already.\n"
         "aaa new-model\n"
         "aaa authentication login default local\n"
         "aaa authorization exec default local\n";
}

std::string netconf(const SshAccess& access) {
  std::string out = "crypto key generate rsa modulus 3072\nnetconf-yang\n";
  if (access.port != kNetconfPort) out += fmt::format("netconf-yang ssh port {}\n", access.port);
  return out +
         "! A candidate datastore makes a change all or nothing, and one that cuts wanwise off is\n"
         "! taken back by the router itself. NETCONF restarts and is away for about a minute.\n"
         "netconf-yang feature candidate-datastore\n";
}

std::string probes(const RouterConfig& config) {
  std::string out;
  for (const LinkConfig& link : config.links) {
    if (!link.probe || link.sets_up_probes) continue;
    out += fmt::format(
        "ip sla {0}\n"
        " icmp-echo <address behind {1}> source-interface {2}\n"
        "  frequency 5\n"
        "  exit\n"
        "ip sla schedule {0} life forever start-time now\n",
        *link.probe, link.name.text, link.interface);
  }
  if (out.empty()) return out;
  return "! The site names these operations as probes. With 'measure:' in their place wanwise "
         "sets\n"
         "! up its own.\n" +
         out;
}

}  // namespace

std::string bootstrap(const RouterConfig& config) {
  return fmt::format("! router {} ({}): enter 'configure terminal', then\n", config.router.text,
                     config.access.host) +
         login(config.access) + netconf(config.access) +
         "! Samples are dated by the router's clock.\n"
         "ntp server <address>\n"
         "! Checkpoints, for routers without a candidate datastore.\n"
         "archive\n"
         " path flash:wanwise-\n"
         " maximum 5\n"
         "exit\n" +
         probes(config) +
         "end\n"
         "write memory\n"
         "! The fingerprint for the site's host-key, seen from wanwise's machine:\n" +
         fmt::format("!   ssh-keyscan -p {} -t rsa {} | ssh-keygen -lf -\n", config.access.port,
                     config.access.host);
}

}  // namespace wanwise::iosxe
