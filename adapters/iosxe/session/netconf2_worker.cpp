#include "adapters/iosxe/session/netconf2_worker.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/session/netconf2.hpp"
#include "adapters/iosxe/session/netconf2_context.hpp"
#include "adapters/iosxe/session/ssh_transport.hpp"

namespace wanwise::iosxe {
namespace {

/// Complete messages only are waited for, and stop() ends the wait.
constexpr int kForever = -1;

}  // namespace

class Netconf2Worker::Client {
 public:
  [[nodiscard]] core::Expected<void> connect(int descriptor, const std::string& yang_dir) {
    auto context = Netconf2Context::load(yang_dir);
    if (!context) return core::Unexpected{context.error()};
    m_context.emplace(std::move(*context));
    m_session.reset(nc_connect_inout(descriptor, descriptor, m_context->get()));
    if (m_session == nullptr) return core::fail(errors::kProtocolError, words());
    return {};
  }

  /// operation-unknown: our modules lack it; nothing was sent.
  [[nodiscard]] core::Expected<void> send(std::uint64_t ticket, const std::string& operation) {
    auto parsed = m_context->parse(operation);
    if (!parsed) return core::Unexpected{parsed.error()};
    RpcPtr rpc{nc_rpc_act_generic(parsed->release(), NC_PARAMTYPE_FREE)};
    std::uint64_t id = 0;
    if (nc_send_rpc(m_session.get(), rpc.get(), kForever, &id) != NC_MSG_RPC)
      return core::fail(errors::kConnectionLost, words());
    m_sent.push_back({ticket, id, std::move(rpc)});
    return {};
  }

  /// The ticket of the request that a reply belongs to; an error ends the session.
  [[nodiscard]] core::Expected<std::uint64_t> take_reply(const Envelope& envelope) {
    if (m_sent.empty())
      return core::fail(errors::kProtocolError, "a reply to nothing that was asked");
    const Sent sent = std::move(m_sent.front());
    m_sent.pop_front();
    lyd_node* envelope_tree = nullptr;
    lyd_node* data = nullptr;
    const NC_MSG_TYPE got = nc_recv_reply(m_session.get(), sent.rpc.get(), sent.message_id,
                                          kForever, &envelope_tree, &data);
    lyd_free_all(envelope_tree);
    lyd_free_all(data);
    // RFC 6241 4.3: a reply to what the router could not read has no message-id; it is in order.
    if (got == NC_MSG_REPLY || (got == NC_MSG_REPLY_ERR_MSGID && !envelope.message_id))
      return sent.ticket;
    // A reply of the right number whose content libyang refuses (data beside a warning, a leaf our
    // modules lack): what it means is the reader's to judge, as with the other stack.
    if (got == NC_MSG_ERROR && envelope.message_id == sent.message_id &&
        nc_session_get_status(m_session.get()) == NC_STATUS_RUNNING)
      return sent.ticket;
    return core::fail(errors::kProtocolError, words());
  }

  /// A notification libyang does not know is the reader's to judge.
  [[nodiscard]] core::Expected<void> take_notification() {
    lyd_node* envelope_tree = nullptr;
    lyd_node* data = nullptr;
    const NC_MSG_TYPE got = nc_recv_notif(m_session.get(), kForever, &envelope_tree, &data);
    lyd_free_all(envelope_tree);
    lyd_free_all(data);
    if (got == NC_MSG_NOTIF || nc_session_get_status(m_session.get()) == NC_STATUS_RUNNING)
      return {};
    return core::fail(errors::kConnectionLost, words());
  }

 private:
  struct Sent {
    std::uint64_t ticket = 0;
    std::uint64_t message_id = 0;
    RpcPtr rpc;
  };

  static std::string words() { return "libnetconf2: " + netconf2_words(); }

  std::optional<Netconf2Context> m_context;
  std::deque<Sent> m_sent;
  NetconfPtr m_session;  // goes before its context
};

Netconf2Worker::Netconf2Worker(int descriptor, std::string yang_dir, Callbacks callbacks)
    : m_descriptor(descriptor),
      m_yang_dir(std::move(yang_dir)),
      m_callbacks(std::move(callbacks)),
      m_thread([this] { run(); }) {}

Netconf2Worker::~Netconf2Worker() {
  stop();
  m_thread.join();
  ::close(m_descriptor);
}

bool Netconf2Worker::request(std::uint64_t ticket, std::string operation) {
  const std::scoped_lock lock{m_mutex};
  if (m_request_bytes + operation.size() > kMaxUnsentBytes) return false;
  m_request_bytes += operation.size();
  m_requests.push_back({ticket, std::move(operation)});
  m_changed.notify_one();
  return true;
}

void Netconf2Worker::arrived(Envelope envelope, std::string message) {
  const std::scoped_lock lock{m_mutex};
  m_messages.push_back({envelope, std::move(message)});
  m_changed.notify_one();
}

void Netconf2Worker::stop() {
  const std::scoped_lock lock{m_mutex};
  if (std::exchange(m_stopped, true)) return;
  ::shutdown(m_descriptor, SHUT_RDWR);
  m_changed.notify_one();
}

/// What to do next; false: stopped.
bool Netconf2Worker::next(std::optional<Request>& request, std::optional<Message>& message) {
  std::unique_lock lock{m_mutex};
  m_changed.wait(lock, [this] { return m_stopped || !m_requests.empty() || !m_messages.empty(); });
  if (m_stopped) return false;
  if (!m_requests.empty()) {
    request = std::move(m_requests.front());
    m_requests.pop_front();
    m_request_bytes -= request->operation.size();
  }
  if (!m_messages.empty()) {
    message = std::move(m_messages.front());
    m_messages.pop_front();
  }
  return true;
}

void Netconf2Worker::run() {
  init_netconf2();
  Client client;
  if (auto connected = client.connect(m_descriptor, m_yang_dir); !connected) {
    m_callbacks.on_failed(connected.error());
    return;
  }
  m_callbacks.on_connected();
  serve(client);
}

void Netconf2Worker::serve(Client& client) {
  for (;;) {
    std::optional<Request> request;
    std::optional<Message> message;
    if (!next(request, message)) return;
    if (request) {
      auto sent = client.send(request->ticket, request->operation);
      if (!sent) m_callbacks.on_reply(request->ticket, core::Unexpected{sent.error()});
    }
    if (!message) continue;
    if (message->envelope.kind == Envelope::Kind::reply) {
      const auto ticket = client.take_reply(message->envelope);
      if (!ticket) return m_callbacks.on_failed(ticket.error());
      m_callbacks.on_reply(*ticket, std::move(message->text));
    } else {
      const auto taken = client.take_notification();
      if (!taken) return m_callbacks.on_failed(taken.error());
      m_callbacks.on_notification(std::move(message->text));
    }
  }
}

}  // namespace wanwise::iosxe
