// Reading running inside a write: the configuration, and what the router does with it. The
// executor's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "adapters/iosxe/mqc/qos_codec.hpp"
#include "adapters/iosxe/write/image.hpp"
#include "adapters/iosxe/write/wire.hpp"
#include "adapters/iosxe/write/write_result.hpp"
#include "adapters/iosxe/xml/schema.hpp"

namespace wanwise::iosxe {

/// Running, once read.
struct Seen {
  ObservedConfig observed;
  Image image;
};

/// What is the same for all writes to one router; outlives them.
struct WriteFacts {
  const RouterConfig& config;
  const NameTable& names;
  const Schema* schema;  ///< may be null: then the router alone checks
};

/// read-back-failed with the router's words when it answers with an error; the session's error
/// when that is lost.
[[nodiscard]] boost::asio::awaitable<core::Expected<Seen>> read_running(Wire& wire,
                                                                        const WriteFacts& facts,
                                                                        Deadline deadline);

/// What the router shows of the policies at its interfaces.
struct Effect {
  bool shows_any = false;            ///< it shows some policy at some interface
  std::vector<std::string> missing;  ///< "Cellular0/1/0 output WANWISE-PM-LTE": not in force
};
[[nodiscard]] std::string effect_request(const Mqc& desired);
/// Interfaces that are down are left out: nothing is in force there.
[[nodiscard]] Effect effect_of(const XmlNode& data, const Mqc& desired);

/// Waits until every output policy of `desired` is in force, for Limits::effect_patience: nothing
/// when it is, or cannot be known (then `unseen` says why), else how the write ends.
[[nodiscard]] boost::asio::awaitable<StepEnd> await_effect(Wire& wire, const WriteFacts& facts,
                                                           const Mqc& desired, Deadline deadline,
                                                           std::string& unseen);

}  // namespace wanwise::iosxe
