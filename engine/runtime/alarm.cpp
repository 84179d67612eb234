#include "engine/runtime/alarm.hpp"

#include <boost/system/error_code.hpp>
#include <utility>

namespace wanwise::runtime {

AsioAlarm::AsioAlarm(boost::asio::io_context& io, const SteadyClock& clock)
    : m_clock(clock), m_timer(io) {}

void AsioAlarm::set(core::Instant when, std::function<void()> ring) {
  m_timer.expires_at(m_clock.time_point(when));  // cancels the earlier wait
  m_timer.async_wait([ring = std::move(ring)](boost::system::error_code error) {
    if (!error) ring();
  });
}

void AsioAlarm::clear() {
  m_timer.cancel();
}

}  // namespace wanwise::runtime
