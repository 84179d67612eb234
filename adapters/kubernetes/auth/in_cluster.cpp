#include "adapters/kubernetes/auth/in_cluster.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>

#include "adapters/kubernetes/auth/files.hpp"

namespace wanwise::kubernetes {
namespace {

constexpr std::size_t kMaxFile = 1 << 20;

std::optional<std::string> process_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>{value};
}

core::Unexpected<core::Error> missing(const std::string& what) {
  return core::fail("not-in-cluster",
                    what + ": missing or wrong; a pod with a service account has it");
}

}  // namespace

core::Expected<Access> in_cluster(const PodSurroundings& pod) {
  const auto& environment = pod.environment ? pod.environment : process_environment;
  Access access;
  const auto host = environment("KUBERNETES_SERVICE_HOST");
  if (!host || host->empty()) return missing("environment KUBERNETES_SERVICE_HOST");
  access.host = *host;
  const std::string port = environment("KUBERNETES_SERVICE_PORT").value_or("443");
  const auto [end, wrong] = std::from_chars(port.data(), port.data() + port.size(), access.port);
  if (wrong != std::errc{} || end != port.data() + port.size() || access.port == 0) {
    return missing("environment KUBERNETES_SERVICE_PORT");
  }
  access.token_file = pod.folder + "/token";
  if (!read_file(access.token_file, kMaxFile)) return missing(access.token_file);
  const auto ca = read_file(pod.folder + "/ca.crt", kMaxFile);
  if (!ca) return missing(pod.folder + "/ca.crt");
  access.ca_pem = *ca;
  if (const auto name = read_file(pod.folder + "/namespace", kMaxFile); name && !name->empty()) {
    access.name_space = *name;
  }
  return access;
}

}  // namespace wanwise::kubernetes
