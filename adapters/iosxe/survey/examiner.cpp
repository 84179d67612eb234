#include "adapters/iosxe/survey/examiner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/mqc/mqc.hpp"
#include "adapters/iosxe/read/feeds.hpp"
#include "adapters/iosxe/xml/namespaces.hpp"

namespace wanwise::iosxe {
namespace {

using Wall = std::chrono::system_clock::time_point;

constexpr const char* kMonitoring = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring";
constexpr const char* kMdtOper = "http://cisco.com/ns/yang/Cisco-IOS-XE-mdt-oper-v2";

/// Between two clocks that NTP keeps lie milliseconds; connecting takes up to a second of it.
constexpr std::chrono::seconds kClockTolerance{5};

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Digits at `at`, so many; nothing else will do.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  const auto value = number(text.substr(at, count));
  if (!value || *value < 0) return std::nullopt;
  return static_cast<int>(*value);
}

/// "Z", "+01:00": how far local time is ahead.
std::optional<std::chrono::minutes> zone(std::string_view text) {
  if (text == "Z" || text == "z") return std::chrono::minutes{0};
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const auto hours = digits(text, 1, 2);
  const auto minutes = digits(text, 4, 2);
  if (!hours || !minutes) return std::nullopt;
  const std::chrono::minutes ahead{*hours * 60 + *minutes};
  return text[0] == '-' ? -ahead : ahead;
}

}  // namespace

std::optional<Wall> parse_date_and_time(std::string_view text) {
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  std::size_t rest = 19;
  if (rest < text.size() && text[rest] == '.') {
    rest = std::min(text.find_first_not_of("0123456789", rest + 1), text.size());
  }
  const auto ahead = zone(text.substr(rest));
  if (!ahead) return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second} - *ahead;
}

Finding session_failed(const core::Error& error) {
  std::string mend = "see the detail";
  if (error.code == errors::kUnknownHostKey) {
    mend =
        "compare the fingerprint at the router (show crypto key mypubkey rsa), then put it into "
        "the site's host-key";
  } else if (error.code == errors::kLoginRefused || error.code == errors::kCredentialMissing) {
    mend = "give the user privilege 15 and check the password or key the site refers to";
  } else if (error.code == errors::kConnectRefused || error.code == errors::kConnectTimeout ||
             error.code == errors::kNoNetconf) {
    mend =
        "configure 'netconf-yang' on the router and open its port towards wanwise ('wanwise "
        "doctor --bootstrap' prints the commands)";
  }
  return {"NETCONF session", Health::fail, error.code + ": " + error.message, std::move(mend)};
}

Finding datastore_finding(const Hello& hello) {
  const std::string topic = "transactions";
  const std::string mend =
      "configure 'netconf-yang feature candidate-datastore' (NETCONF restarts and is away for a "
      "minute)";
  if (hello.candidate && hello.confirmed_commit) {
    return {topic, Health::pass, "candidate datastore with confirmed commit", ""};
  }
  if (hello.candidate) {
    return {topic, Health::unknown,
            "candidate datastore without confirmed commit: a change that cuts wanwise off is not "
            "taken back by the router",
            "none is known for this release"};
  }
  if (hello.writable_running) {
    return {topic, Health::unknown,
            "only the running datastore: a change that cuts wanwise off is not taken back by the "
            "router",
            mend};
  }
  return {topic, Health::fail, "neither a candidate nor a writable running datastore", mend};
}

Finding write_access_finding(const Reply& reply) {
  const std::string topic = "right to write";
  if (!reply.failed()) return {topic, Health::pass, "the configuration can be locked", ""};
  const RpcError& error = reply.errors().front();
  if (error.tag == "lock-denied" || error.tag == "in-use") {
    return {topic, Health::unknown, "somebody holds the lock: " + error.message,
            "a lock that stays belongs to a session of its own (show netconf-yang sessions); after "
            "a change at the CLI the router holds it for some seconds"};
  }
  return {topic, Health::fail, to_string(error),
          "the user needs privilege 15: 'username NAME privilege 15', with 'aaa authorization exec "
          "default local' where AAA is in use"};
}

std::vector<Finding> feature_findings(const ModuleRevisions& modules, const FeatureSet& features,
                                      const RouterConfig& config) {
  const std::string topic = "IOS XE release";
  std::vector<Finding> findings;
  if (modules.empty()) {
    findings.push_back({topic, Health::unknown, "ietf-yang-library cannot be read",
                        "wanwise uses what 17.6.1 has; see the router's log for the refusal"});
  } else {
    const std::string release = release_hint(modules);
    const bool old = release.empty();
    findings.push_back({topic, old ? Health::fail : Health::pass,
                        old ? "older than 17.6.1, by the revisions of its modules"
                            : release + ", by the revisions of its modules",
                        old ? "wanwise supports IOS XE from 17.6.1 on" : ""});
  }
  for (const Feature feature : missing_features(config, features)) {
    findings.push_back({std::string{to_string(feature)}, Health::unknown,
                        features.state(feature).reason,
                        "wanwise does without; a later release may have it"});
  }
  return findings;
}

std::string get_subscription_limits() {
  XmlWriter out;
  out.open("get").open("filter", {}, "type=\"subtree\"").open("mdt-oper-v2-data", kMdtOper);
  out.open("mdt-system-status").empty("subs-max-num").empty("subs-valid-num");
  return out.close().close().close().close().take();
}

Finding subscription_finding(const Hello& hello, const XmlNode& data, std::size_t wanted) {
  const std::string topic = "subscriptions";
  const XmlNode status = data.child("mdt-oper-v2-data").child("mdt-system-status");
  const auto most = number(status.child("subs-max-num").text());
  const auto taken = number(status.child("subs-valid-num").text());
  if (!most || !taken) {
    return {topic, Health::unknown,
            hello.notification ? "the router does not tell how many it can hold"
                               : "the router knows no notifications; everything is polled",
            "telemetry is polled where a subscription is refused; nothing is lost but freshness"};
  }
  const std::int64_t left = *most - *taken;
  const bool enough = left >= static_cast<std::int64_t>(wanted);
  return {topic, enough ? Health::pass : Health::fail,
          fmt::format("{} of {} left, {} wanted", left, *most, wanted),
          enough ? ""
                 : "remove subscriptions of others (show telemetry ietf subscription all); what is "
                   "refused is polled"};
}

std::string get_own_session(const Hello& hello) {
  XmlWriter out;
  out.open("get").open("filter", {}, "type=\"subtree\"").open("netconf-state", kMonitoring);
  out.open("sessions").open("session");
  out.leaf("session-id", std::to_string(hello.session_id)).empty("login-time");
  return out.close().close().close().close().close().take();
}

Finding clock_finding(const XmlNode& data, Wall connected_at) {
  const std::string topic = "clock";
  const XmlNode session = data.child("netconf-state").child("sessions").child("session");
  const auto login = parse_date_and_time(session.child("login-time").text());
  if (!login) {
    return {topic, Health::unknown, "the router does not tell when this session began",
            "compare 'show clock' with this machine's; samples are dated by both"};
  }
  const auto apart = std::chrono::duration_cast<std::chrono::seconds>(*login - connected_at);
  const bool close = std::chrono::abs(apart) <= kClockTolerance;
  return {topic, close ? Health::pass : Health::fail,
          close ? "within seconds of this machine's"
                : fmt::format("{} s {} this machine's", std::chrono::abs(apart).count(),
                              apart.count() > 0 ? "ahead of" : "behind"),
          close ? "" : "configure 'ntp server ADDRESS' on the router"};
}

std::string get_packet_sessions(const RouterConfig& config, const FeatureSet& features) {
  XmlWriter out;
  bool any = false;
  out.open("get").open("filter", {}, "type=\"subtree\"").open("cellwan-oper-data", ns::kCellwan);
  for (const LinkConfig& link : config.links) {
    if (link.kind != core::LinkKind::cellular) continue;
    any = true;
    out.open("cellwan-connection").leaf("cellular-interface", link.interface);
    out.empty("cellular-packet-status");
    if (features.has(Feature::active_apn)) out.empty("link-uptime").empty("profile-apn");
    out.close();
  }
  return any ? out.close().close().close().take() : std::string{};
}

namespace {

Finding packet_session_finding(std::string topic, const LinkConfig& link, const XmlNode& session) {
  const std::string_view state = session.child("cellular-packet-status").text();
  const auto name = split_interface(link.interface);
  const std::string mend = fmt::format("see 'show cellular {} connection'; is the APN right?",
                                       name ? name->number : link.interface);
  if (state.empty())
    return {std::move(topic), Health::unknown, "the router does not tell its state", mend};
  if (state != "packet-session-status-active")
    return {std::move(topic), Health::fail, "not active", mend};
  std::string found = "active";
  const std::string_view apn = session.child("profile-apn").text();
  const std::string_view since = session.child("link-uptime").text();
  if (!apn.empty()) found += fmt::format(", APN {}", apn);
  if (!since.empty()) found += fmt::format(", since {}", since);
  return {std::move(topic), Health::pass, std::move(found), ""};
}

}  // namespace

std::vector<Finding> packet_session_findings(const XmlNode& data, const RouterConfig& config) {
  std::vector<Finding> findings;
  const auto sessions = data.child("cellwan-oper-data").children("cellwan-connection");
  for (const LinkConfig& link : config.links) {
    if (link.kind != core::LinkKind::cellular) continue;
    const auto at = std::find_if(sessions.begin(), sessions.end(), [&](const XmlNode& one) {
      return one.child("cellular-interface").text() == link.interface;
    });
    findings.push_back(packet_session_finding("packet session (" + link.name.text + ")", link,
                                              at == sessions.end() ? XmlNode{} : *at));
  }
  return findings;
}

std::string get_probe_results(const RouterConfig& config) {
  XmlWriter out;
  bool any = false;
  out.open("get").open("filter", {}, "type=\"subtree\"").open("ip-sla-stats", ns::kIpSla);
  for (const LinkConfig& link : config.links) {
    for (const ProbeEntry& probe : probes_of(link)) {
      any = true;
      out.open("sla-oper-entry").leaf("oper-id", std::to_string(probe.entry));
      out.empty("oper-type").empty("latest-return-code").close();
    }
  }
  return any ? out.close().close().close().take() : std::string{};
}

namespace {

Finding absent_probe(std::string topic, const LinkConfig& link, std::uint32_t entry) {
  if (link.sets_up_probes) {
    return {std::move(topic), Health::unknown, "not there yet",
            "nothing to do: 'wanwise run' sets it up ('measure:')"};
  }
  return {
      std::move(topic), Health::fail, "no such operation",
      fmt::format("configure and schedule 'ip sla {}', or let wanwise do it ('measure:')", entry)};
}

Finding probe_finding(std::string topic, std::string_view type, std::string_view code) {
  const std::string found = fmt::format("{}: {}", type, code.empty() ? "not run yet" : code);
  if (code == "ret-code-ok" || code == "ret-code-over-threshold")
    return {std::move(topic), Health::pass, found, ""};
  if (code.empty() || code == "ret-code-unknown" || code == "ret-code-no-data") {
    return {std::move(topic), Health::unknown, found,
            "is it scheduled (show ip sla configuration)?"};
  }
  const bool jitter = type.find("jitter") != std::string_view::npos;
  return {std::move(topic), Health::fail, found,
          jitter ? "configure 'ip sla responder' at the operation's target and open its UDP port "
                   "1967"
                 : "is the operation's target reachable over this link (show ip sla statistics)?"};
}

}  // namespace

std::vector<Finding> probe_findings(const XmlNode& data, const RouterConfig& config) {
  std::vector<Finding> findings;
  const std::vector<XmlNode> entries = data.child("ip-sla-stats").children("sla-oper-entry");
  for (const LinkConfig& link : config.links) {
    for (const ProbeEntry& probe : probes_of(link)) {
      const std::string id = std::to_string(probe.entry);
      const std::string of = probe.service_class ? ", " + probe.service_class->text : std::string{};
      std::string topic = "IP SLA " + id + " (" + link.name.text + of + ")";
      const auto entry = std::find_if(entries.begin(), entries.end(), [&](const XmlNode& one) {
        return one.child("oper-id").text() == id;
      });
      findings.push_back(entry == entries.end()
                             ? absent_probe(std::move(topic), link, probe.entry)
                             : probe_finding(std::move(topic), entry->child("oper-type").text(),
                                             entry->child("latest-return-code").text()));
    }
  }
  return findings;
}

}  // namespace wanwise::iosxe
