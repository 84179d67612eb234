#include "tests/support/iosxe_port.hpp"

#include "adapters/iosxe/session/sessions.hpp"
#include "engine/core/check.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::test {
namespace {

/// Loading takes milliseconds, and it is immutable: one for the whole program.
std::shared_ptr<const iosxe::Schema> schema() {
  static const auto loaded = iosxe::Schema::load(WANWISE_SOURCE_DIR "/yang");
  WANWISE_CHECK(loaded.has_value());
  return *loaded;
}

}  // namespace

iosxe::RouterConfig loopback_config(const RouterAddress& router) {
  iosxe::RouterConfig config = iosxe::samples::config();
  config.access.host = "127.0.0.1";
  config.access.port = router.port;
  config.access.user = router.user;
  config.access.host_key = router.host_key;
  config.access.private_key_file = router.private_key;
  config.period = core::seconds(3600);  // nobody but the write is asking
  config.push = false;
  config.limits.first_backoff = core::milliseconds(2);
  config.limits.max_backoff = core::milliseconds(50);
  config.limits.lock_retry = core::milliseconds(2);
  config.limits.lock_patience = core::milliseconds(60);
  config.limits.effect_patience = core::seconds(1);
  config.limits.commits_per_minute = 0;
  return config;
}

IosxePort::IosxePort(iosxe::RouterConfig config, Start start) : m_work(m_io.get_executor()) {
  auto made = iosxe::RouterPort::create(m_io.get_executor(), m_clock, std::move(config), schema(),
                                        iosxe::sessions(WANWISE_SOURCE_DIR "/yang"));
  WANWISE_CHECK(made.has_value());
  m_port = std::move(*made);
  m_thread = std::thread{[this] { m_io.run(); }};
  if (start == Start::now) this->start();
}

IosxePort::~IosxePort() {
  m_port->stop();
  m_work.reset();
  m_thread.join();  // every coroutine comes to its end by itself
}

void IosxePort::submit(core::ActionId id, const core::RouterQos& qos,
                       std::chrono::milliseconds patience) {
  m_port->submit(id, {qos}, now() + core::milliseconds(patience.count()));
}

std::optional<core::ActionDone> IosxePort::apply(const core::RouterQos& qos,
                                                 std::chrono::milliseconds patience) {
  const core::ActionId id = ++m_last_id;
  submit(id, qos, patience);
  return m_sink.take<core::ActionDone>([id](const auto& done) { return done.id == id; });
}

bool IosxePort::settles() {
  return m_sink.wait([](const std::vector<core::EventBody>& events) {
    bool connected = false;
    bool read = false;
    for (const core::EventBody& body : events) {
      if (const auto* session = std::get_if<core::RouterSession>(&body)) {
        connected = session->state == core::SessionState::connected;
        read = false;
      }
      if (std::holds_alternative<core::RouterQosObserved>(body)) read = true;
    }
    return connected && read;
  });
}

}  // namespace wanwise::test
