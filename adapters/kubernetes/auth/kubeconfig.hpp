// kubeconfig files as kubectl, k3s and cloud vendors write them -> Access. The reader is lenient
// where kubectl is: keys it does not know are left alone. Reads files; any thread.
// Source: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
#pragma once

#include <string>

#include "adapters/kubernetes/auth/access.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::kubernetes {

/// A kubeconfig with many clusters is some ten kilobytes.
inline constexpr std::size_t kMaxKubeconfigBytes = 1 << 20;

/// The access of `context`; empty: of the file's current-context. Files that it names are relative
/// to its folder, and are read now but for tokenFile. Errors: `kubeconfig-unreadable`,
/// `kubeconfig-invalid` (with line), `unknown-context` (with those there are),
/// `kubeconfig-unsupported` (exec and auth-provider plugins, user and password, proxy-url,
/// insecure-skip-tls-verify), `bad-server-url`.
[[nodiscard]] core::Expected<Access> read_kubeconfig(const std::string& file,
                                                     const std::string& context = {});

/// The same of a text; `file` is for messages and relative paths.
[[nodiscard]] core::Expected<Access> parse_kubeconfig(const std::string& text,
                                                      const std::string& file,
                                                      const std::string& context = {});

}  // namespace wanwise::kubernetes
