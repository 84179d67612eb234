#include "adapters/http/routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/verb.hpp>
#include <boost/json.hpp>
#include <charconv>
#include <iterator>
#include <optional>
#include <utility>

#include "adapters/http/json.hpp"
#include "adapters/http/metrics.hpp"

namespace wanwise::http {
namespace {

namespace bhttp = boost::beast::http;
namespace json = boost::json;

constexpr std::string_view kDrainPrefix = "/v1/drain/";
constexpr std::string_view kExplainPrefix = "/v1/explain/";
constexpr std::string_view kHistoryPrefix = "/v1/history/";
constexpr std::string_view kUsagePrefix = "/v1/usage/";

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
/// No billing period is longer; every number of this size fits in what the core counts in.
constexpr std::int64_t kMostSeconds = 366 * std::int64_t{86'400};
constexpr std::int64_t kMostBytes = INT64_MAX / 4;

const std::vector<std::string>& known_paths() {
  static const std::vector<std::string> paths{
      "/v1/status",         "/v1/explain/{workload}", "/v1/history", "/v1/history/{workload}",
      "/v1/drain/{target}", "/v1/usage/{link}",       "/metrics",    "/healthz"};
  return paths;
}

Response make_response(bhttp::status status, std::string_view content_type, std::string body) {
  Response response{status, 11};
  response.set(bhttp::field::server, "wanwise");
  response.set(bhttp::field::content_type, content_type);
  // Every answer is of its moment.
  response.set(bhttp::field::cache_control, "no-store");
  response.body() = std::move(body);
  response.prepare_payload();
  return response;
}

Response json_response(bhttp::status status, const json::value& value) {
  return make_response(status, "application/json", json::serialize(value) + "\n");
}

template <class Names>
std::vector<std::string> texts_of(const Names& items) {
  std::vector<std::string> out;
  std::transform(items.begin(), items.end(), std::back_inserter(out),
                 [](const auto& item) { return item.name.text; });
  return out;
}

Response unknown_workload(const std::string& name, const core::Status& status) {
  return error_response(bhttp::status::not_found, "unknown-workload",
                        fmt::format("no workload '{}'", name), texts_of(status.workloads));
}

Response get_explain(const std::string& name, Source& source) {
  if (const auto explanation = source.explain(core::WorkloadName{name})) {
    return json_response(bhttp::status::ok, to_json(*explanation));
  }
  const core::Status status = source.status();
  const auto known = std::any_of(status.workloads.begin(), status.workloads.end(),
                                 [&](const auto& workload) { return workload.name.text == name; });
  if (!known) return unknown_workload(name, status);
  return error_response(bhttp::status::not_found, "no-decision-yet",
                        fmt::format("nothing was decided about workload '{}' yet", name), {});
}

Response get_places(const std::string& name, Source& source) {
  const core::WorkloadName workload{name};
  const auto places = source.predictions(workload);
  if (!places) return unknown_workload(name, source.status());
  return json_response(bhttp::status::ok, to_json(workload, *places));
}

/// The body's members, if it is an object of so many.
std::optional<json::object> parse_object(std::string_view body, std::size_t members) {
  json::error_code ec;
  json::value value = json::parse(body, ec);
  if (ec || !value.is_object() || value.get_object().size() != members) return std::nullopt;
  return std::move(value.get_object());
}

/// The body's `drain`; nothing when it is anything but {"drain": true|false}.
std::optional<bool> parse_drain(std::string_view body) {
  const auto members = parse_object(body, 1);
  const json::value* drain = members ? members->if_contains("drain") : nullptr;
  if (drain == nullptr || !drain->is_bool()) return std::nullopt;
  return drain->get_bool();
}

struct Usage {
  core::Bytes used;
  core::Micros left;
};

/// Nothing when it is anything but {"used-bytes": N, "left-s": M} within their ranges.
std::optional<Usage> parse_usage(std::string_view body) {
  const auto members = parse_object(body, 2);
  const auto number = [&](std::string_view key, std::int64_t most) -> std::optional<std::int64_t> {
    const json::value* value = members ? members->if_contains(key) : nullptr;
    const std::int64_t* count = value == nullptr ? nullptr : value->if_int64();
    if (count == nullptr || *count < 0 || *count > most) return std::nullopt;
    return *count;
  };
  const auto used = number("used-bytes", kMostBytes);
  const auto left = number("left-s", kMostSeconds);
  if (!used || !left) return std::nullopt;
  return Usage{core::Bytes{*used}, core::Micros{*left * kMicrosPerSecond}};
}

/// Browsers send other types across origins without asking first; this one they must ask for, and
/// nobody here answers. So no web page can change anything through its reader's browser.
bool is_json(const Request& request) {
  const std::string_view content_type = request[bhttp::field::content_type];
  const std::string_view media = content_type.substr(0, content_type.find(';'));
  return boost::beast::iequals(media.substr(0, media.find_last_not_of(' ') + 1),
                               "application/json");
}

Response not_json() {
  return error_response(bhttp::status::unsupported_media_type, "unsupported-media-type",
                        "the body's Content-Type is not JSON", {"application/json"});
}

Response bad_body(const std::vector<std::string>& allowed) {
  return error_response(bhttp::status::bad_request, "bad-body", "the body is not as expected",
                        allowed);
}

Response post_drain(const std::string& name, const Request& request, Source& source) {
  const auto drain = parse_drain(request.body());
  if (!drain) return bad_body({R"({"drain":true})", R"({"drain":false})"});
  if (!source.drain(core::TargetName{name}, *drain)) {
    return error_response(bhttp::status::not_found, "unknown-target",
                          fmt::format("no target '{}'", name), texts_of(source.status().targets));
  }
  return json_response(bhttp::status::accepted, json::object{{"target", name}, {"drain", *drain}});
}

Response post_usage(const std::string& name, const Request& request, Source& source) {
  const auto usage = parse_usage(request.body());
  if (!usage) return bad_body({R"({"used-bytes":12300000000,"left-s":777600})"});
  if (!source.usage(core::LinkName{name}, usage->used, usage->left)) {
    std::vector<core::LinkStatus> links = source.status().links;
    std::erase_if(links, [](const core::LinkStatus& link) { return !link.data_plan; });
    return error_response(bhttp::status::not_found, "unknown-data-plan",
                          fmt::format("no link '{}' with a data cap", name), texts_of(links));
  }
  return json_response(bhttp::status::accepted,
                       json::object{{"link", name},
                                    {"used-bytes", usage->used.count},
                                    {"left-s", usage->left.count / kMicrosPerSecond}});
}

Response get_metrics(const RouteContext& context) {
  std::vector<NamedCounter> more = context.source.more_counters();
  more.insert(more.end(), context.counters.begin(), context.counters.end());
  return make_response(bhttp::status::ok, kMetricsContentType,
                       to_prometheus(context.source.status(), context.source.counters(), more));
}

Response method_not_allowed(const Request& request, const std::vector<std::string>& allowed) {
  Response response = error_response(
      bhttp::status::method_not_allowed, "method-not-allowed",
      fmt::format("method {} is not for this path", std::string{request.method_string()}), allowed);
  response.set(bhttp::field::allow, fmt::format("{}", fmt::join(allowed, ", ")));
  return response;
}

/// The segment behind `prefix`, decoded; nothing when the path is another one. An empty or nested
/// segment is another path.
std::optional<std::string> segment(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return std::nullopt;
  const std::string_view rest = path.substr(prefix.size());
  if (rest.empty() || rest.find('/') != std::string_view::npos) return std::nullopt;
  return percent_decode(rest);
}

Response get_page(std::string_view path, const Request& request, const RouteContext& context) {
  const bool readable =
      request.method() == bhttp::verb::get || request.method() == bhttp::verb::head;
  if (!readable) return method_not_allowed(request, {"GET", "HEAD"});
  Source& source = context.source;
  if (path == "/v1/status") return json_response(bhttp::status::ok, to_json(source.status()));
  if (path == "/v1/history") return json_response(bhttp::status::ok, to_json(source.history()));
  if (path == "/metrics") return get_metrics(context);
  if (path == "/healthz") {
    return json_response(bhttp::status::ok,
                         json::object{{"status", "ok"}, {"started", source.status().started}});
  }
  if (const auto name = segment(path, kHistoryPrefix)) return get_places(*name, source);
  return get_explain(*segment(path, kExplainPrefix), source);
}

/// Host header (RFC 9110 section 7.2) without its port, brackets kept.
std::string_view host_name(std::string_view host) {
  const auto colon = host.rfind(':');
  const bool has_port = colon != std::string_view::npos && host.find(']', colon) == host.npos;
  return has_port ? host.substr(0, colon) : host;
}

bool for_us(const Request& request, const std::vector<std::string>& hosts) {
  if (hosts.empty()) return true;
  const auto field = request.find(bhttp::field::host);
  if (field == request.end()) return request.version() < 11;  // HTTP/1.0 has no Host
  const std::string_view name = host_name(field->value());
  return std::any_of(hosts.begin(), hosts.end(),
                     [&](const std::string& host) { return boost::beast::iequals(host, name); });
}

Response route(const Request& request, const RouteContext& context) {
  if (!for_us(request, context.hosts)) {
    return error_response(bhttp::status::misdirected_request, "wrong-host",
                          "the Host header names another host", context.hosts);
  }
  const std::string_view asked{request.target().data(), request.target().size()};
  const std::string_view path = asked.substr(0, asked.find('?'));
  if (!percent_decode(path)) {
    return error_response(bhttp::status::bad_request, "bad-path", "bad percent-encoding in path",
                          {"%20", "%2F"});
  }
  const auto target = segment(path, kDrainPrefix);
  const auto link = segment(path, kUsagePrefix);
  if (target || link) {
    if (request.method() != bhttp::verb::post) return method_not_allowed(request, {"POST"});
    if (!is_json(request)) return not_json();
    return target ? post_drain(*target, request, context.source)
                  : post_usage(*link, request, context.source);
  }
  const auto& paths = known_paths();
  const bool known = segment(path, kExplainPrefix).has_value() ||
                     segment(path, kHistoryPrefix).has_value() ||
                     (std::find(paths.begin(), paths.end(), path) != paths.end() &&
                      path.find('{') == std::string_view::npos);
  if (known) return get_page(path, request, context);
  return error_response(bhttp::status::not_found, "unknown-path",
                        fmt::format("no path '{}'", path.substr(0, 100)), paths);
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const std::string_view digits = text.substr(i + 1, 2);
    unsigned value = 0;
    const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() < 2 || ec != std::errc{} || end != digits.data() + 2) return std::nullopt;
    out += static_cast<char>(value);
    i += 2;
  }
  return out;
}

Response error_response(bhttp::status status, std::string code, std::string message,
                        const std::vector<std::string>& allowed) {
  return json_response(status, to_json(core::Error{std::move(code), std::move(message)}, allowed));
}

Response answer(const Request& request, const RouteContext& context) {
  Response response = route(request, context);
  response.version(request.version() < 11 ? 10 : 11);
  response.keep_alive(request.keep_alive());
  // RFC 9110 section 9.3.2: HEAD has the headers of GET and no body.
  if (request.method() == bhttp::verb::head) {
    const auto length = response.body().size();
    response.body().clear();
    response.content_length(length);
  }
  return response;
}

}  // namespace wanwise::http
