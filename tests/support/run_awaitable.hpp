// Runs a coroutine to its end on the caller's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>

namespace wanwise::test {

/// `io` runs until then and keeps what else it has to do; what the coroutine throws leaves from
/// here.
template <class T>
T run_awaitable(boost::asio::io_context& io, boost::asio::awaitable<T> what) {
  std::optional<T> result;
  io.restart();
  boost::asio::co_spawn(
      io,
      [&]() -> boost::asio::awaitable<void> {
        auto value = co_await std::move(what);
        result.emplace(std::move(value));
      },
      [&io](const std::exception_ptr& thrown) {
        io.stop();
        if (thrown) std::rethrow_exception(thrown);
      });
  io.run();
  return std::move(*result);
}

}  // namespace wanwise::test
