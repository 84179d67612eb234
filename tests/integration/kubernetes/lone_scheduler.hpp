// wanwise's scheduler with the reflectors that feed it, and nothing else of wanwise. Belongs to the
// io_context's thread.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <stdexcept>
#include <utility>

#include "adapters/kubernetes/schedule/scheduler.hpp"
#include "adapters/kubernetes/watch/reflector.hpp"

namespace wanwise::test {

class LoneScheduler {
 public:
  LoneScheduler(boost::asio::io_context& io, const kubernetes::Access& access,
                kubernetes::SchedulerOptions options = {})
      : m_parts(std::make_shared<Parts>(io, access, std::move(options))) {
    for (kubernetes::Reflector* reflector : {&m_parts->nodes, &m_parts->pods}) {
      boost::asio::co_spawn(io, reflector->run(),
                            [kept = m_parts](const std::exception_ptr& thrown) {
                              if (thrown) std::rethrow_exception(thrown);
                            });
    }
  }
  LoneScheduler(const LoneScheduler&) = delete;
  LoneScheduler& operator=(const LoneScheduler&) = delete;
  ~LoneScheduler() {
    m_parts->nodes.stop();
    m_parts->pods.stop();
    m_parts->client->stop();
    m_parts->scheduler->stop();
  }

  [[nodiscard]] const kubernetes::SchedulerCounters& counters() const {
    return m_parts->scheduler->counters();
  }
  [[nodiscard]] std::size_t waiting() const { return m_parts->scheduler->waiting(); }
  [[nodiscard]] bool told() const { return m_parts->scheduler->events().idle(); }

 private:
  /// Kept by the reflectors' coroutines until they have ended.
  struct Parts {
    Parts(boost::asio::io_context& io, const kubernetes::Access& access,
          kubernetes::SchedulerOptions options)
        : client(kubernetes::Client::create(io.get_executor(), access).value()),
          scheduler(
              kubernetes::Scheduler::connect(io.get_executor(), access, {}, std::move(options))
                  .value()),
          nodes(client, {"/api/v1/nodes", "", ""}, scheduler->nodes()),
          pods(client, {"/api/v1/pods", "", ""}, scheduler->pods()) {}

    std::shared_ptr<kubernetes::Client> client;
    std::shared_ptr<kubernetes::Scheduler> scheduler;
    kubernetes::Reflector nodes, pods;
  };

  std::shared_ptr<Parts> m_parts;
};

}  // namespace wanwise::test
