#include "adapters/iosxe/session/sessions.hpp"

#include <utility>

#include "adapters/iosxe/session/netconf2_session.hpp"
#include "adapters/iosxe/session/ssh_session.hpp"
#include "engine/core/check.hpp"

namespace wanwise::iosxe {

SessionFactory sessions(std::string yang_dir) {
  return [netconf2 = netconf2_sessions(std::move(yang_dir))](
             boost::asio::any_io_executor executor, const SshAccess& access,
             Session::Handlers handlers) -> std::shared_ptr<Session> {
    switch (access.stack) {
      case NetconfStack::libssh:
        return make_ssh_session(std::move(executor), access, std::move(handlers));
      case NetconfStack::libnetconf2:
        return netconf2(std::move(executor), access, std::move(handlers));
    }
    WANWISE_CHECK(false);
    return nullptr;
  };
}

}  // namespace wanwise::iosxe
