// A sleep that can be ended early, for one sleeper. Belongs to one executor's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "adapters/iosxe/session/session.hpp"

namespace wanwise::iosxe {

class Wake {
 public:
  explicit Wake(const boost::asio::any_io_executor& executor) : m_timer(executor) {}

  /// Ends the sleep under way, or the next one.
  void notify() {
    m_notified = true;
    m_timer.cancel();
  }
  boost::asio::awaitable<void> sleep_until(Deadline deadline) {
    if (!m_notified) {
      m_timer.expires_at(deadline);
      boost::system::error_code ignored;
      co_await m_timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    }
    m_notified = false;
  }

 private:
  boost::asio::steady_timer m_timer;
  bool m_notified = false;
};

}  // namespace wanwise::iosxe
