#include "engine/policy/site_document.hpp"

#include <algorithm>

#include "engine/core/decide/probe_plan.hpp"
#include "engine/policy/site_metrics.hpp"
#include "engine/policy/site_paths.hpp"

namespace wanwise::policy {
namespace {

using Kind = ValueKind;

/// One way from a source to the node when none is given: a switched gigabit LAN with its stacks.
constexpr std::int64_t kDefaultLanDelay = 500;
/// One way over a trunk when none is given: a kilometre of fibre and two switches.
constexpr std::int64_t kDefaultTrunkDelay = 500;
constexpr std::int64_t kNetconfPort = 830;  // RFC 6242
/// One probe in 5 s is the load of an idle session; a second is above any round trip that serves.
constexpr std::int64_t kDefaultMeasurePeriod = 5'000'000;
constexpr std::int64_t kDefaultMeasureTimeout = 1'000'000;
/// First of the ports that IOS documentation uses for IP SLA responders.
constexpr std::int64_t kDefaultResponderPort = 16384;

const Shape& password_shape() {
  static const Shape shape{"a password",
                           {{"file", Kind::text}, {"environment", Kind::text}},
                           {{{"file", "environment"}}}};
  return shape;
}

const Shape& private_key_shape() {
  static const Shape shape{"a private key", {{"file", Kind::text, true}}};
  return shape;
}

const Shape& router_shape() {
  static const Shape shape{
      "a router",
      {{"name", Kind::text, true},
       {"address", Kind::text, true},
       {"port", Kind::integer},
       {"user", Kind::text, true},
       {"host-key", Kind::text, true},
       {"password", Kind::group, false, {}, {}, &password_shape()},
       {"private-key", Kind::group, false, {}, {}, &private_key_shape()},
       {"lan", Kind::text, true},
       {"period", Kind::quantity, false, Unit::duration},
       {"save-config", Kind::boolean},
       {"netconf-stack", Kind::word, false, {}, {"libssh", "libnetconf2"}},
       {"legacy-algorithms", Kind::boolean},
       {"load-interval", Kind::integer},
       {"path-choice", Kind::word, false, {}, {"routing", "policy-based-routing"}}},
      {{{"password", "private-key"}}}};
  return shape;
}

const Shape& uplink_shape() {
  static const Shape shape{"an uplink",
                           {{"expect", Kind::quantity, true, Unit::rate},
                            {"floor", Kind::quantity, true, Unit::rate},
                            {"ceiling", Kind::quantity, true, Unit::rate}}};
  return shape;
}

const Shape& measure_shape() {
  static const Shape shape{"a measurement",
                           {{"target", Kind::text, true},
                            {"every", Kind::quantity, false, Unit::duration},
                            {"timeout", Kind::quantity, false, Unit::duration},
                            {"per-class", Kind::boolean},
                            {"port", Kind::integer}}};
  return shape;
}

const Shape& link_shape() {
  static const Shape shape{"a link",
                           {{"name", Kind::text, true},
                            {"router", Kind::text, true},
                            {"interface", Kind::text, true},
                            {"kind", Kind::word, true, {}, {"wired", "cellular"}},
                            {"metric", Kind::integer},
                            {"uplink", Kind::group, true, {}, {}, &uplink_shape()},
                            {"downlink", Kind::quantity, true, Unit::rate},
                            {"rtt", Kind::quantity, true, Unit::duration},
                            {"price", Kind::quantity, false, Unit::usd_per_gb},
                            {"probe", Kind::integer},
                            {"measure", Kind::group, false, {}, {}, &measure_shape()},
                            {"data-cap", Kind::text},
                            {"next-hop", Kind::text}},
                           {{{"probe", "measure"}, false}}};
  return shape;
}

const Shape& trunk_shape() {
  static const Shape shape{"a trunk",
                           {{"name", Kind::text, true},
                            {"router", Kind::text, true},
                            {"neighbour", Kind::text, true},
                            {"rate", Kind::quantity, true, Unit::rate},
                            {"delay", Kind::quantity, false, Unit::duration}}};
  return shape;
}

const Shape& node_shape() {
  static const Shape shape{"a node",
                           {{"name", Kind::text, true},
                            {"router", Kind::text, true},
                            {"device", Kind::text, true},
                            {"power-mode", Kind::text},
                            {"memory", Kind::quantity, true, Unit::size},
                            {"lan-delay", Kind::quantity, false, Unit::duration},
                            {"port", Kind::text},
                            {"metrics", Kind::group, false, {}, {}, &node_metrics_shape()}}};
  return shape;
}

const Shape& cloud_shape() {
  static const Shape shape{"a cloud",
                           {{"name", Kind::text, true},
                            {"device", Kind::text, true},
                            {"power-mode", Kind::text},
                            {"servers", Kind::integer},
                            {"address", Kind::text, true},
                            {"node-label", Kind::text},
                            {"beyond-probe", Kind::quantity, false, Unit::duration},
                            {"price", Kind::quantity, false, Unit::usd_per_hour}}};
  return shape;
}

const Shape& source_shape() {
  static const Shape shape{
      "a source",
      {{"name", Kind::text, true}, {"router", Kind::text, true}, {"prefix", Kind::text, true}}};
  return shape;
}

const Shape& simulated_shape() {
  static const Shape shape{"a simulated cluster",
                           {{"address", Kind::text, true}, {"port", Kind::integer, true}}};
  return shape;
}

const Shape& kubernetes_shape() {
  static const Shape shape{"a Kubernetes cluster",
                           {{"kubeconfig", Kind::text},
                            {"context", Kind::text},
                            {"in-cluster", Kind::boolean},
                            {"binds-pods", Kind::boolean}},
                           {{{"kubeconfig", "in-cluster"}}}};
  return shape;
}

const Shape& cluster_shape() {
  static const Shape shape{"a cluster",
                           {{"simulated", Kind::group, false, {}, {}, &simulated_shape()},
                            {"kubernetes", Kind::group, false, {}, {}, &kubernetes_shape()}},
                           {{{"simulated", "kubernetes"}}}};
  return shape;
}

// ---- checks ------------------------------------------------------------------------------------

/// Refuses two links of one router that agree in `member`.
void refuse_shared(std::vector<Value>& links, std::string_view member, std::string_view what,
                   Findings& findings) {
  refuse_duplicates(
      links, member, what,
      [&](const Value& link) {
        const Value* value = link.get(member);
        const std::string router = link.text_of("router");
        if (value == nullptr || router.empty()) return UniqueKey{};
        return UniqueKey{router, value->text.empty() ? std::to_string(value->number) : value->text};
      },
      findings);
}

/// The router's own routing needs a strict order of its links.
void check_metrics(std::vector<Value>& links, Findings& findings) {
  refuse_duplicates(
      links, "metric", "metric",
      [](const Value& link) {
        const std::string router = link.text_of("router");
        if (router.empty() ||
            (link.get("metric") == nullptr && link.get_any("metric") != nullptr)) {
          return UniqueKey{};
        }
        return UniqueKey{router, std::to_string(link.number_of("metric"))};
      },
      findings);
}

void check_lans(Value& root, Findings& findings) {
  for (Value& router : root.items_of("routers")) {
    Value* lan = router.get("lan");
    if (lan == nullptr) continue;
    for (const Value& link : root.items_of("links")) {
      if (link.text_of("router") == router.text_of("name") &&
          link.text_of("interface") == lan->text) {
        findings.refuse(*lan, in_quotes(lan->text) + " is the interface of WAN link " +
                                  in_quotes(link.text_of("name")));
        break;
      }
    }
  }
}

void check_target_names(Value& root, Findings& findings) {
  const auto& nodes = root.items_of("nodes");
  for (Value& cloud : root.items_of("clouds")) {
    Value* name = cloud.get("name");
    if (name == nullptr) continue;
    const auto twin = std::find_if(nodes.begin(), nodes.end(), [&](const Value& node) {
      return node.text_of("name") == name->text;
    });
    if (twin == nodes.end()) continue;
    findings.refuse(*name, "target " + in_quotes(name->text) + " is used twice, first on line " +
                               std::to_string(twin->get("name")->mark.line));
  }
}

void check_prefixes(Value& root, Findings& findings) {
  auto& sources = root.items_of("sources");
  for (Value& source : sources) {
    Value* prefix = source.get("prefix");
    if (prefix != nullptr && !core::parse_ipv4_prefix(prefix->text)) {
      findings.refuse(*prefix, in_quotes(prefix->text) + " has host bits set",
                      "a network address, such as 192.168.50.0/24");
    }
  }
  refuse_shared(sources, "prefix", "prefix", findings);
}

void check_data_caps(Value& root, Findings& findings) {
  for (Value& link : root.items_of("links")) {
    Value* cap = link.get("data-cap");
    if (cap == nullptr) continue;
    const auto parsed = parse_data_cap(cap->text);
    if (!parsed) {
      findings.refuse(*cap, in_quotes(cap->text) + ' ' + parsed.error().message,
                      parsed.error().allowed);
    }
  }
}

void check_trunks(Value& root, const std::vector<std::string>& routers, Findings& findings) {
  auto& trunks = root.items_of("trunks");
  refuse_duplicate_names(trunks, "trunk", findings);
  for (Value& trunk : trunks) {
    Value* neighbour = trunk.get("neighbour");
    refuse_unknown(neighbour, "router", routers, findings);
    if (neighbour != nullptr && neighbour->text == trunk.text_of("router")) {
      findings.refuse(*neighbour, "the trunk leads back to " + in_quotes(neighbour->text));
    }
  }
}

void check_cluster(Value& root, Findings& findings) {
  Value* cluster = root.get("cluster");
  Value* access = cluster != nullptr ? cluster->get("kubernetes") : nullptr;
  if (access == nullptr) return;
  Value* in_cluster = access->get("in-cluster");
  if (in_cluster == nullptr) return;
  if (in_cluster->number == 0) {
    findings.refuse(*in_cluster, "in-cluster: false says nothing", "true, or kubeconfig: FILE");
  }
  if (Value* context = access->get("context")) {
    findings.refuse(*context, "a service account has no contexts", "context with kubeconfig");
  }
}

void check_node_labels(Value& root, Findings& findings) {
  for (Value& cloud : root.items_of("clouds")) {
    Value* label = cloud.get("node-label");
    if (label == nullptr) continue;
    const std::size_t equals = label->text.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == label->text.size() ||
        label->text.find('=', equals + 1) != std::string::npos) {
      findings.refuse(*label, in_quotes(label->text) + " is no label",
                      "key=value, such as topology.kubernetes.io/region=eu-central-1");
    }
  }
  refuse_duplicates(
      root.items_of("clouds"), "node-label", "node label",
      [](const Value& cloud) {
        const std::string label = cloud.text_of("node-label");
        return label.empty() ? UniqueKey{} : UniqueKey{"", label};
      },
      findings);
}

// ---- core --------------------------------------------------------------------------------------

core::ProbeSetup make_setup(const Value& measure) {
  core::ProbeSetup setup;
  const auto target = core::parse_ipv4_prefix(measure.text_of("target"));
  setup.target = target ? target->address : 0;
  setup.period = core::Micros{measure.number_of("every", kDefaultMeasurePeriod)};
  setup.timeout = core::Micros{measure.number_of("timeout", kDefaultMeasureTimeout)};
  if (measure.number_of("per-class") != 0) {
    setup.responder_port =
        static_cast<std::uint16_t>(measure.number_of("port", kDefaultResponderPort));
  }
  return setup;
}

core::Link make_link(const Value& value) {
  const Value& uplink = *value.get("uplink");
  core::Link link;
  link.name = core::LinkName{value.text_of("name")};
  link.router = core::RouterName{value.text_of("router")};
  link.interface = value.text_of("interface");
  link.kind = value.text_of("kind") == "wired" ? core::LinkKind::wired : core::LinkKind::cellular;
  link.metric = static_cast<std::int32_t>(value.number_of("metric"));
  link.uplink = core::Bps{uplink.number_of("expect")};
  link.uplink_floor = core::Bps{uplink.number_of("floor")};
  link.uplink_ceiling = core::Bps{uplink.number_of("ceiling")};
  link.downlink = core::Bps{value.number_of("downlink")};
  link.rtt = core::Micros{value.number_of("rtt")};
  link.price_per_gb = core::NanoUsd{value.number_of("price")};
  if (const Value* probe = value.get("probe")) {
    link.probe = static_cast<std::uint32_t>(probe->number);
  }
  if (const Value* measure = value.get("measure")) link.probe_setup = make_setup(*measure);
  if (const Value* cap = value.get("data-cap")) {
    if (const auto parsed = parse_data_cap(cap->text)) link.data_cap = *parsed;
  }
  link.next_hop = value.text_of("next-hop");
  return link;
}

core::Trunk make_trunk(const Value& value) {
  return {core::TrunkName{value.text_of("name")}, core::RouterName{value.text_of("router")},
          core::RouterName{value.text_of("neighbour")}, core::Bps{value.number_of("rate")},
          core::Micros{value.number_of("delay", kDefaultTrunkDelay)}};
}

core::Node make_node(const Value& value) {
  return {core::TargetName{value.text_of("name")},
          core::RouterName{value.text_of("router")},
          core::DeviceName{value.text_of("device")},
          core::PowerModeName{value.text_of("power-mode")},
          core::Bytes{value.number_of("memory")},
          core::Micros{value.number_of("lan-delay", kDefaultLanDelay)},
          value.text_of("port")};
}

core::Cloud make_cloud(const Value& value) {
  return {core::TargetName{value.text_of("name")},
          core::DeviceName{value.text_of("device")},
          core::PowerModeName{value.text_of("power-mode")},
          static_cast<std::int32_t>(value.number_of("servers", 1)),
          core::parse_ipv4_prefix(value.text_of("address")).value_or(core::Ipv4Prefix{}),
          core::Micros{value.number_of("beyond-probe")},
          core::NanoUsd{value.number_of("price")}};
}

core::Source make_source(const Value& value) {
  return {core::SourceName{value.text_of("name")}, core::RouterName{value.text_of("router")},
          core::parse_ipv4_prefix(value.text_of("prefix")).value_or(core::Ipv4Prefix{})};
}

template <class Make>
auto make_sorted(const Value& root, std::string_view list, Make make) {
  std::vector<decltype(make(root))> made;
  for (const Value& value : root.items_of(list)) made.push_back(make(value));
  std::sort(made.begin(), made.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return made;
}

RouterAccess make_router_access(const Value& value) {
  RouterAccess access;
  access.router = core::RouterName{value.text_of("name")};
  access.host = value.text_of("address");
  access.port = static_cast<std::uint16_t>(value.number_of("port", kNetconfPort));
  access.user = value.text_of("user");
  access.host_key = value.text_of("host-key");
  if (const Value* password = value.get("password")) {
    const Value* file = password->get("file");
    access.password =
        file != nullptr ? SecretRef{SecretRef::From::file, file->text}
                        : SecretRef{SecretRef::From::environment, password->text_of("environment")};
  }
  if (const Value* key = value.get("private-key")) access.private_key_file = key->text_of("file");
  access.period = core::Micros{value.number_of("period", access.period.count)};
  access.save_config = value.number_of("save-config") != 0;
  access.legacy_algorithms = value.number_of("legacy-algorithms") != 0;
  if (value.text_of("netconf-stack") == "libnetconf2")
    access.netconf_stack = NetconfStack::libnetconf2;
  return access;
}

}  // namespace

const Shape& site_shape() {
  static const Shape shape{"a site",
                           {{"wanwise", Kind::text, true},
                            {"name", Kind::text, true},
                            {"labels", Kind::labels},
                            {"routers", Kind::groups, true, {}, {}, &router_shape()},
                            {"links", Kind::groups, true, {}, {}, &link_shape()},
                            {"trunks", Kind::groups, false, {}, {}, &trunk_shape()},
                            {"nodes", Kind::groups, false, {}, {}, &node_shape()},
                            {"clouds", Kind::groups, false, {}, {}, &cloud_shape()},
                            {"sources", Kind::groups, true, {}, {}, &source_shape()},
                            {"cluster", Kind::group, false, {}, {}, &cluster_shape()}}};
  return shape;
}

void check_site(Document& document, Report& report) {
  Findings findings(document.file, report);
  Value& root = document.root;
  auto& routers = root.items_of("routers");
  auto& links = root.items_of("links");
  const std::vector<std::string> router_names = names_of(routers);
  const bool routers_known = root.get_any("routers") != nullptr && names_known(root, "routers");
  for (const char* list : {"links", "trunks", "nodes", "sources"}) {
    if (!routers_known) break;
    for (Value& entry : root.items_of(list)) {
      refuse_unknown(entry.get("router"), "router", router_names, findings);
    }
  }
  refuse_duplicate_names(routers, "router", findings);
  refuse_duplicate_names(links, "link", findings);
  refuse_duplicate_names(root.items_of("nodes"), "target", findings);
  refuse_duplicate_names(root.items_of("clouds"), "target", findings);
  refuse_duplicate_names(root.items_of("sources"), "source", findings);
  check_target_names(root, findings);
  refuse_duplicates(
      routers, "address", "NETCONF server",
      [](const Value& router) {
        const std::string address = router.text_of("address");
        if (address.empty()) return UniqueKey{};
        return UniqueKey{"",
                         address + ':' + std::to_string(router.number_of("port", kNetconfPort))};
      },
      findings);
  refuse_shared(links, "interface", "interface", findings);
  refuse_shared(links, "probe", "probe", findings);
  check_measurements(links, findings);
  check_metrics(links, findings);
  check_data_caps(root, findings);
  if (routers_known) check_trunks(root, router_names, findings);
  check_steering(root, findings);
  check_node_metrics(root, findings);
  check_cluster(root, findings);
  check_node_labels(root, findings);
  check_lans(root, findings);
  check_prefixes(root, findings);
}

core::Site make_site(const Value& root) {
  core::Site site;
  site.name = core::SiteName{root.text_of("name")};
  site.routers = make_sorted(root, "routers", [](const Value& value) {
    return core::Router{core::RouterName{value.text_of("name")}, value.text_of("lan"),
                        value.text_of("path-choice") == "policy-based-routing",
                        static_cast<std::uint32_t>(value.number_of("load-interval"))};
  });
  site.links = make_sorted(root, "links", make_link);
  for (core::Link& link : site.links) {
    // Whoever set it up, this operation measures the link.
    if (link.probe_setup) link.probe = core::link_probe_entry(site, link);
  }
  site.trunks = make_sorted(root, "trunks", make_trunk);
  site.nodes = make_sorted(root, "nodes", make_node);
  site.clouds = make_sorted(root, "clouds", make_cloud);
  site.sources = make_sorted(root, "sources", make_source);
  return site;
}

std::vector<RouterAccess> make_access(const Value& root) {
  std::vector<RouterAccess> access;
  for (const Value& value : root.items_of("routers")) access.push_back(make_router_access(value));
  std::sort(access.begin(), access.end(),
            [](const auto& a, const auto& b) { return a.router < b.router; });
  return access;
}

std::optional<KubernetesAccess> make_kubernetes(const Value& root) {
  const Value* cluster = root.get("cluster");
  const Value* value = cluster != nullptr ? cluster->get("kubernetes") : nullptr;
  if (value == nullptr) return std::nullopt;
  KubernetesAccess access{value->text_of("kubeconfig"), value->text_of("context")};
  for (const Value& cloud : root.items_of("clouds")) {
    const std::string name = cloud.text_of("name");
    const std::string label = cloud.text_of("node-label");
    access.clouds.push_back(
        {core::TargetName{name}, label.empty() ? "wanwise.io/target=" + name : label});
  }
  access.binds_pods = value->number_of("binds-pods") != 0;
  std::sort(access.clouds.begin(), access.clouds.end(),
            [](const auto& a, const auto& b) { return a.cloud < b.cloud; });
  return access;
}

std::optional<SimulatedCluster> make_simulated(const Value& root) {
  const Value* cluster = root.get("cluster");
  const Value* simulated = cluster != nullptr ? cluster->get("simulated") : nullptr;
  if (simulated == nullptr) return std::nullopt;
  return SimulatedCluster{simulated->text_of("address"),
                          static_cast<std::uint16_t>(simulated->number_of("port"))};
}

}  // namespace wanwise::policy
