#include "tests/conformance/iosxe/exceptions.hpp"

#include <set>
#include <string_view>

namespace wanwise::iosxe::conformance {

namespace {

const std::string kRadio = "/Cisco-IOS-XE-cellwan-oper:cellwan-oper-data/cellwan-radio/";
const std::string kConnection = "/Cisco-IOS-XE-cellwan-oper:cellwan-oper-data/cellwan-connection/";
const std::string kSla = "/Cisco-IOS-XE-ip-sla-oper:ip-sla-stats/sla-oper-entry/";
const std::string kPush = "/Cisco-IOS-XE-mdt-oper-v2:mdt-oper-v2-data/";
const std::string kNative = "/Cisco-IOS-XE-native:native/";
const std::string kAcl = "ip/access-list/Cisco-IOS-XE-acl:extended/access-list-seq-rule/";
const std::string kMatch = "policy/Cisco-IOS-XE-policy:class-map/match/";
const std::string kRouteMap = "route-map/Cisco-IOS-XE-route-map:route-map-without-order-seq/";
const std::string kTracked = "track/Cisco-IOS-XE-track:tracked-object";

/// 17.14.1 brought NR.
constexpr const char* kFirst5g = "2024-03-01";
/// 17.13.1 brought tracked-object-v2, 17.14.1 access-list-ordered.
constexpr const char* kFirstV2 = "2023-11-01";
constexpr const char* kFirstOrdered = "2024-03-01";
/// From 26.1.1 on nodes that were deprecated before are obsolete.
constexpr const char* kObsolete = "2026-02-01";

/// What is only read and is not there stays absent in the sample.
void add_read(std::vector<Exception>& all) {
  const char* module = "Cisco-IOS-XE-cellwan-oper";
  for (const char* leaf : {"pci", "nr5g-rxch", "nr5g-txch", "nr5g-band", "nr5g-bw", "nr5g-pci",
                           "nr5g-rssi", "nr5g-rsrp", "nr5g-rsrq", "nr5g-snr"})
    all.push_back({kRadio + leaf, "absent", module, "", kFirst5g, "no leaves of NR yet"});
  all.push_back({kRadio + "radio-rat-selected", "enum", module, "", kFirst5g,
                 "no standalone 5G to tell of yet"});
  for (const char* leaf : {"link-uptime", "profile-apn"})
    all.push_back({kConnection + leaf, "absent", module, "", "2024-11-01", "only told for people"});
  module = "Cisco-IOS-XE-ip-sla-oper";
  all.push_back({kSla + "latest-return-code", "enum", module, "", "2021-11-01",
                 "17.6 has no code for an operation without data"});
  all.push_back({kSla + "stats/rtt/sla-time-values/accuracy", "enum", module, "", "2021-11-01",
                 "17.6 measures in milliseconds and microseconds only"});
  module = "Cisco-IOS-XE-mdt-oper-v2";
  all.push_back({kPush + "mdt-subscriptions/base/update-trigger-choice/sub-upd-trig-on-change-v2",
                 "absent", module, "", "2023-07-01", "only told for people"});
  all.push_back({kPush + "mdt-system-status", "absent", module, "", "2022-07-01",
                 "17.6 does not tell how many subscriptions are left"});
  for (const char* leaf : {"syncing", "syncs-pending", "running-datastore-locked",
                           "candidate-datastore-locked", "candidate-datastore-dirty"})
    all.push_back({std::string{"/cisco-ia:is-syncing/output/"} + leaf, "absent", "cisco-ia", "",
                   "2024-07-01", "the answer was one string before 17.15"});
}

void add_written(std::vector<Exception>& all) {
  all.push_back({kNative + kMatch + "access-group/name", "ordered-by", "Cisco-IOS-XE-policy", "",
                 "2024-07-01", "wanwise matches one list, which has no order"});
  all.push_back({kNative + kAcl + "remark", "deprecated", "Cisco-IOS-XE-acl", "2025-03-01", "",
                 "read only, to leave a remark in peace"});
  const char* module = "Cisco-IOS-XE-track";
  const char* elsewhere = "written only where its successor is absent";
  all.push_back({kNative + kTracked, "deprecated", module, kFirstV2, kObsolete, elsewhere});
  all.push_back({kNative + kTracked, "obsolete", module, kObsolete, "", elsewhere});
  all.push_back(
      {kNative + kTracked + "-v2", "absent", module, "", kFirstV2, "written only from 17.13.1 on"});
  module = "Cisco-IOS-XE-route-map";
  const std::string lists = kNative + kRouteMap + "match/ip/address/access-list";
  all.push_back({lists, "deprecated", module, kFirstOrdered, kObsolete, elsewhere});
  all.push_back({lists, "obsolete", module, kObsolete, "", elsewhere});
  all.push_back(
      {lists + "-ordered", "absent", module, "", kFirstOrdered, "written only from 17.14.1 on"});
}

}  // namespace

bool Exception::applies_to(const LoadedRelease& release) const {
  const std::string revision = release.revision(module);
  return revision >= from && (std::string_view{before}.empty() || revision < before);
}

bool Exception::excuses(const Difference& difference) const {
  return difference.path == path && difference.what == what;
}

const std::vector<Exception>& exceptions() {
  static const std::vector<Exception> kAll = [] {
    std::vector<Exception> all;
    add_read(all);
    add_written(all);
    return all;
  }();
  return kAll;
}

Verdict judge(const LoadedRelease& release, const std::vector<Difference>& differences) {
  Verdict verdict;
  std::set<const Exception*> used;
  for (const Difference& difference : differences) {
    const Exception* excuse = nullptr;
    for (const Exception& one : exceptions()) {
      if (one.excuses(difference) && one.applies_to(release)) excuse = &one;
    }
    if (excuse == nullptr) {
      verdict.faults.push_back(to_string(difference));
      continue;
    }
    used.insert(excuse);
    verdict.excused.push_back(to_string(difference) + ": " + excuse->reason);
  }
  for (const Exception& one : exceptions()) {
    if (one.applies_to(release) && !used.contains(&one))
      verdict.faults.push_back("needless exception: " + one.path + ": " + one.what);
  }
  return verdict;
}

}  // namespace wanwise::iosxe::conformance
