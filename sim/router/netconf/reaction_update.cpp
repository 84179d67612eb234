#include "sim/router/netconf/reaction_update.hpp"

#include <string>

#include "sim/router/oper/data_builder.hpp"

namespace wanwise::router {

Tree reaction_update(const ly_ctx* ctx, const Reaction& reaction) {
  DataBuilder build(ctx);
  lyd_node* top = build.top("Cisco-IOS-XE-ip-sla-events", "ipsla-reaction-update");
  DataBuilder::leaf(top, "severity", reaction.occurred ? "major" : "minor");
  DataBuilder::leaf(top, "oper-id", std::uint64_t{reaction.entry});
  DataBuilder::leaf(top, "probe-type", "ipv4");
  DataBuilder::leaf(top, "oper-type", reaction.jitter ? "udp-jitter" : "icmp-echo");
  DataBuilder::leaf(top, "react-type", "timeout");
  DataBuilder::leaf(top, "react-status", reaction.occurred ? "occurred" : "cleared");
  lyd_node* data = DataBuilder::inner(top, "react-data");
  DataBuilder::leaf(data, "threshold-type", "consecutive");
  DataBuilder::leaf(data, "consecutive", std::uint64_t{reaction.give_up});
  return build.take();
}

}  // namespace wanwise::router
