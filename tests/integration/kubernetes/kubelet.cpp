#include "tests/integration/kubernetes/kubelet.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>

#include "adapters/kubernetes/api/objects.hpp"

namespace wanwise::test {

namespace asio = boost::asio;
namespace json = boost::json;
using kubernetes::Call;
using kubernetes::Verb;

Kubelet::Kubelet(asio::io_context& io, std::shared_ptr<kubernetes::Client> client)
    : m_io(io), m_client(std::move(client)) {
  m_reflector = std::make_shared<kubernetes::Reflector>(
      m_client, kubernetes::Collection{"/api/v1/pods", "", ""}, static_cast<Mirror&>(*this));
  asio::co_spawn(m_io, m_reflector->run(), [kept = m_reflector](const std::exception_ptr&) {});
}

void Kubelet::put(const json::value& object) {
  const kubernetes::PodObject pod = kubernetes::read_pod(object);
  const std::string path = "/api/v1/namespaces/" + pod.name.name_space + "/pods/" + pod.name.name;
  if (pod.node.empty()) return;
  if (pod.terminating) {
    send({Verb::remove, path, json::parse(R"({"gracePeriodSeconds":0})")});
  } else if (!pod.ready && !hold.contains(pod.node)) {
    send({Verb::strategic_merge, path + "/status", json::parse(R"({"status":{"phase":"Running",
                          "conditions":[{"type":"Ready","status":"True"}]}})")});
  }
}

void Kubelet::send(Call what) {
  const auto ask = [](std::shared_ptr<kubernetes::Client> client,
                      Call call) -> asio::awaitable<void> {
    (void)co_await client->call(std::move(call));
  };
  asio::co_spawn(m_io, ask(m_client, std::move(what)), asio::detached);
}

}  // namespace wanwise::test
