#include <ctime>

#include "tests/support/canned_routers.hpp"

namespace wanwise::test {
namespace {

constexpr std::string_view kInterfaces = "http://cisco.com/ns/yang/Cisco-IOS-XE-interfaces-oper";
constexpr std::string_view kCellwan = "http://cisco.com/ns/yang/Cisco-IOS-XE-cellwan-oper";
constexpr std::string_view kIpSla = "http://cisco.com/ns/yang/Cisco-IOS-XE-ip-sla-oper";

std::string between(std::string_view text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + from.size();
  return std::string{text.substr(begin, text.find(to, begin) - begin)};
}

std::string leaf(std::string_view name, std::string_view value) {
  return "<" + std::string{name} + ">" + std::string{value} + "</" + std::string{name} + ">";
}

std::string number(std::string_view name, std::uint64_t value) {
  return leaf(name, std::to_string(value));
}

std::string queue(std::string_view class_map, std::uint64_t round) {
  return "<diffserv-target-classifier-stats>" + leaf("classifier-entry-name", class_map) +
         leaf("parent-path", "WANWISE-PM-LTE-CHILD WANWISE-PM-LTE") + "<queuing-stats>" +
         number("output-pkts", round * 80) + number("output-bytes", round * 90'000) +
         number("queue-size-pkts", 0) + number("queue-size-bytes", 0) + number("drop-pkts", round) +
         number("drop-bytes", round * 1'200) +
         "</queuing-stats></diffserv-target-classifier-stats>";
}

std::string interface_state(std::string_view name, std::uint64_t round) {
  return "<interface>" + leaf("name", name) + leaf("oper-status", "if-oper-state-ready") +
         leaf("last-change", "2026-11-01T10:00:00.000000+00:00") +
         leaf("phys-address", "00:00:5e:00:53:01") + number("speed", 50'000'000) + "<statistics>" +
         number("in-octets", round * 250'000) + number("in-unicast-pkts", round * 300) +
         number("in-discards", 0) + number("in-errors", 0) +
         number("out-octets", round * 125'000 % 4'294'967'296) +
         number("out-unicast-pkts", round * 200) + number("out-discards", round) +
         number("out-errors", 0) + number("out-octets-64", round * 125'000) + "</statistics>" +
         "<diffserv-info>" + leaf("direction", "qos-outbound") +
         leaf("policy-name", "WANWISE-PM-LTE") + queue("WANWISE-CM-REALTIME", round) +
         queue("WANWISE-CM-VIDEO", round) + queue("WANWISE-CM-BULK", round) +
         queue("class-default", round) + "</diffserv-info></interface>";
}

std::string interfaces(std::uint64_t round) {
  return "<interfaces xmlns=\"" + std::string{kInterfaces} + "\">" +
         interface_state("Cellular0/1/0", round) + "</interfaces>";
}

std::string radio() {
  return "<cellwan-oper-data xmlns=\"" + std::string{kCellwan} + "\"><cellwan-radio>" +
         leaf("cellular-interface", "Cellular0/1/0") + leaf("radio-power-mode", "radio-online") +
         leaf("radio-rat-selected", "system-mode-lte") + number("radio-band", 3) +
         leaf("radio-rsrp", "-95") + leaf("radio-rsrq", "-11") + leaf("radio-snr", "12.0") +
         "</cellwan-radio></cellwan-oper-data>";
}

std::string probe(std::uint64_t round) {
  return "<ip-sla-stats xmlns=\"" + std::string{kIpSla} + "\"><sla-oper-entry>" +
         number("oper-id", 9101) + leaf("oper-type", "oper-type-icmp-echo") +
         leaf("latest-return-code", "ret-code-ok") + number("success-count", round) +
         number("failure-count", 0) + leaf("accuracy", "milliseconds-accuracy") +
         "<rtt-info><latest-rtt>" + number("rtt", 40 + round % 7) +
         "</latest-rtt></rtt-info></sla-oper-entry></ip-sla-stats>";
}

std::string now_text() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.00Z", &parts);
  return text;
}

std::string push_of(std::uint32_t subscription, const std::string& contents) {
  return "<notification xmlns=\"urn:ietf:params:xml:ns:netconf:notification:1.0\">" +
         leaf("eventTime", now_text()) +
         "<push-update xmlns=\"urn:ietf:params:xml:ns:yang:ietf-yang-push\">" +
         number("subscription-id", subscription) + "<datastore-contents-xml>" + contents +
         "</datastore-contents-xml></push-update>" + "</notification>";
}

/// The first identifier IOS XE gives (2^31), then up; one peer's ids need not differ from
/// another's.
void subscribe(CannedPeer& peer, const std::string& request, std::uint32_t haste) {
  const std::string path = between(request, "xpath-filter", "</");
  const std::uint32_t id =
      2'147'483'648U + static_cast<std::uint32_t>(std::hash<std::string>{}(path) % 1'000'000);
  peer.reply(request,
             "<subscription-result xmlns=\"urn:ietf:params:xml:ns:yang:ietf-event-notifications\" "
             "xmlns:n=\"urn:ietf:params:xml:ns:yang:ietf-event-notifications\">n:ok"
             "</subscription-result><subscription-id "
             "xmlns=\"urn:ietf:params:xml:ns:yang:ietf-event-notifications\">" +
                 std::to_string(id) + "</subscription-id>");
  // On change (a dampening-period): nothing ever changes here, so nothing is pushed.
  const std::string period_text = between(request, ":period>", "<");
  if (period_text.empty()) return;
  const long asked = std::stol(period_text) * 10;
  const std::chrono::milliseconds period{std::max(1L, asked / static_cast<long>(haste))};
  const auto round = std::make_shared<std::uint64_t>(0);
  peer.every(period, [&peer, id, path, round] {
    ++*round;
    if (path.find("interfaces") != std::string::npos) return peer.message(canned_push(id, *round));
    if (path.find("cellwan-radio") != std::string::npos) return peer.message(push_of(id, radio()));
    if (path.find("ip-sla") != std::string::npos) return peer.message(push_of(id, probe(*round)));
    peer.message(push_of(id, ""));
  });
}

}  // namespace

std::string canned_push(std::uint32_t subscription, std::uint64_t round) {
  return push_of(subscription, interfaces(round));
}

std::string canned_notification(std::size_t bytes) {
  return "<notification xmlns=\"urn:ietf:params:xml:ns:netconf:notification:1.0\">" +
         leaf("eventTime", now_text()) +
         "<netconf-config-change xmlns=\"urn:ietf:params:xml:ns:yang:ietf-netconf-notifications\">"
         "<changed-by><server/></changed-by></netconf-config-change><!--" +
         std::string(bytes, 'x') + "--></notification>";
}

std::string canned_hello(std::size_t modules) {
  std::string text;
  for (const char* name :
       {"base:1.0", "base:1.1", "capability:candidate:1.0", "capability:rollback-on-error:1.0",
        "capability:validate:1.1", "capability:xpath:1.0", "capability:notification:1.0",
        "capability:interleave:1.0"})
    text += "<capability>urn:ietf:params:netconf:" + std::string{name} + "</capability>\n";
  for (std::size_t i = 0; i < modules; ++i) {
    text += "<capability>\n        http://example.com/ns/module-" + std::to_string(i) +
            "?module=module-" + std::to_string(i) + "&amp;revision=2024-07-01\n</capability>";
  }
  return hello_from(text);
}

std::string hello_from(std::string_view text) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<hello xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\">\n<capabilities>\n";
  constexpr std::string_view kBegin = "<capability>";
  constexpr std::string_view kEnd = "</capability>";
  for (std::size_t at = 0; (at = text.find(kBegin, at)) != std::string_view::npos;) {
    const std::size_t end = text.find(kEnd, at);
    if (end == std::string_view::npos) break;
    out += std::string{text.substr(at, end + kEnd.size() - at)} + "\n";
    at = end;
  }
  return out + "</capabilities>\n<session-id>4711</session-id></hello>";
}

void canned_answer(CannedPeer& peer, const std::string& request, std::uint32_t haste) {
  if (request.find("<establish-subscription") != std::string::npos) {
    subscribe(peer, request, haste);
  } else if (request.find("<get-config>") != std::string::npos) {
    peer.reply(request, "<data/>");
  } else if (request.find("<get>") != std::string::npos) {
    peer.reply(request, "<data>" + interfaces(1) + radio() + probe(1) + "</data>");
  } else {
    peer.reply(request, "<ok/>");
  }
}

}  // namespace wanwise::test
