// One alarm clock: what the loop sleeps on. The daemon's rings on the steady clock through Asio; a
// test's rings when the test says so. Owned by who made it; the loop's thread only.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>

#include "engine/core/units.hpp"
#include "engine/runtime/steady_clock.hpp"

namespace wanwise::runtime {

class Alarm {
 public:
  virtual ~Alarm() = default;
  /// Rings once, not before `when`; replaces what was set before.
  virtual void set(core::Instant when, std::function<void()> ring) = 0;
  virtual void clear() = 0;
};

class AsioAlarm final : public Alarm {
 public:
  AsioAlarm(boost::asio::io_context& io, const SteadyClock& clock);

  void set(core::Instant when, std::function<void()> ring) override;
  void clear() override;

 private:
  const SteadyClock& m_clock;
  boost::asio::steady_timer m_timer;
};

}  // namespace wanwise::runtime
