#include "tests/integration/kubernetes/control_plane.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>

#include "adapters/kubernetes/auth/kubeconfig.hpp"
#include "adapters/kubernetes/client/client.hpp"
#include "tests/support/run_awaitable.hpp"

namespace wanwise::test {
namespace {

using std::chrono::steady_clock;

const char* const kBin = WANWISE_SOURCE_DIR "/build/kubernetes/bin/";
constexpr std::chrono::seconds kPatience{60};

std::uint16_t free_port() {
  boost::asio::io_context io;
  const boost::asio::ip::tcp::acceptor acceptor{io, {boost::asio::ip::address_v4::loopback(), 0}};
  return acceptor.local_endpoint().port();
}

std::string loopback(const char* scheme, std::uint16_t port) {
  return fmt::format("{}://127.0.0.1:{}", scheme, port);
}

/// Asks every 20 ms; the process that is waited for must live.
void await(Process& process, const char* what, const std::function<bool()>& ready) {
  const auto deadline = steady_clock::now() + kPatience;
  while (!ready()) {
    if (steady_clock::now() > deadline || !process.outlives(std::chrono::milliseconds(20))) {
      const std::string log = process.err();
      throw std::runtime_error(
          fmt::format("{} does not come up: {}", what,
                      log.substr(log.size() - std::min<std::size_t>(2000, log.size()))));
    }
  }
}

bool accepts(std::uint16_t port) {
  boost::asio::io_context io;
  boost::asio::ip::tcp::socket socket{io};
  boost::system::error_code error;
  socket.connect({boost::asio::ip::address_v4::loopback(), port}, error);
  return !error;
}

bool answers(const kubernetes::Access& access, const std::string& path) {
  boost::asio::io_context io;
  const auto client = kubernetes::Client::create(io.get_executor(), access);
  if (!client) throw std::runtime_error(client.error().message);
  kubernetes::Call get;
  get.path = path;
  const auto answer = run_awaitable(io, (*client)->call(get));
  // /readyz says "ok", which is no JSON.
  return answer || answer.error().message.find("no JSON") != std::string::npos;
}

std::string etcd_folder(const std::string& otherwise) {
  // fsync on a slow disk is most of etcd's time; a control plane for a minute needs no disk.
  return ::access("/dev/shm", W_OK) == 0 ? "/dev/shm/wanwise-etcd-" + std::to_string(::getpid())
                                         : otherwise;
}

}  // namespace

std::string ControlPlane::lacking() {
  for (const char* part : {"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"}) {
    if (::access((std::string(kBin) + part).c_str(), X_OK) != 0) {
      return fmt::format("no {}{}: tests/integration/kubernetes/build_plane.sh builds it", kBin,
                         part);
    }
  }
  return {};
}

ControlPlane::ControlPlane(PlaneOptions options)
    : m_options(options),
      m_etcd_port(free_port()),
      m_peer_port(free_port()),
      m_api_port(free_port()) {
  const Ended pki =
      run_to_end({"/bin/bash", WANWISE_SOURCE_DIR "/tests/integration/kubernetes/make_pki.sh",
                  m_folder.file("")});
  if (pki.code != 0) throw std::runtime_error("make_pki.sh: " + pki.err);
  std::ofstream(m_folder.file("tokens.csv")) << "guest-token,guest,1000\nadmin-token,root,1001,"
                                                "\"system:masters\"\n";
  write_kubeconfigs();
  start_etcd();
  start_api();
  if (m_options.controllers) start_controllers();
  if (m_options.scheduler) start_scheduler();
}

void ControlPlane::start_etcd() {
  const std::string folder = etcd_folder(m_folder.file("etcd"));
  std::filesystem::remove_all(folder);
  const std::string peer = loopback("http", m_peer_port);
  const std::string url = loopback("http", m_etcd_port);
  m_etcd.start({std::string(kBin) + "etcd", "--data-dir", folder, "--listen-client-urls", url,
                "--advertise-client-urls", url, "--listen-peer-urls", peer,
                "--initial-advertise-peer-urls", peer, "--initial-cluster", "default=" + peer,
                "--unsafe-no-fsync"});
  await(m_etcd, "etcd", [&] { return accepts(m_etcd_port); });
}

void ControlPlane::start_api() {
  const auto file = [&](const char* name) { return m_folder.file(name); };
  std::vector<std::string> words{std::string(kBin) + "kube-apiserver",
                                 "--etcd-servers=" + loopback("http", m_etcd_port),
                                 "--bind-address=127.0.0.1",
                                 "--advertise-address=127.0.0.1",
                                 "--secure-port=" + std::to_string(m_api_port),
                                 "--endpoint-reconciler-type=none",
                                 "--tls-cert-file=" + file("apiserver.crt"),
                                 "--tls-private-key-file=" + file("apiserver.key"),
                                 "--client-ca-file=" + file("ca.crt"),
                                 "--service-account-issuer=https://kubernetes.default.svc",
                                 "--service-account-key-file=" + file("sa.pub"),
                                 "--service-account-signing-key-file=" + file("sa.key"),
                                 "--service-cluster-ip-range=10.96.0.0/16",
                                 "--authorization-mode=Node,RBAC",
                                 "--token-auth-file=" + file("tokens.csv"),
                                 "--allow-privileged",
                                 "--profiling=false",
                                 "--max-requests-inflight=2000",
                                 "--max-mutating-requests-inflight=1000"};
  if (m_options.node_grace) {
    // Pods leave a lost node 5 s later, not 300 s.
    words.emplace_back("--default-not-ready-toleration-seconds=5");
    words.emplace_back("--default-unreachable-toleration-seconds=5");
  } else {
    // It taints new nodes until a controller, which is off too, finds them ready.
    words.emplace_back("--disable-admission-plugins=TaintNodesByCondition");
  }
  m_api.start(words);
  await(m_api, "kube-apiserver",
        [&] { return accepts(m_api_port) && answers(admin(), "/readyz"); });
}

void ControlPlane::start_controllers() {
  const std::string config = access_file("kcm", "kcm");
  std::vector<std::string> words{std::string(kBin) + "kube-controller-manager",
                                 "--kubeconfig=" + config,
                                 "--port=0",
                                 "--secure-port=0",
                                 "--leader-elect=false",
                                 "--use-service-account-credentials",
                                 "--service-account-private-key-file=" + m_folder.file("sa.key"),
                                 "--root-ca-file=" + m_folder.file("ca.crt"),
                                 "--kube-api-qps=5000",
                                 "--kube-api-burst=10000",
                                 "--concurrent-deployment-syncs=20",
                                 "--concurrent-replicaset-syncs=20"};
  if (m_options.node_grace) {
    words.push_back(fmt::format("--node-monitor-grace-period={}s", m_options.node_grace->count()));
    words.emplace_back("--node-monitor-period=1s");
  } else {
    words.emplace_back("--controllers=*,-nodelifecycle");
  }
  m_controllers.start(words);
  await(m_controllers, "kube-controller-manager",
        [&] { return answers(admin(), "/api/v1/namespaces/default/serviceaccounts/default"); });
}

void ControlPlane::start_scheduler(bool limited) {
  std::vector<std::string> words{std::string(kBin) + "kube-scheduler",
                                 "--kubeconfig=" + access_file("scheduler", "scheduler"),
                                 "--port=0", "--secure-port=0", "--leader-elect=false"};
  if (!limited) {
    words.emplace_back("--kube-api-qps=5000");
    words.emplace_back("--kube-api-burst=10000");
  }
  m_scheduler.start(words);
}

void ControlPlane::stop_scheduler() {
  m_scheduler.kill();
}

void ControlPlane::kill_api() {
  m_api.kill();
}

void ControlPlane::pause_scheduler(bool paused) {
  ::kill(m_scheduler.pid(), paused ? SIGSTOP : SIGCONT);
}

std::string ControlPlane::access_file(const std::string& name, const std::string& user) const {
  const std::string file = m_folder.file(name + ".kubeconfig");
  std::ofstream(file) << fmt::format(
      "apiVersion: v1\nkind: Config\ncurrent-context: plane\n"
      "clusters: [{{name: c, cluster: {{server: \"{0}\", certificate-authority: ca.crt}}}}]\n"
      "users: [{{name: u, user: {{client-certificate: {1}.crt, client-key: {1}.key}}}}]\n"
      "contexts: [{{name: plane, context: {{cluster: c, user: u}}}}]\n",
      loopback("https", m_api_port), user);
  return file;
}

void ControlPlane::write_kubeconfigs() const {
  std::ofstream(kubeconfig()) << fmt::format(
      "apiVersion: v1\nkind: Config\ncurrent-context: plane\n"
      "clusters: [{{name: c, cluster: {{server: \"{}\", certificate-authority: ca.crt}}}}]\n"
      "users:\n- {{name: u, user: {{client-certificate: admin.crt, client-key: admin.key}}}}\n"
      "- {{name: t, user: {{token: admin-token}}}}\n- {{name: g, user: {{token: guest-token}}}}\n"
      "contexts:\n- {{name: plane, context: {{cluster: c, user: u}}}}\n"
      "- {{name: token, context: {{cluster: c, user: t}}}}\n"
      "- {{name: guest, context: {{cluster: c, user: g}}}}\n",
      loopback("https", m_api_port));
}

kubernetes::Access ControlPlane::admin() const {
  return kubernetes::read_kubeconfig(kubeconfig()).value();
}

kubernetes::Access ControlPlane::guest() const {
  return kubernetes::read_kubeconfig(kubeconfig(), "guest").value();
}

}  // namespace wanwise::test
