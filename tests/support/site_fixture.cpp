#include "tests/support/site_fixture.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <csignal>
#include <filesystem>

#include "adapters/http/client.hpp"
#include "adapters/http/json.hpp"
#include "engine/core/check.hpp"
#include "engine/runtime/journal_reader.hpp"

namespace wanwise::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

const std::string kPolicies = WANWISE_SOURCE_DIR "/policies";
/// Between two looks at a file or a status.
constexpr milliseconds kLook{50};

/// A shipped document that no longer has these words would make a test of something else.
void replace(std::string& text, const std::string& words, const std::string& with) {
  const std::size_t at = text.find(words);
  WANWISE_CHECK(at != std::string::npos);
  text.replace(at, words.size(), with);
}

void replace_value(std::string& text, const std::string& key, const std::string& value) {
  const std::size_t at = text.find(key);
  WANWISE_CHECK(at != std::string::npos);
  const std::size_t begin = at + key.size();
  text.replace(begin, text.find('\n', begin) - begin, value);
}

void take(JournalView& view, const runtime::JournalRecord& record) {
  if (const auto* event = std::get_if<core::Event>(&record)) view.events.push_back(*event);
  if (const auto* note = std::get_if<runtime::JournalNote>(&record)) view.notes.push_back(*note);
  if (std::holds_alternative<runtime::JournalTrailer>(record)) view.closed = true;
  if (const auto* step = std::get_if<runtime::StepRecord>(&record)) {
    view.actions.insert(view.actions.end(), step->step.actions.begin(), step->step.actions.end());
  }
}

}  // namespace

std::vector<JournalView::Write> JournalView::writes() const {
  std::vector<Write> found;
  for (const auto& [at, done] : all<core::ActionDone>()) {
    for (const core::Action& action : actions) {
      if (action.id == done.id && std::holds_alternative<core::ApplyQos>(action.body))
        found.push_back({action, at, done});
    }
  }
  return found;
}

// ---- the emulator

void SiteTest::start_router(Words options) {
  Words words = {"-p", kPolicies, "--site", "harbour", "--door-port", "0", "--trace", "constant"};
  words.insert(words.end(), options.begin(), options.end());
  const auto code = m_router.start(words);
  ASSERT_FALSE(code.has_value()) << "exit code " << *code << "\n" << m_router.output();
}

void SiteTest::start_router_again(Words options) {
  m_router.kill();
  Words words = {"-p",          kPolicies,
                 "--site",      "harbour",
                 "--door-port", std::to_string(m_router.door_port()),
                 "--port",      std::to_string(m_router.port()),
                 "--trace",     "constant"};
  words.insert(words.end(), options.begin(), options.end());
  const auto code = m_router.start(words);
  ASSERT_FALSE(code.has_value()) << "exit code " << *code << "\n" << m_router.output();
}

std::unique_ptr<NetconfPeer> SiteTest::peer() const {
  auto connected = NetconfPeer::connect({.port = m_router.port(),
                                         .user = RouterProcess::kUser,
                                         .password = RouterProcess::kPassword,
                                         .private_key = ""});
  if (const auto* why = std::get_if<std::string>(&connected)) {
    ADD_FAILURE() << *why;
    return nullptr;
  }
  return std::get<0>(std::move(connected));
}

std::string SiteTest::running_config() const {
  const auto client = peer();
  if (!client) return {};
  const std::string reply = client->rpc(
      "<get-config><source><running/></source><filter type=\"subtree\">"
      "<native xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-native\"/></filter></get-config>");
  EXPECT_NE(reply.find("<native"), std::string::npos) << reply;
  return reply;
}

// ---- the documents

SiteText SiteTest::site_text() const {
  SiteText text;
  text.netconf_port = m_router.port();
  text.door_port = m_router.door_port();
  text.host_key = m_router.host_key();
  return text;
}

void SiteTest::write_documents(const SiteText& text) {
  namespace fs = std::filesystem;
  const fs::path folder = m_folder.file("documents");
  fs::create_directories(folder);
  fs::copy(kPolicies + "/profiles", folder / "profiles",
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  std::string policy = text_of(kPolicies + "/smart-city.yaml");
  replace(policy, "when-blind: {after: 15s", "when-blind: {after: " + text.blind_after);
  // What was taken away at the start comes back while a test waits.
  replace(policy, "return-after: 12s, min-dwell: 10s", "return-after: 2s, min-dwell: 1s");
  (void)m_folder.write("documents/smart-city.yaml", policy);
  std::string site = text_of(kPolicies + "/sites/harbour.yaml");
  replace_value(site, "    port: ", std::to_string(text.netconf_port));
  replace_value(site, "    host-key: ", "\"" + text.host_key + "\"");
  replace_value(site, "    password: ", "{file: " + m_folder.file("password") + "}");
  replace_value(site, "    period: ",
                std::string("500ms") + (text.save_config ? "\n    save-config: true" : ""));
  if (!text.data_cap.empty()) {
    replace(site, "    probe: 9101", "    data-cap: " + text.data_cap + "\n    probe: 9101");
  }
  if (!text.kubeconfig.empty()) {
    replace(site, "{simulated: {address: 127.0.0.1, port: 7830}}",
            "{kubernetes: {kubeconfig: " + text.kubeconfig + "}}");
  } else if (text.node_metrics.empty()) {
    replace(site, "port: 7830", "port: " + std::to_string(text.door_port));
  } else {
    replace(site, "cluster: {simulated: {address: 127.0.0.1, port: 7830}}\n", "");
    replace(site, "port: FastEthernet0/0/1}",
            "port: FastEthernet0/0/1, metrics: " + text.node_metrics + '}');
  }
  (void)m_folder.write("documents/harbour.yaml", site);
  (void)m_folder.write("password", text.password + "\n");
}

// ---- wanwise

void SiteTest::start_daemon(const Words& options) {
  const std::string ready = m_folder.file("wanwise.json");
  std::filesystem::remove(ready);
  Words words = {WANWISE,        "run",
                 "-p",           m_folder.file("documents"),
                 "--journal",    m_folder.file("journal"),
                 "--api-port",   "0",
                 "--seconds",    "300",  // should the test program die, it does not stay for long
                 "--ready-file", ready};
  words.insert(words.end(), options.begin(), options.end());
  m_daemon.start(words);
  const auto until = steady_clock::now() + kPatience;
  while (!std::filesystem::exists(ready)) {
    ASSERT_TRUE(m_daemon.outlives(milliseconds(5))) << m_daemon.err();
    ASSERT_LT(steady_clock::now(), until) << "no ready file";
  }
  const auto fields = boost::json::parse(text_of(ready)).as_object();
  m_api_port = static_cast<std::uint16_t>(fields.at("api_port").as_int64());
  m_ready_us = fields.at("ready_us").as_int64();
}

void SiteTest::stop_daemon() {
  EXPECT_EQ(m_daemon.stop(SIGTERM), 0) << m_daemon.err();
  EXPECT_EQ(m_daemon.err(), "");
}

Ended SiteTest::wanwise(Words words) const {
  words.insert(words.begin(), WANWISE);
  return run_to_end(words);
}

Ended SiteTest::wanwise_on_site(const std::string& word, const Words& more) const {
  Words words = {word, "-p", m_folder.file("documents")};
  words.insert(words.end(), more.begin(), more.end());
  return wanwise(words);
}

Ended SiteTest::ask(Words words) const {
  words.insert(words.end(), {"--port", std::to_string(m_api_port)});
  return wanwise(words);
}

std::string SiteTest::get(const std::string& path) const {
  const auto body = http::get({.host = "127.0.0.1", .port = m_api_port}, path);
  return body ? *body : std::string{};
}

std::optional<core::Status> SiteTest::status() const {
  auto parsed = http::parse_status(get("/v1/status"));
  return parsed ? std::optional{std::move(*parsed)} : std::nullopt;
}

core::Status SiteTest::wait_for(const std::string& what, const Fits& fits, milliseconds patience) {
  const auto until = steady_clock::now() + patience;
  for (;;) {
    if (auto now = status(); now && fits(*now)) return *now;
    const bool alive = m_daemon.outlives(kLook);
    if (alive && steady_clock::now() < until) continue;
    ADD_FAILURE() << (alive ? "not in time: " : "wanwise ended before: ") << what
                  << "\nstatus: " << get("/v1/status") << "\nstderr: " << m_daemon.err();
    return {};
  }
}

core::Status SiteTest::wait_until_all_is_well() {
  return wait_for("all is well", [](const core::Status& status) {
    // An old box that knows no subscriptions is well: it is polled.
    const bool nothing_lacks =
        std::all_of(status.degradations.begin(), status.degradations.end(),
                    [](const core::Degradation& d) { return d.code == "push-refused"; });
    return status.started && nothing_lacks && all_placed(status) &&
           std::all_of(status.routers.begin(), status.routers.end(), [](const auto& router) {
             return router.connected && router.qos_in_place && !router.change_in_flight;
           });
  });
}

core::Degradation SiteTest::wait_for_degradation(const std::string& code, const std::string& part) {
  const core::Status status = wait_for(
      "degradation " + code + " " + part,
      [&](const core::Status& now) { return find_degradation(now, code, part) != nullptr; });
  const core::Degradation* found = find_degradation(status, code, part);
  return found != nullptr ? *found : core::Degradation{};
}

JournalView SiteTest::journal() const {
  JournalView view;
  auto reader = runtime::JournalReader::open(m_folder.file("journal"));
  if (!reader) {
    ADD_FAILURE() << reader.error().message;
    return view;
  }
  for (;;) {
    const auto record = reader->next();
    if (!record) {
      ADD_FAILURE() << record.error().message;
      return view;
    }
    if (!*record) return view;
    take(view, **record);
  }
}

void SiteTest::TearDown() {
  if (!HasFailure()) return;
  std::fprintf(stderr, "router said:\n%s\nwanwise said:\n%s%s\n", m_router.output().c_str(),
               m_daemon.out().c_str(), m_daemon.err().c_str());
}

// ---- looking things up

const core::Degradation* find_degradation(const core::Status& status, const std::string& code,
                                          const std::string& part) {
  for (const core::Degradation& degradation : status.degradations) {
    if (degradation.code == code && degradation.detail.find(part) != std::string::npos)
      return &degradation;
  }
  return nullptr;
}

bool all_placed(const core::Status& status) {
  return !status.workloads.empty() &&
         std::all_of(status.workloads.begin(), status.workloads.end(), [](const auto& workload) {
           return workload.target.has_value() && !workload.moving;
         });
}

bool has_whole_qos(const std::string& config) {
  const auto has = [&](const std::string& words) {
    return config.find(words) != std::string::npos;
  };
  for (const char* name : {"REALTIME", "VIDEO", "ANALYTICS", "BULK"}) {
    const std::string tail = std::string(name) + "</name>";
    if (!has("WANWISE-ACL-" + tail) || !has("WANWISE-CM-" + tail) ||
        !has("WANWISE-CM-" + std::string(name) + "-IN</name>"))
      return false;
  }
  return has("<input>WANWISE-PM-MARK-IN</input>") && has("<output>WANWISE-PM-LTE</output>") &&
         has("WANWISE-PM-LTE-CHILD</");
}

bool has_no_qos(const std::string& config) {
  return config.find("<native") != std::string::npos && config.find("WANWISE") == std::string::npos;
}

}  // namespace wanwise::test
