// The locks of one write (RFC 6241 7.5): running first, then the candidate, given back in the other
// order. A router drops them by itself when the session ends. The executor's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "adapters/iosxe/write/wire.hpp"
#include "adapters/iosxe/write/write_result.hpp"

namespace wanwise::iosxe {

class Locks {
 public:
  explicit Locks(Wire& wire) : m_wire(wire) {}

  /// Takes running and, where asked for, the candidate, which is then empty of what others left.
  [[nodiscard]] boost::asio::awaitable<StepEnd> take(bool candidate, Deadline deadline);
  [[nodiscard]] boost::asio::awaitable<void> give_back(Deadline deadline);
  [[nodiscard]] bool holds(const std::string& datastore) const;

 private:
  [[nodiscard]] boost::asio::awaitable<StepEnd> lock(std::string datastore, Deadline deadline);

  Wire& m_wire;
  std::vector<std::string> m_held;  ///< in the order they were taken
};

}  // namespace wanwise::iosxe
