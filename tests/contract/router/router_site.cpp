#include "tests/contract/router/router_site.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "sim/door/world_routers.hpp"
#include "tests/support/fakes.hpp"
#include "tests/support/iosxe_port.hpp"
#include "tests/support/router_process.hpp"
#include "tests/support/small_site.hpp"

namespace wanwise::testing {
namespace {

/// Virtual time in which a test waits; nothing in the suite takes longer than a period.
constexpr core::Micros kPatience = core::seconds(30);

/// The simulator: time passes when a test lets it.
class SimulatedRouter final : public RouterSite {
 public:
  SimulatedRouter() {
    m_world.advance_to(m_world.now() + core::seconds(1));
    WANWISE_CHECK(m_routers.ports().size() == 1);
  }
  ports::Router& router() override { return *m_routers.ports().begin()->second; }
  void start() override { router().start(m_sink); }
  core::Instant now() const override { return m_world.now(); }
  bool until(const std::function<bool(const Events&)>& fits) override {
    const core::Instant end = m_world.now() + kPatience;
    m_routers.poll();
    while (!fits(m_sink.events) && m_world.now() < end) {
      m_world.advance_to(std::clamp(m_routers.next_due(), m_world.now() + core::Micros{1}, end));
      m_routers.poll();
    }
    return fits(m_sink.events);
  }
  Events events() override { return m_sink.events; }

 private:
  sim::World m_world{small_world()};
  core::Model m_site{small_site()};
  sim::WorldRouters m_routers{m_world, m_site, {}};
  RecordingSink m_sink;
};

/// The adapter on a thread of its own and the emulator as a process of its own.
class EmulatedRouter final : public RouterSite {
 public:
  explicit EmulatedRouter(const std::vector<std::string>& options) {
    const auto ended = m_router.start(options);
    WANWISE_CHECK(!ended.has_value());
    iosxe::RouterConfig config =
        test::loopback_config({m_router.port(), test::RouterProcess::kUser, m_router.host_key(),
                               test::RouterProcess::private_key()});
    config.period = core::milliseconds(200);
    m_port = std::make_unique<test::IosxePort>(std::move(config), test::IosxePort::Start::later);
  }
  ports::Router& router() override { return m_port->port(); }
  void start() override { m_port->start(); }
  core::Instant now() const override { return m_port->now(); }
  bool until(const std::function<bool(const Events&)>& fits) override {
    return m_port->sink().wait(fits);
  }
  Events events() override { return m_port->sink().events(); }

 private:
  test::RouterProcess m_router;
  std::unique_ptr<test::IosxePort> m_port;
};

RouterKind emulated(std::string name, std::vector<std::string> options) {
  return {std::move(name),
          [options = std::move(options)] { return std::make_unique<EmulatedRouter>(options); }};
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const RouterKind& kind) {
  return out << kind.name;
}

std::vector<RouterKind> router_kinds() {
  std::vector<RouterKind> kinds{{"simulator", [] { return std::make_unique<SimulatedRouter>(); }}};
  for (const std::string release : {"17.9", "17.12", "17.15", "17.18"}) {
    std::string name = "r" + release;
    std::replace(name.begin(), name.end(), '.', '_');
    const std::vector<std::string> play{"--release", release, "--datastore"};
    const auto with = [&](std::vector<std::string> more) {
      more.insert(more.begin(), play.begin(), play.end());
      return more;
    };
    kinds.push_back(emulated(name + "_confirmed", with({"candidate", "--confirmed-commit"})));
    kinds.push_back(emulated(name + "_candidate", with({"candidate", "--no-confirmed-commit"})));
    kinds.push_back(emulated(name + "_running", with({"running"})));
    kinds.push_back(emulated(name + "_running_plain", with({"running", "--no-archive"})));
  }
  return kinds;
}

}  // namespace wanwise::testing
