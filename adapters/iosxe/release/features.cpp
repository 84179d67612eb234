#include "adapters/iosxe/release/features.hpp"

namespace wanwise::iosxe {
namespace {

constexpr std::string_view kInterfaces = "Cisco-IOS-XE-interfaces-oper";
constexpr std::string_view kCellwan = "Cisco-IOS-XE-cellwan-oper";
constexpr std::string_view kPolicy = "Cisco-IOS-XE-policy";

/// Revisions from github.com/YangModels/yang, vendor/cisco/xe/{1761 … 2611}: the first published
/// release whose module has the leaves. What 17.6.1 has already carries its revision of 17.6.1.
constexpr std::array<FeatureRule, kFeatureCount> kTable{{
    {Feature::interface_counters, "interface counters", kInterfaces, "2021-03-01"},
    {Feature::class_queues, "queues by class", kInterfaces, "2021-03-01"},
    {Feature::lte, "LTE radio", kCellwan, "2019-05-01"},
    // nr5g-* leaves and system-mode-nr5g-sa: 17.14.1.
    {Feature::nr5g, "5G radio", kCellwan, "2024-03-01"},
    // profile-apn, link-uptime: 17.16.1.
    {Feature::active_apn, "active APN and link uptime", kCellwan, "2024-11-01"},
    {Feature::ip_sla, "IP SLA results", "Cisco-IOS-XE-ip-sla-oper", "2021-07-01"},
    {Feature::ip_sla_reactions, "IP SLA reactions", "Cisco-IOS-XE-ip-sla-events", "2020-11-01"},
    {Feature::process_cpu, "processor load", "Cisco-IOS-XE-process-cpu-oper", "2019-05-01"},
    {Feature::platform_memory, "platform memory", "Cisco-IOS-XE-platform-software-oper",
     "2021-03-01"},
    {Feature::app_hosting, "application hosting resources", "Cisco-IOS-XE-app-hosting-oper",
     "2021-07-01"},
    {Feature::bfd, "BFD sessions", "Cisco-IOS-XE-bfd-oper", "2021-03-01"},
    {Feature::yang_push, "subscriptions", "ietf-yang-push", "2021-03-01"},
    // The identity yang-notif-native: 2018-06-06, in every release since 17.6.1.
    {Feature::native_notifications, "native notifications", "cisco-xe-ietf-yang-push-ext",
     "2018-06-06"},
    {Feature::on_change_capabilities, "on-change capabilities",
     "Cisco-IOS-XE-mdt-capabilities-oper", "2021-07-01"},
    // mdt-system-status/subs-max-num: 17.9.1.
    {Feature::subscription_limits, "subscription limits", "Cisco-IOS-XE-mdt-oper-v2", "2022-07-01"},
    {Feature::ip_sla_config, "IP SLA configuration", "Cisco-IOS-XE-sla", "2021-07-01"},
    {Feature::track_config, "tracked objects", "Cisco-IOS-XE-track", "2020-11-01"},
    {Feature::route_map, "route maps", "Cisco-IOS-XE-route-map", "2021-03-01"},
    // The successor of tracked-object (deprecated since, obsolete in 26.1.1): 17.13.1.
    {Feature::tracked_object_v2, "tracked objects, newer list", "Cisco-IOS-XE-track", "2023-11-01"},
    // The successor of match/ip/address/access-list, likewise: 17.14.1.
    {Feature::access_list_ordered, "access lists of route maps, in order", "Cisco-IOS-XE-route-map",
     "2024-03-01"},
}};

/// The revisions that tell one release from the one before it.
struct ReleaseMark {
  std::string_view release;
  std::string_view module;
  std::string_view revision;
};
constexpr std::array<ReleaseMark, 6> kReleases{{
    {"17.6.1", kPolicy, "2021-07-01"},
    {"17.9.1", kPolicy, "2022-07-01"},
    {"17.12.1", kPolicy, "2023-03-01"},
    {"17.15.1", kPolicy, "2024-07-01"},
    {"17.18.1", kPolicy, "2025-07-01"},
    {"26.1.1", kPolicy, "2026-02-01"},
}};

FeatureState judge(const FeatureRule& rule, const ModuleRevisions& modules) {
  const auto found = modules.find(rule.module);
  const std::string module{rule.module};
  if (found == modules.end()) return {false, module + " is not on the router"};
  const std::string& revision = found->second;
  if (revision < rule.since)
    return {false, module + " " + revision + ", needs " + std::string{rule.since}};
  return {true, module + " " + revision};
}

ModuleRevisions oldest_supported() {
  // In 17.6.1 are the rules whose revision is not later than that release's newest module.
  constexpr std::string_view kNewestOf1761 = "2021-07-01";
  ModuleRevisions modules;
  for (const FeatureRule& rule : kTable) {
    if (rule.since > kNewestOf1761) continue;
    std::string& revision = modules[std::string{rule.module}];
    if (revision < rule.since) revision = rule.since;
  }
  return modules;
}

}  // namespace

const std::array<FeatureRule, kFeatureCount>& feature_table() {
  return kTable;
}

const std::set<std::string_view>& telling_modules() {
  static const std::set<std::string_view> modules = [] {
    std::set<std::string_view> names;
    for (const FeatureRule& rule : kTable) names.insert(rule.module);
    for (const ReleaseMark& mark : kReleases) names.insert(mark.module);
    return names;
  }();
  return modules;
}

std::string_view to_string(Feature feature) {
  return kTable.at(static_cast<std::size_t>(feature)).name;
}

FeatureSet::FeatureSet() : FeatureSet(oldest_supported()) {
  for (FeatureState& state : m_states)
    state.reason = state.present ? "taken for granted: 17.6.1 has it" : "not known";
}

FeatureSet::FeatureSet(const ModuleRevisions& modules) {
  for (const FeatureRule& rule : kTable)
    m_states.at(static_cast<std::size_t>(rule.feature)) = judge(rule, modules);
}

const FeatureState& FeatureSet::state(Feature feature) const {
  return m_states.at(static_cast<std::size_t>(feature));
}

std::string release_hint(const ModuleRevisions& modules) {
  std::string hint;
  for (const ReleaseMark& mark : kReleases) {
    const auto found = modules.find(mark.module);
    if (found != modules.end() && found->second >= mark.revision)
      hint = std::string{mark.release} + " or later";
  }
  return hint;
}

}  // namespace wanwise::iosxe
