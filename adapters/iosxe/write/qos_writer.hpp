// The write transaction: makes a router's wanwise configuration equal to the desired one, whole or
// not at all, and proves it by reading back. With a candidate datastore: lock running and
// candidate, edit, validate, commit; without: lock running, edit with rollback-on-error (RFC
// 6241 8.2, 8.3, 8.5). One writer does one write on one session; nothing is left locked on a
// session that still lives.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/iosxe/mqc/qos_codec.hpp"
#include "adapters/iosxe/session/session.hpp"
#include "adapters/iosxe/xml/reply.hpp"
#include "adapters/iosxe/xml/schema.hpp"
#include "engine/core/event.hpp"

namespace wanwise::iosxe {

struct WriteResult {
  core::Outcome outcome = core::Outcome::done;
  std::string reason;  ///< empty when done
  std::string detail;
  std::optional<ObservedConfig> observed;  ///< what the router holds now, where that is known
  std::string save_error;                  ///< why the startup configuration was not written
};

class QosWriter {
 public:
  /// All outlive the write; `schema` may be null (then the router alone checks).
  QosWriter(std::shared_ptr<Session> session, const Hello& hello, const RouterConfig& config,
            const NameTable& names, const Schema* schema)
      : m_session(std::move(session)),
        m_hello(hello),
        m_config(config),
        m_names(names),
        m_schema(schema) {}

  [[nodiscard]] boost::asio::awaitable<WriteResult> write(const core::RouterQos& desired,
                                                          Deadline deadline);

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  /// How a step ended: nothing, or why the write ends here.
  using Step = std::optional<WriteResult>;

  core::Expected<Mqc> prepare(const core::RouterQos& desired) const;
  Awaitable<WriteResult> transact(Deadline deadline);
  Awaitable<Step> lock_all(Deadline deadline);
  Awaitable<Step> lock(std::string datastore, Deadline deadline);
  Awaitable<Step> read(bool before, Deadline deadline);
  Awaitable<Step> edit(Deadline deadline);
  Awaitable<Step> simple(std::string operation, bool changes, Deadline deadline);
  Awaitable<void> undo(Deadline deadline);
  Awaitable<void> unlock_all(Deadline deadline);
  WriteResult broken(const core::Error& error, bool changes);
  WriteResult refused(std::string reason, std::string detail);

  std::shared_ptr<Session> m_session;
  Hello m_hello;
  const RouterConfig& m_config;
  const NameTable& m_names;
  const Schema* m_schema;
  Mqc m_desired;
  std::optional<ObservedConfig> m_observed;
  std::vector<std::string> m_foreign;  ///< where the desired policies would go
  std::vector<std::string> m_locked;   ///< in order
  bool m_lost = false;                 ///< the session ended under us
};

}  // namespace wanwise::iosxe
