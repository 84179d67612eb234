#include "tests/integration/kubernetes/plane_fixture.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cctype>

namespace wanwise::test {

namespace json = boost::json;
using kubernetes::Call;
using kubernetes::Verb;

core::Expected<json::value> PlaneTest::get(const std::string& path) {
  const bool absolute = path.starts_with("/api/") || path.starts_with("/apis/");
  Call what;
  what.path = absolute ? path : "/api/v1/namespaces/" + m_namespace + path;
  return call(std::move(what));
}

json::value PlaneTest::create(const std::string& path, const std::string& body) {
  auto answer = call(Call{Verb::create, path, json::parse(body)});
  EXPECT_TRUE(answer) << answer.error().message;
  return answer ? std::move(*answer) : json::value{};
}

json::value PlaneTest::patch(const std::string& path, const std::string& body, Verb verb) {
  auto answer = call(Call{verb, path, json::parse(body)});
  EXPECT_TRUE(answer) << answer.error().message;
  return answer ? std::move(*answer) : json::value{};
}

void PlaneTest::remove(const std::string& path) {
  const auto answer = call(Call{Verb::remove, path, json::parse(R"({"gracePeriodSeconds":0})")});
  EXPECT_TRUE(answer) << answer.error().message;
}

bool PlaneTest::until(const std::function<bool()>& reached, std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!reached()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    m_io.restart();
    m_io.run_one_for(std::chrono::milliseconds(20));
  }
  return true;
}

std::string PlaneTest::kubernetes_name(const std::string& test_name) {
  std::string name;
  for (const char c : test_name) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0 && !name.empty()) name += '-';
    name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  // A label of RFC 1123: at most 63 characters, and no hyphen at the end.
  name.resize(std::min<std::size_t>(name.size(), 63));
  while (name.ends_with('-')) name.pop_back();
  return name;
}

}  // namespace wanwise::test
