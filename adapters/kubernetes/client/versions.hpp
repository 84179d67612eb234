// Which version of an API group a server serves: EndpointSlices and PodDisruptionBudgets are v1
// today and v1beta1 on Kubernetes 1.20. Belongs to the client's executor's thread.
// Source: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

#include "adapters/kubernetes/client/client.hpp"

namespace wanwise::kubernetes {

/// The first of `wanted` that the group has, as a path: "/apis/policy/v1". Asked until the
/// deadline. Errors: `version-not-served`, and those of a call.
[[nodiscard]] boost::asio::awaitable<core::Expected<std::string>> served_version(
    std::shared_ptr<Client> client, std::string group, std::vector<std::string> wanted,
    SteadyTime deadline);

}  // namespace wanwise::kubernetes
