#include "adapters/iosxe/survey/survey.hpp"

#include <memory>
#include <utility>

#include "adapters/iosxe/mqc/qos_codec.hpp"
#include "adapters/iosxe/provision/probe_numbers.hpp"
#include "adapters/iosxe/read/feeds.hpp"
#include "adapters/iosxe/release/yang_library.hpp"
#include "adapters/iosxe/session/ask.hpp"
#include "adapters/iosxe/survey/examiner.hpp"

namespace wanwise::iosxe {
namespace asio = boost::asio;
namespace {

constexpr const char* kLockRunning = "<lock><target><running/></target></lock>";
constexpr const char* kUnlockRunning = "<unlock><target><running/></target></unlock>";

/// Asks one thing after the other; once the session is lost, everything else stays unknown.
class Survey {
 public:
  Survey(std::shared_ptr<Session> session, Hello hello, const RouterConfig& config,
         Deadline deadline)
      : m_session(std::move(session)), m_hello(hello), m_config(config), m_deadline(deadline) {}

  /// `connected_at`: when the session began, by this machine's clock.
  asio::awaitable<std::vector<Finding>> run(std::chrono::system_clock::time_point connected_at) {
    m_findings.push_back(
        {"NETCONF session", Health::pass, "host key, login and hello are right", ""});
    m_findings.push_back(datastore_finding(m_hello));
    co_await check_write_access();
    const FeatureSet features = co_await find_features();
    const auto own_session = co_await get(get_own_session(m_hello));
    if (own_session) m_findings.push_back(clock_finding(own_session->data(), connected_at));
    const auto limits = co_await get(get_subscription_limits());
    if (limits)
      m_findings.push_back(
          subscription_finding(m_hello, limits->data(), feeds_of(m_config, features).size()));
    const auto sessions = co_await get(get_packet_sessions(m_config, features));
    if (sessions) add(packet_session_findings(sessions->data(), m_config));
    const RouterConfig there = co_await as_numbered_there();
    const auto probes = co_await get(get_probe_results(there));
    if (probes) add(probe_findings(probes->data(), there));
    co_return std::move(m_findings);
  }

 private:
  void add(std::vector<Finding> findings) {
    for (Finding& finding : findings) m_findings.push_back(std::move(finding));
  }

  /// Which release, by its modules; and what this site would want of it and does not get.
  asio::awaitable<FeatureSet> find_features() {
    ModuleRevisions modules;
    for (const LibraryTree tree : {LibraryTree::modules_state, LibraryTree::yang_library}) {
      const auto library = co_await get(get_library(tree));
      if (library && !library->failed()) modules = read_library(library->data());
      if (!modules.empty()) break;
    }
    const FeatureSet features = modules.empty() ? FeatureSet{} : FeatureSet{modules};
    if (m_lost) co_return features;
    add(feature_findings(modules, features, m_config));
    co_return features;
  }

  /// A measurement may have another number on the router than in the site.
  asio::awaitable<RouterConfig> as_numbered_there() {
    const auto names = name_table(m_config);
    const auto running = co_await get(get_config("running"));
    if (!names || !running) co_return m_config;
    co_return as_the_router_numbers(m_config, observe(running->data(), m_config, *names).own);
  }

  asio::awaitable<void> check_write_access() {
    const auto locked = co_await get(kLockRunning);
    if (!locked) co_return;
    m_findings.push_back(write_access_finding(*locked));
    if (!locked->failed()) (void)co_await get(kUnlockRunning);
  }

  asio::awaitable<std::optional<Reply>> get(std::string request) {
    if (m_lost || request.empty()) co_return std::nullopt;
    auto reply = co_await ask(*m_session, std::move(request), m_deadline);
    if (reply) co_return std::move(*reply);
    m_lost = true;
    m_findings.push_back({"NETCONF session", Health::fail,
                          "lost during the survey: " + reply.error().message,
                          "see the router's log (show logging)"});
    co_return std::nullopt;
  }

  std::shared_ptr<Session> m_session;
  Hello m_hello;
  const RouterConfig& m_config;
  Deadline m_deadline;
  std::vector<Finding> m_findings;
  bool m_lost = false;
};

}  // namespace

asio::awaitable<std::vector<Finding>> survey(
    SessionFactory factory, const RouterConfig& config, Deadline deadline,
    std::chrono::system_clock::time_point (*wall_clock)()) {
  const std::shared_ptr<Session> session =
      factory(co_await asio::this_coro::executor, config.access, {});
  const auto hello = co_await session->connect(deadline);
  std::vector<Finding> findings;
  if (!hello) {
    findings.push_back(session_failed(hello.error()));
  } else {
    Survey survey{session, *hello, config, deadline};
    findings = co_await survey.run(wall_clock());
  }
  session->close();
  co_return findings;
}

}  // namespace wanwise::iosxe
