// The client and the reflector against a real API server.
#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>
#include <fstream>
#include <map>

#include "adapters/kubernetes/api/json_read.hpp"
#include "adapters/kubernetes/watch/reflector.hpp"
#include "tests/integration/kubernetes/plane_fixture.hpp"

namespace wanwise::test {
namespace {

namespace json = boost::json;
using kubernetes::Access;
using kubernetes::Call;
using kubernetes::Client;
using kubernetes::Collection;
using kubernetes::Mirror;
using kubernetes::Reflector;
using kubernetes::string_at;
using kubernetes::Verb;
using ::testing::HasSubstr;

/// Names and a data value of ConfigMaps.
class Names final : public Mirror {
 public:
  void list_begins() override { m_listed.clear(); }
  void put(const json::value& object) override {
    const std::string name{string_at(object, {"metadata", "name"})};
    m_listed.insert(name);
    values[name] = std::string{string_at(object, {"data", "v"})};
  }
  void removed(const json::value& object) override {
    values.erase(std::string{string_at(object, {"metadata", "name"})});
  }
  void list_ends() override {
    std::erase_if(values, [&](const auto& entry) { return !m_listed.contains(entry.first); });
    ++lists;
  }
  void broken(const core::Error& why) override { errors.push_back(why); }
  void followed() override { ++follows; }

  std::map<std::string, std::string> values;
  std::vector<core::Error> errors;
  int lists = 0;
  int follows = 0;

 private:
  std::set<std::string> m_listed;
};

class KubernetesClient : public PlaneTest {
 protected:
  [[nodiscard]] std::string config_maps() const {
    return "/api/v1/namespaces/" + m_namespace + "/configmaps";
  }
  void put(const std::string& name, const std::string& value = "1") {
    create(config_maps(), R"({"metadata":{"name":")" + name +
                              R"(","labels":{"of":"test"}},"data":{"v":")" + value + "\"}}");
  }
  core::Error error_of(const Access& access, Call what) {
    const auto client = Client::create(m_io.get_executor(), access);
    if (!client) return client.error();
    const auto answer = run_awaitable(m_io, (*client)->call(std::move(what)));
    (*client)->stop();
    return answer ? core::Error{"none", "answered"} : answer.error();
  }
  Call get_nodes() {
    Call call;
    call.path = "/api/v1/nodes";
    return call;
  }
  void follow(const std::shared_ptr<Client>& client) {
    m_reflector.emplace(client, Collection{config_maps(), "of=test", ""}, m_names);
    boost::asio::co_spawn(m_io, m_reflector->run(), [this](const std::exception_ptr& thrown) {
      EXPECT_FALSE(thrown);
      m_ended = true;
    });
  }
  void TearDown() override {
    if (m_reflector) {
      m_reflector->stop();
      EXPECT_TRUE(until([&] { return m_ended; }));
    }
    PlaneTest::TearDown();
  }

  Names m_names;
  std::optional<Reflector> m_reflector;
  bool m_ended = false;
};

TEST_F(KubernetesClient, CertificateTokenAndTokenFileAreTaken) {
  EXPECT_EQ(error_of(plane().admin(), get_nodes()).code, "none");
  Access token = plane().admin();
  token.key_pair.reset();
  token.token_file = plane().file("token");
  std::ofstream(token.token_file) << "admin-token\n";
  EXPECT_EQ(error_of(token, get_nodes()).code, "none");
}

TEST_F(KubernetesClient, ATokenFileIsReadAgainWhenItIsRotated) {
  Access access = plane().admin();
  access.key_pair.reset();
  access.token_file = plane().file("rotated");
  std::ofstream(access.token_file) << "expired-token";
  const auto client = *Client::create(m_io.get_executor(), access);
  const auto before = run_awaitable(m_io, client->call(get_nodes()));
  ASSERT_FALSE(before);
  EXPECT_EQ(before.error().code, "unauthorized");
  std::ofstream(access.token_file) << "admin-token";
  EXPECT_TRUE(run_awaitable(m_io, client->call(get_nodes())));
  client->stop();
}

TEST_F(KubernetesClient, RefusalsCarryTheServersWords) {
  const core::Error denied = error_of(plane().guest(), get_nodes());
  EXPECT_EQ(denied.code, "forbidden");
  EXPECT_THAT(denied.message, HasSubstr("\"guest\" cannot list resource \"nodes\""));
  put("one");
  const auto again =
      call(Call{Verb::create, config_maps(), json::parse(R"({"metadata":{"name":"one"}})")});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "already-exists");
  const auto none = get("/configmaps/none");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, "not-found");
  const auto stale =
      call(Call{Verb::replace, config_maps() + "/one",
                json::parse(R"({"metadata":{"name":"one","resourceVersion":"1"}})")});
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().code, "conflict");
  const auto wrong =
      call(Call{Verb::create, config_maps(), json::parse(R"({"metadata":{"name":"Not A Name"}})")});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, "invalid");
}

TEST_F(KubernetesClient, AFieldThatSomebodyElseOwnsIsAConflictThatNamesHim) {
  put("shared", "theirs");
  const auto applied = call(Call{Verb::apply, config_maps() + "/shared?fieldManager=wanwise",
                                 json::parse(R"({"apiVersion":"v1","kind":"ConfigMap",
                                                 "metadata":{"name":"shared"},
                                                 "data":{"v":"ours"}})")});
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().code, "field-conflict");
  EXPECT_THAT(applied.error().message, HasSubstr("wanwise"));
  EXPECT_THAT(applied.error().message, HasSubstr(".data.v"));
}

TEST_F(KubernetesClient, AServerThatIsNotTrustedIsRefused) {
  Access strange = plane().admin();
  strange.ca_pem = text_of(plane().file("stranger.crt"));
  EXPECT_EQ(error_of(strange, get_nodes()).code, "tls-refused");
  Access misnamed = plane().admin();
  misnamed.server_name = "other.test";
  const core::Error refused = error_of(misnamed, get_nodes());
  EXPECT_EQ(refused.code, "tls-refused");
  EXPECT_THAT(refused.message, HasSubstr("other.test"));
  Access named = plane().admin();
  named.server_name = "plane.test";
  EXPECT_EQ(error_of(named, get_nodes()).code, "none");
}

TEST_F(KubernetesClient, AnAnswerBeyondTheLimitIsRefused) {
  put("large", std::string(20'000, 'x'));
  kubernetes::Limits small;
  small.max_body = 10'000;
  const auto client = *Client::create(m_io.get_executor(), plane().admin(), small);
  Call list;
  list.path = config_maps();
  const auto answer = run_awaitable(m_io, client->call(list));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "response-too-large");
  client->stop();
}

TEST_F(KubernetesClient, OneConnectionServesManyRequests) {
  const auto client = *Client::create(m_io.get_executor(), plane().admin());
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(run_awaitable(m_io, client->call(get_nodes())));
  EXPECT_EQ(client->counters().connections, 1U);
  client->stop();
  const auto after = run_awaitable(m_io, client->call(get_nodes()));
  ASSERT_FALSE(after);
  EXPECT_EQ(after.error().code, "closed");
}

TEST_F(KubernetesClient, AListOfManyPagesAndItsChangesAreMirrored) {
  for (int i = 0; i < 7; ++i) put("m" + std::to_string(i));
  kubernetes::Limits limits;
  limits.page = 3;
  const auto client = *Client::create(m_io.get_executor(), plane().admin(), limits);
  follow(client);
  EXPECT_TRUE(until([&] { return m_names.follows == 1; }));
  EXPECT_EQ(m_names.values.size(), 7U);
  put("late", "7");
  patch(config_maps() + "/m0", R"({"data":{"v":"2"}})");
  remove(config_maps() + "/m1");
  EXPECT_TRUE(until([&] {
    return m_names.values.contains("late") && m_names.values["m0"] == "2" &&
           !m_names.values.contains("m1");
  }));
  EXPECT_EQ(m_names.lists, 1);
}

TEST_F(KubernetesClient, AWatchThatEndsGoesOnWithoutANewList) {
  kubernetes::Limits limits;
  limits.watch = std::chrono::seconds(1);
  follow(*Client::create(m_io.get_executor(), plane().admin(), limits));
  EXPECT_TRUE(until([&] { return m_reflector->counters().watches >= 3; }));
  put("late");
  EXPECT_TRUE(until([&] { return m_names.values.contains("late"); }));
  EXPECT_EQ(m_names.lists, 1);
  EXPECT_TRUE(m_names.errors.empty());
}

TEST_F(KubernetesClient, AfterARestartOfTheServerNothingIsMissed) {
  put("before");
  follow(*Client::create(m_io.get_executor(), plane().admin()));
  ASSERT_TRUE(until([&] { return m_names.follows == 1; }));
  plane().kill_api();
  EXPECT_TRUE(until([&] { return !m_names.errors.empty(); }));
  plane().start_api();
  remove(config_maps() + "/before");
  put("after");
  EXPECT_TRUE(until(
      [&] { return m_names.values.contains("after") && !m_names.values.contains("before"); }));
  EXPECT_EQ(m_names.follows, 2);
}

TEST_F(KubernetesClient, CallUntilOutlastsARestart) {
  plane().kill_api();
  const auto client = *Client::create(m_io.get_executor(), plane().admin());
  std::optional<bool> answered;
  const auto ask = [&]() -> boost::asio::awaitable<void> {
    const auto answer =
        co_await client->call_until(get_nodes(), std::chrono::steady_clock::now() + kPatience);
    answered = answer.has_value();
  };
  boost::asio::co_spawn(m_io, ask(), boost::asio::detached);
  EXPECT_TRUE(until([&] { return client->counters().retries > 0; }));
  plane().start_api();
  EXPECT_TRUE(until([&] { return answered.has_value(); }));
  EXPECT_EQ(answered, true);
  client->stop();
}

}  // namespace
}  // namespace wanwise::test
