// The one place where libnetconf2's client header and its ownership rules live. Only the
// netconf2_*.cpp files include it. The library keeps state for the whole process and for each
// thread; a session and its context belong to one thread.
#pragma once

#include "adapters/iosxe/xml/libyang.hpp"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#include <nc_client.h>
#pragma GCC diagnostic pop

#include <memory>
#include <string>

namespace wanwise::iosxe {

struct FreeNetconf {
  void operator()(nc_session* session) const { nc_session_free(session, nullptr); }
};
using NetconfPtr = std::unique_ptr<nc_session, FreeNetconf>;

struct FreeRpc {
  void operator()(nc_rpc* rpc) const { nc_rpc_free(rpc); }
};
using RpcPtr = std::unique_ptr<nc_rpc, FreeRpc>;

/// What libnetconf2 said last on this thread; it has no other way to say why something failed.
inline std::string& netconf2_words() {
  thread_local std::string words;
  return words;
}

/// Once for the process, by whichever session comes first. Never undone: nc_client_destroy() would
/// finalise libssh under the sessions that still have it.
inline void init_netconf2() {
  static const bool done = [] {
    nc_client_init();
    nc_verbosity(NC_VERB_ERROR);
    nc_set_print_clb_session([](const nc_session*, NC_VERB_LEVEL, const char* message) {
      netconf2_words() = message != nullptr ? message : "";
    });
    return true;
  }();
  (void)done;
}

}  // namespace wanwise::iosxe
