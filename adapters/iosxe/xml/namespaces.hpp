// XML namespaces of what is sent and read. Constants only.
#pragma once

namespace wanwise::iosxe::ns {

inline constexpr const char* kNetconf = "urn:ietf:params:xml:ns:netconf:base:1.0";
inline constexpr const char* kNotification = "urn:ietf:params:xml:ns:netconf:notification:1.0";
inline constexpr const char* kEventNotifications =
    "urn:ietf:params:xml:ns:yang:ietf-event-notifications";
inline constexpr const char* kYangLibrary = "urn:ietf:params:xml:ns:yang:ietf-yang-library";
inline constexpr const char* kYangPatch = "urn:ietf:params:xml:ns:yang:ietf-yang-patch";
inline constexpr const char* kPushExtension =
    "urn:cisco:params:xml:ns:yang:cisco-xe-ietf-yang-push-ext";
inline constexpr const char* kNetconfNotifications =
    "urn:ietf:params:xml:ns:yang:ietf-netconf-notifications";
inline constexpr const char* kYangPush = "urn:ietf:params:xml:ns:yang:ietf-yang-push";
inline constexpr const char* kNative = "http://cisco.com/ns/yang/Cisco-IOS-XE-native";
inline constexpr const char* kAcl = "http://cisco.com/ns/yang/Cisco-IOS-XE-acl";
inline constexpr const char* kPolicy = "http://cisco.com/ns/yang/Cisco-IOS-XE-policy";
inline constexpr const char* kSla = "http://cisco.com/ns/yang/Cisco-IOS-XE-sla";
inline constexpr const char* kTrack = "http://cisco.com/ns/yang/Cisco-IOS-XE-track";
inline constexpr const char* kRouteMap = "http://cisco.com/ns/yang/Cisco-IOS-XE-route-map";
inline constexpr const char* kInterfaces = "http://cisco.com/ns/yang/Cisco-IOS-XE-interfaces-oper";
inline constexpr const char* kCellwan = "http://cisco.com/ns/yang/Cisco-IOS-XE-cellwan-oper";
inline constexpr const char* kIpSla = "http://cisco.com/ns/yang/Cisco-IOS-XE-ip-sla-oper";
inline constexpr const char* kIpSlaEvents = "http://cisco.com/ns/yang/Cisco-IOS-XE-ip-sla-events";
inline constexpr const char* kProcessCpu = "http://cisco.com/ns/yang/Cisco-IOS-XE-process-cpu-oper";
inline constexpr const char* kPlatform =
    "http://cisco.com/ns/yang/Cisco-IOS-XE-platform-software-oper";
inline constexpr const char* kAppHosting = "http://cisco.com/ns/yang/Cisco-IOS-XE-app-hosting-oper";
inline constexpr const char* kBfd = "http://cisco.com/ns/yang/Cisco-IOS-XE-bfd-oper";
inline constexpr const char* kMdtCapabilities =
    "http://cisco.com/ns/yang/Cisco-IOS-XE-mdt-capabilities-oper";
inline constexpr const char* kMdtOper = "http://cisco.com/ns/yang/Cisco-IOS-XE-mdt-oper-v2";
inline constexpr const char* kCheckpointArchive =
    "http://cisco.com/ns/yang/Cisco-IOS-XE-checkpoint-archive-oper";
inline constexpr const char* kCiscoIa = "http://cisco.com/yang/cisco-ia";

}  // namespace wanwise::iosxe::ns
