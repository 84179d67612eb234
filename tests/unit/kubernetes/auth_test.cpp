// kubeconfig files and service accounts -> access.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "adapters/kubernetes/auth/in_cluster.hpp"
#include "adapters/kubernetes/auth/kubeconfig.hpp"
#include "adapters/kubernetes/auth/server_url.hpp"
#include "tests/support/temporary_folder.hpp"

namespace wanwise::test {
namespace {

using kubernetes::Access;
using kubernetes::in_cluster;
using kubernetes::parse_kubeconfig;
using kubernetes::PodSurroundings;
using kubernetes::read_kubeconfig;
using kubernetes::set_server;
using ::testing::HasSubstr;

/// As k3s writes it to /etc/rancher/k3s/k3s.yaml, with a second context.
const char* const kConfig = R"(apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: Q0EgUEVN
    server: https://127.0.0.1:6443
  name: default
- cluster:
    server: https://[2001:db8::1]:8443/k8s/clusters/c-1/
    tls-server-name: cloud.example
  name: cloud
contexts:
- context:
    cluster: default
    user: default
  name: default
- context:
    cluster: cloud
    namespace: vision
    user: bearer
  name: cloud
current-context: default
kind: Config
preferences: {}
users:
- name: default
  user:
    client-certificate-data: Q0VSVA==
    client-key-data: S0VZ
- name: bearer
  user:
    token: secret
)";

std::string with(std::string text, const std::string& from, const std::string& to) {
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST(Kubeconfig, TheCurrentContextIsTakenByDefault) {
  const auto access = parse_kubeconfig(kConfig, "k3s.yaml");
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->host, "127.0.0.1");
  EXPECT_EQ(access->port, 6443);
  EXPECT_EQ(access->ca_pem, "CA PEM");
  ASSERT_TRUE(access->key_pair);
  EXPECT_EQ(access->key_pair->certificate_pem, "CERT");
  EXPECT_EQ(access->key_pair->key_pem, "KEY");
  EXPECT_EQ(access->name_space, "default");
}

TEST(Kubeconfig, AnotherContextBringsItsClusterUserAndNamespace) {
  const auto access = parse_kubeconfig(kConfig, "k3s.yaml", "cloud");
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->host, "2001:db8::1");
  EXPECT_EQ(access->port, 8443);
  EXPECT_EQ(access->base_path, "/k8s/clusters/c-1");
  EXPECT_EQ(access->server_name, "cloud.example");
  EXPECT_EQ(access->token, "secret");
  EXPECT_EQ(access->name_space, "vision");
  EXPECT_TRUE(access->ca_pem.empty());
}

TEST(Kubeconfig, FilesAreRelativeToItsFolder) {
  const TemporaryFolder folder;
  std::ofstream(folder.file("ca.pem")) << "from file";
  std::ofstream(folder.file("config")) << with(
      with(kConfig, "certificate-authority-data: Q0EgUEVN", "certificate-authority: ca.pem"),
      "token: secret", "tokenFile: token");
  const auto access = read_kubeconfig(folder.file("config"));
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->ca_pem, "from file");
  const auto cloud = read_kubeconfig(folder.file("config"), "cloud");
  ASSERT_TRUE(cloud) << cloud.error().message;
  EXPECT_EQ(std::filesystem::path(cloud->token_file).filename(), "token");
  EXPECT_TRUE(std::filesystem::path(cloud->token_file).is_absolute());
}

TEST(Kubeconfig, WhatCanNotBeUsedIsToldWithFileAndLine) {
  struct Case {
    std::string from, to, code, words;
  };
  const std::vector<Case> cases{
      {"current-context: default", "current-context: none", "unknown-context",
       "no context \"none\" (allowed: default, cloud)"},
      {"token: secret", "exec: {command: aws}", "kubeconfig-unsupported", "k3s.yaml:31: exec"},
      {"token: secret", "auth-provider: {name: gcp}", "kubeconfig-unsupported", "auth-provider"},
      {"tls-server-name: cloud.example", "insecure-skip-tls-verify: true", "kubeconfig-unsupported",
       "insecure-skip-tls-verify"},
      {"tls-server-name: cloud.example", "proxy-url: http://p", "kubeconfig-unsupported",
       "proxy-url"},
      {"user: bearer", "user: nobody", "kubeconfig-invalid", "no user \"nobody\""},
      {"https://[", "http://[", "bad-server-url", "not https"},
      {"tls-server-name: cloud.example", "certificate-authority: none.pem", "kubeconfig-invalid",
       "can not read"},
      {"token: secret", "client-certificate-data: Q0VSVA==", "kubeconfig-invalid", "go together"},
      {"kind: Config", "kind: [", "kubeconfig-invalid", "k3s.yaml:"},
  };
  for (const Case& one : cases) {
    const std::string context = one.from.starts_with("current") ? "" : "cloud";
    const auto access = parse_kubeconfig(with(kConfig, one.from, one.to), "k3s.yaml", context);
    ASSERT_FALSE(access) << one.to;
    EXPECT_EQ(access.error().code, one.code) << access.error().message;
    EXPECT_THAT(access.error().message, HasSubstr(one.words));
  }
  EXPECT_EQ(parse_kubeconfig("- 1", "f").error().code, "kubeconfig-invalid");
  EXPECT_EQ(parse_kubeconfig("", "f").error().code, "kubeconfig-invalid");
  EXPECT_EQ(read_kubeconfig("/none/such").error().code, "kubeconfig-unreadable");
}

TEST(Kubeconfig, ServersAreHttpsUrls) {
  Access access;
  ASSERT_TRUE(set_server(access, "https://api.example"));
  EXPECT_EQ(access.port, 443);
  EXPECT_EQ(access.base_path, "");
  for (const char* wrong : {"", "api.example", "https://", "https://a:0", "https://a:65536",
                            "https://a:x", "https://[::1", "https://u@a", "https://a/?q"}) {
    EXPECT_FALSE(set_server(access, wrong)) << wrong;
  }
}

TEST(InCluster, TheServiceAccountsFilesAndEnvironmentAreTaken) {
  const TemporaryFolder folder;
  std::ofstream(folder.file("token")) << "t";
  std::ofstream(folder.file("ca.crt")) << "ca";
  std::ofstream(folder.file("namespace")) << "edge";
  std::map<std::string, std::string> environment{{"KUBERNETES_SERVICE_HOST", "10.43.0.1"},
                                                 {"KUBERNETES_SERVICE_PORT", "6443"}};
  PodSurroundings pod;
  pod.folder = std::filesystem::path(folder.file("token")).parent_path().string();
  pod.environment = [&](const char* name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    if (found == environment.end()) return std::nullopt;
    return found->second;
  };
  const auto access = in_cluster(pod);
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->host, "10.43.0.1");
  EXPECT_EQ(access->port, 6443);
  EXPECT_EQ(access->name_space, "edge");
  EXPECT_EQ(access->ca_pem, "ca");
  environment.erase("KUBERNETES_SERVICE_HOST");
  EXPECT_EQ(in_cluster(pod).error().code, "not-in-cluster");
}

}  // namespace
}  // namespace wanwise::test
