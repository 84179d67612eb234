// The access that Kubernetes gives a pod: its service account. Reads the environment and files;
// any thread. Source: https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "adapters/kubernetes/auth/access.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::kubernetes {

/// Where a pod finds it; a test brings its own.
struct PodSurroundings {
  std::string folder = "/var/run/secrets/kubernetes.io/serviceaccount";
  std::function<std::optional<std::string>(const char* name)> environment;  ///< empty: getenv
};

/// Error: `not-in-cluster`, which names what is missing.
[[nodiscard]] core::Expected<Access> in_cluster(const PodSurroundings& pod = {});

}  // namespace wanwise::kubernetes
