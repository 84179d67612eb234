// YAML documents -> checked core::Model and access data, or every diagnostic at once. The only
// place, with its .cpp files, where yaml-cpp and libyang are used on user input. Pure but for
// read_documents(); any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/expected.hpp"
#include "engine/core/model.hpp"

namespace wanwise::policy {

/// One YAML text and where it came from. A file may hold several documents separated by `---`.
struct SourceText {
  std::string file;
  std::string text;
};

enum class Severity : std::uint8_t {
  error,    ///< the document cannot be used
  warning,  ///< it can, but not all of it does what it says
};

/// What is wrong, where, and what would be right. Printed as `file:line:col: path: message
/// (allowed: …)`, a warning with `warning: ` before the path.
struct Diagnostic {
  std::string file;
  int line = 0;      ///< 1-based; 0: the file as a whole
  int column = 0;    ///< 1-based
  std::string path;  ///< "workloads[collision-avoidance]/objective/p99"
  std::string message;
  std::string allowed;  ///< empty: nothing to add
  Severity severity = Severity::error;
  bool operator==(const Diagnostic&) const = default;
};

std::string to_string(const Diagnostic& diagnostic);

/// A secret by reference: never in the YAML itself.
struct SecretRef {
  enum class From : std::uint8_t { file, environment };
  From from = From::file;
  std::string name;  ///< path of the file, or name of the variable
};

/// Which library speaks NETCONF with a router.
enum class NetconfStack : std::uint8_t { libssh, libnetconf2 };

/// How to reach a router's NETCONF server.
struct RouterAccess {
  core::RouterName router;
  std::string host;
  std::uint16_t port = 830;
  std::string user;
  std::string host_key;  ///< "SHA256:base64", as ssh-keygen -l prints it
  std::optional<SecretRef> password;
  std::optional<std::string> private_key_file;
  core::Micros period = core::seconds(1);  ///< of telemetry
  bool save_config = false;                ///< keep changes over a reload of the router
  bool legacy_algorithms = false;          ///< SHA-1 and CBC too, for a router without better ones
  NetconfStack netconf_stack = NetconfStack::libssh;
};

/// Where the simulated site's door listens (sim/door).
struct SimulatedCluster {
  std::string host;
  std::uint16_t port = 0;
};

/// In whose metric names an endpoint tells what it knows.
enum class MetricsDialect : std::uint8_t { tegrastats, dcgm, triton };

/// One page in the Prometheus text format that tells about a node.
struct MetricsEndpoint {
  struct Model {
    core::WorkloadName workload;
    std::string model;  ///< its name on the inference server
  };

  std::string url;  ///< "http://192.168.50.20:9100/metrics"
  MetricsDialect dialect = MetricsDialect::tegrastats;
  bool speaks_for_node = true;            ///< its answer means that the node is up
  std::optional<std::string> token_file;  ///< holds a bearer token
  std::vector<Model> models;              ///< of dialect triton; by workload as written
};

/// How a node's metrics are read.
struct NodeScrape {
  core::TargetName node;
  core::Micros period;
  core::Micros deadline;                        ///< of one scrape; at most the period
  std::optional<std::int32_t> throttles_at_c;   ///< from this temperature on its clocks are lowered
  core::Ppm throttled_slowdown = core::kWhole;  ///< then, unless the clocks themselves are told
  std::vector<MetricsEndpoint> endpoints;       ///< as written, at least one speaks for the node
};

/// How to reach the API server of the cluster that runs the workloads, and which of its nodes are
/// which cloud; a node of the site is the cluster's node of that name.
struct KubernetesAccess {
  struct CloudNodes {
    core::TargetName cloud;
    std::string label;  ///< "key=value", of its nodes
  };
  std::string kubeconfig;  ///< file; empty: the service account of the pod that wanwise runs in
  std::string context;     ///< empty: the file's current one
  std::vector<CloudNodes> clouds{};  ///< by name, one for each of the site's
  bool binds_pods = false;           ///< it is a scheduler too, for spec.schedulerName: wanwise
};

/// One site with the policy that applies to it: what one engine runs.
struct SiteBundle {
  core::Model model;
  std::vector<RouterAccess> routers;           ///< by name, one for each of the model's
  std::vector<NodeScrape> scrapes;             ///< by node, of the nodes that have metrics
  std::optional<SimulatedCluster> simulated;   ///< excludes `kubernetes`
  std::optional<KubernetesAccess> kubernetes;  ///< neither: no cluster configured
};

struct Loaded {
  std::vector<SiteBundle> sites;     ///< by site name
  std::vector<Diagnostic> warnings;  ///< in order of file, line and column
};

/// What load() makes of rules that can never be met (reason/reason.hpp).
enum class Reasoning : std::uint8_t {
  refuse,  ///< errors
  advise,  ///< warnings: a study may be about just that, or change the site before it runs
  off,     ///< not asked: a journal's documents were in force, whatever is thought of them now
};

/// Files as given; a folder stands for its *.yaml files, sorted, and those of its `sites/` and
/// `profiles/` folders.
[[nodiscard]] core::Expected<std::vector<SourceText>, std::vector<Diagnostic>> read_documents(
    const std::vector<std::string>& paths);

/// All or nothing: either every document is right, or all diagnostics, at least one of them an
/// error, in order of file, line and column. `schema_dir` holds our yang/wanwise-*.yang modules.
[[nodiscard]] core::Expected<Loaded, std::vector<Diagnostic>> load(
    const std::vector<SourceText>& texts, const std::string& schema_dir,
    Reasoning reasoning = Reasoning::refuse);

}  // namespace wanwise::policy
