#include "adapters/kubernetes/auth/kubeconfig.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <optional>
#include <utility>

#include "adapters/kubernetes/auth/files.hpp"
#include "adapters/kubernetes/auth/server_url.hpp"

namespace wanwise::kubernetes {
namespace {

using core::Expected;

/// One kubeconfig under reading: its nodes and how its mistakes are told.
class Reader {
 public:
  Reader(YAML::Node root, std::string file) : m_root(std::move(root)), m_file(std::move(file)) {}

  Expected<Access> access(std::string context_name) const {
    if (!m_root.IsMap()) return invalid(m_root, "not a mapping");
    if (context_name.empty()) context_name = text(m_root["current-context"]);
    const auto context = named("contexts", "context", context_name, "unknown-context");
    if (!context) return core::Unexpected{context.error()};
    const auto cluster = named("clusters", "cluster", text((*context)["cluster"]));
    if (!cluster) return core::Unexpected{cluster.error()};
    Access access;
    if (const auto read = read_cluster(*cluster, access); !read) {
      return core::Unexpected{read.error()};
    }
    if (const std::string user = text((*context)["user"]); !user.empty()) {
      const auto found = named("users", "user", user);
      if (!found) return core::Unexpected{found.error()};
      if (const auto read = read_user(*found, access); !read) return core::Unexpected{read.error()};
    }
    const std::string name_space = text((*context)["namespace"]);
    if (!name_space.empty()) access.name_space = name_space;
    return access;
  }

 private:
  static std::string text(const YAML::Node& node) {
    return node && node.IsScalar() ? node.Scalar() : std::string{};
  }
  core::Unexpected<core::Error> invalid(const YAML::Node& node, std::string_view what) const {
    return core::fail("kubeconfig-invalid",
                      fmt::format("{}:{}: {}", m_file, node ? node.Mark().line + 1 : 1, what));
  }
  core::Unexpected<core::Error> unsupported(const YAML::Node& node, std::string_view what,
                                            std::string_view instead) const {
    return core::fail("kubeconfig-unsupported", fmt::format("{}:{}: {} (allowed: {})", m_file,
                                                            node.Mark().line + 1, what, instead));
  }

  /// The `kind` of the entry of that name in a list of {name, kind}.
  Expected<YAML::Node> named(const char* list, const char* kind, const std::string& name,
                             const char* code = "kubeconfig-invalid") const {
    const YAML::Node entries = m_root[list];
    std::string known;
    if (entries && entries.IsSequence()) {
      for (const YAML::Node& entry : entries) {
        if (!entry.IsMap()) return invalid(entry, "not a mapping");
        const std::string found = text(entry["name"]);
        if (found == name && entry[kind] && entry[kind].IsMap()) return YAML::Node(entry[kind]);
        known += (known.empty() ? "" : ", ") + found;
      }
    }
    return core::fail(code, fmt::format("{}: no {} \"{}\" (allowed: {})", m_file, kind, name,
                                        known.empty() ? "none is there" : known));
  }

  /// The PEM text of `key` or `key`-data; nothing when neither is there.
  Expected<std::optional<std::string>> pem(const YAML::Node& node, const std::string& key) const {
    using Pem = std::optional<std::string>;
    if (const YAML::Node data = node[key + "-data"]; !text(data).empty()) {
      auto decoded = decode_base64(text(data));
      if (!decoded) return invalid(data, key + "-data is not base64");
      return Pem{std::move(decoded)};
    }
    const YAML::Node path = node[key];
    if (text(path).empty()) return Pem{};
    const std::string file = beside(text(path));
    auto read = read_file(file, kMaxKubeconfigBytes);
    if (!read) return invalid(path, fmt::format("{}: can not read {}", key, file));
    return Pem{std::move(read)};
  }
  std::string beside(const std::string& path) const {
    return (std::filesystem::path(m_file).parent_path() / path).string();
  }

  Expected<void> read_cluster(const YAML::Node& cluster, Access& access) const {
    if (text(cluster["insecure-skip-tls-verify"]) == "true") {
      return unsupported(cluster["insecure-skip-tls-verify"], "insecure-skip-tls-verify",
                         "certificate-authority or certificate-authority-data");
    }
    if (!text(cluster["proxy-url"]).empty()) {
      return unsupported(cluster["proxy-url"], "proxy-url", "a server that is reached directly");
    }
    if (const auto set = set_server(access, text(cluster["server"])); !set) {
      return core::fail(set.error().code, fmt::format("{}:{}: {}", m_file, cluster.Mark().line + 1,
                                                      set.error().message));
    }
    access.server_name = text(cluster["tls-server-name"]);
    const auto ca = pem(cluster, "certificate-authority");
    if (!ca) return core::Unexpected{ca.error()};
    access.ca_pem = ca->value_or("");
    return {};
  }

  Expected<void> read_user(const YAML::Node& user, Access& access) const {
    for (const char* key : {"exec", "auth-provider", "username", "as"}) {
      if (user[key]) return unsupported(user[key], key, "token, tokenFile, client-certificate");
    }
    const auto certificate = pem(user, "client-certificate");
    if (!certificate) return core::Unexpected{certificate.error()};
    const auto key = pem(user, "client-key");
    if (!key) return core::Unexpected{key.error()};
    if (certificate->has_value() != key->has_value()) {
      return invalid(user, "client-certificate and client-key go together");
    }
    if (*certificate) access.key_pair = KeyPair{**certificate, **key};
    access.token = text(user["token"]);
    if (const std::string file = text(user["tokenFile"]); !file.empty() && access.token.empty()) {
      access.token_file = beside(file);
    }
    return {};
  }

  YAML::Node m_root;
  std::string m_file;
};

}  // namespace

Expected<Access> parse_kubeconfig(const std::string& text, const std::string& file,
                                  const std::string& context) {
  try {
    return Reader{YAML::Load(text), file}.access(context);
  } catch (const YAML::Exception& wrong) {
    return core::fail("kubeconfig-invalid",
                      fmt::format("{}:{}: {}", file, wrong.mark.line + 1, wrong.msg));
  }
}

Expected<Access> read_kubeconfig(const std::string& file, const std::string& context) {
  const auto text = read_file(file, kMaxKubeconfigBytes);
  if (!text) {
    return core::fail(
        "kubeconfig-unreadable",
        fmt::format("{}: can not be read, or longer than {} bytes", file, kMaxKubeconfigBytes));
  }
  return parse_kubeconfig(*text, file, context);
}

}  // namespace wanwise::kubernetes
