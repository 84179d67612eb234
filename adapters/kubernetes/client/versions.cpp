#include "adapters/kubernetes/client/versions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "adapters/kubernetes/api/json_read.hpp"

namespace wanwise::kubernetes {

boost::asio::awaitable<core::Expected<std::string>> served_version(std::shared_ptr<Client> client,
                                                                   std::string group,
                                                                   std::vector<std::string> wanted,
                                                                   SteadyTime deadline) {
  Call call;
  call.path = "/apis/" + group;
  const auto answer = co_await client->call_until(std::move(call), deadline);
  if (!answer) co_return core::Unexpected{answer.error()};
  for (const std::string& version : wanted) {
    for (const boost::json::value& served : array_at(*answer, {"versions"})) {
      if (string_at(served, {"version"}) == version) {
        co_return "/apis/" + group + "/" + version;
      }
    }
  }
  co_return core::fail("version-not-served",
                       fmt::format("the server has none of {} {}", group, fmt::join(wanted, ", ")));
}

}  // namespace wanwise::kubernetes
