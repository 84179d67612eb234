#include "engine/core/decide/probe_plan.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/core/digest.hpp"

namespace wanwise::core {
namespace {

/// Differs, as a rule, between operations that do not do the same.
std::uint32_t variant_of(const ProbeRule& rule, std::uint32_t variants) {
  Digest digest;
  digest.add_number(rule.target);
  digest.add_number(rule.port);
  digest.add_number(rule.dscp.value);
  digest.add_number(static_cast<std::uint64_t>(rule.period.count));
  digest.add_number(static_cast<std::uint64_t>(rule.timeout.count));
  digest.add_text(rule.source_interface);
  digest.add_text(rule.link.text);
  if (rule.service_class) digest.add_text(rule.service_class->text);
  // The low bits of FNV-1a follow the last input too closely; the high half has them all.
  return static_cast<std::uint32_t>((digest.value() >> 32U) % variants);
}

ProbeRule link_probe(const Site& site, const Link& link) {
  const ProbeSetup& setup = *link.probe_setup;
  const std::uint32_t slot = slot_of(site, link);
  WANWISE_CHECK(slot < kMostMeasuredLinks);
  ProbeRule rule;
  rule.link = link.name;
  rule.target = setup.target;
  rule.source_interface = link.interface;
  rule.period = setup.period;
  rule.timeout = setup.timeout;
  rule.entry = kFirstLinkProbe + slot * kNumbersPerLink + variant_of(rule, kNumbersPerLink);
  return rule;
}

/// Packets of a class to the responder. IOS XE's model has no source interface for this operation
/// (Cisco-IOS-XE-sla, udp-jitter): the way to the target is the routing's.
ProbeRule class_probe(const Site& site, const Link& link, const ServiceClass& service_class) {
  const ProbeSetup& setup = *link.probe_setup;
  ProbeRule rule;
  rule.link = link.name;
  rule.service_class = service_class.name;
  rule.kind = ProbeKind::udp_jitter;
  rule.target = setup.target;
  rule.port = setup.responder_port;
  rule.dscp = service_class.dscp;
  rule.period = setup.period;
  rule.timeout = setup.timeout;
  rule.entry = kFirstClassProbe + slot_of(site, link) * kNumbersPerLinkClasses +
               rule.dscp.value * kNumbersPerClass + variant_of(rule, kNumbersPerClass);
  return rule;
}

}  // namespace

std::uint32_t slot_of(const Site& site, const Link& link) {
  std::uint32_t slot = 0;
  for (const Link& other : site.links) {
    if (other.router == link.router && other.name < link.name) ++slot;
  }
  return slot;
}

std::optional<std::uint32_t> link_probe_entry(const Site& site, const Link& link) {
  if (!link.probe_setup) return std::nullopt;
  return link_probe(site, link).entry;
}

std::vector<ProbeRule> plan_probes(const Model& model, const Router& router) {
  std::vector<ProbeRule> rules;
  for (const Link& link : model.site.links) {
    if (link.router != router.name || !link.probe_setup) continue;
    rules.push_back(link_probe(model.site, link));
    rules.back().tracked = router.steers;
    if (link.probe_setup->responder_port == 0) continue;
    for (const ServiceClass& service_class : model.policy.classes)
      rules.push_back(class_probe(model.site, link, service_class));
  }
  std::sort(rules.begin(), rules.end(),
            [](const ProbeRule& a, const ProbeRule& b) { return a.entry < b.entry; });
  return rules;
}

}  // namespace wanwise::core
