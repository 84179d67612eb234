#include "tests/faults/iosxe/rig.hpp"

#include <csignal>

#include "adapters/iosxe/mqc/mqc_read.hpp"
#include "adapters/iosxe/mqc/qos_codec.hpp"
#include "adapters/iosxe/mqc/qos_mqc.hpp"
#include "adapters/iosxe/xml/reply.hpp"
#include "engine/core/check.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::test {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{60};

const char* const kStartup = R"(<native xmlns="http://cisco.com/ns/yang/Cisco-IOS-XE-native">
  <hostname>branch-7</hostname>
  <policy><policy-map xmlns="http://cisco.com/ns/yang/Cisco-IOS-XE-policy"><name>OPERATOR</name>
    <class><name>class-default</name></class></policy-map></policy></native>)";

core::RouterQos blue() {
  core::RouterQos qos = iosxe::samples::site_qos();
  const core::ClassName bulk{"bulk"};
  const core::Dscp cs1{8};
  qos.marking[1] = {bulk, cs1, {iosxe::samples::tcp("192.168.50.30", "203.0.113.10", 21)}};
  std::swap(qos.marking[0], qos.marking[1]);
  qos.wans.pop_back();
  qos.wans[0].shaper = core::Bps{3'000'000};
  qos.wans[0].queues[1] = {bulk, cs1, core::QueueKind::remaining, 20};
  qos.wans[0].default_percent = 80;
  return qos;
}

bool is_ok(const std::string& reply) {
  return reply.find("<ok/>") != std::string::npos;
}

std::string on_target(const std::string& operation, const std::string& datastore) {
  return "<" + operation + "><target><" + datastore + "/></target></" + operation + ">";
}

}  // namespace

const core::RouterQos& qos_named(const std::string& which) {
  static const core::RouterQos kRed = iosxe::samples::site_qos();
  static const core::RouterQos kBlue = blue();
  return which == "red" ? kRed : kBlue;
}

iosxe::Mqc mqc_of(const core::RouterQos& qos) {
  auto mqc = iosxe::to_mqc(qos);
  WANWISE_CHECK(mqc.has_value());
  return *mqc;
}

FaultRig::FaultRig(WriteMode mode) {
  const auto& folder = m_router.folder();
  std::vector<std::string> options = options_of(mode);
  options.insert(options.end(), {"--fault-script", folder.write("faults", ""), "--startup-config",
                                 folder.write("startup.xml", kStartup), "--seconds", "900"});
  const auto ended = m_router.start(options);
  WANWISE_CHECK(!ended.has_value());
}

bool FaultRig::load(const std::vector<std::string>& rules) {
  std::string script;
  for (const std::string& rule : rules) script += rule + "\n";
  (void)m_router.folder().write("faults", script);
  m_router.signal(SIGHUP);
  return m_router.says("fault script read: " + std::to_string(rules.size()) + " rules");
}

bool FaultRig::fires(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    if (!m_router.says(line)) return false;
  }
  return true;
}

bool FaultRig::connect_peer() {
  if (m_peer) return true;
  auto made = NetconfPeer::connect({.port = m_router.port(),
                                    .user = RouterProcess::kUser,
                                    .password = RouterProcess::kPassword,
                                    .private_key = ""});
  if (made.index() == 0) m_peer = std::get<0>(std::move(made));
  return m_peer != nullptr;
}

std::optional<std::string> FaultRig::read_locked() {
  if (!connect_peer()) return std::nullopt;
  const std::string locked = m_peer->rpc(on_target("lock", "running"));
  if (is_ok(locked)) {
    std::string answer = m_peer->rpc("<get-config><source><running/></source></get-config>");
    if (is_ok(m_peer->rpc(on_target("unlock", "running")))) return answer;
  }
  // An answer that did not come in time (a machine that stood still) would be taken for the next.
  if (locked.find("lock-denied") == std::string::npos) m_peer.reset();
  return std::nullopt;
}

std::optional<Held> FaultRig::held() {
  const auto until = steady_clock::now() + kPatience;
  auto answer = read_locked();
  while (!answer && steady_clock::now() < until) answer = read_locked();
  if (!answer) return std::nullopt;
  const auto reply = iosxe::Reply::parse(*answer);
  if (!reply) return std::nullopt;
  Held held{iosxe::read_mqc(reply->data(), iosxe::samples::config()).own, false};
  held.others_untouched = answer->find("<name>OPERATOR</name>") != std::string::npos &&
                          answer->find("<hostname>branch-7</hostname>") != std::string::npos;
  return held;
}

IosxePort* FaultRig::wanwise() {
  if (!m_wanwise) {
    m_wanwise = std::make_unique<IosxePort>(
        loopback_config({m_router.port(), RouterProcess::kUser, m_router.host_key(),
                         RouterProcess::private_key()}));
  }
  return m_wanwise->settles() ? m_wanwise.get() : nullptr;
}

void FaultRig::start_writer(const std::string& which) {
  m_writer.start({WANWISE_FAULT_WRITER, std::to_string(m_router.port()), m_router.host_key(),
                  RouterProcess::kUser, RouterProcess::private_key(), which});
}

}  // namespace wanwise::test
