// How running is changed and, when it did not come out right, changed back. Three ways, by what the
// router's hello offers: a confirmed commit, a plain commit, an edit of running. Each object does
// one change on one session, behind the locks. The executor's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "adapters/iosxe/session/hello.hpp"
#include "adapters/iosxe/write/inverse.hpp"
#include "adapters/iosxe/write/wire.hpp"
#include "adapters/iosxe/write/write_result.hpp"

namespace wanwise::iosxe {

/// One edit of the configuration, as the content of <config>.
struct Edit {
  std::string native;
  bool structural = false;  ///< objects come or go; else only numbers inside them move
};

class Change {
 public:
  /// `wire` outlives the change.
  Change(Wire& wire, const Hello& hello) : m_wire(wire), m_hello(hello) {}
  virtual ~Change() = default;
  Change(const Change&) = delete;
  Change& operator=(const Change&) = delete;
  /// Puts the edit into running. `validate` false: without asking for the validation on its own.
  [[nodiscard]] virtual boost::asio::awaitable<StepEnd> make(Edit edit, bool validate,
                                                             Deadline deadline) = 0;
  /// The change came out right: it stays. Most do so by themselves.
  [[nodiscard]] virtual boost::asio::awaitable<StepEnd> keep(Deadline deadline);
  /// It did not: running becomes `before` again, as well as the router lets us. `now` is what
  /// running holds, or is believed to hold. Whoever calls reads running afterwards.
  [[nodiscard]] virtual boost::asio::awaitable<void> take_back(const Version& before,
                                                               const Version& now,
                                                               Deadline deadline) = 0;
  /// Whether a request that may change running was sent.
  [[nodiscard]] bool touched() const { return m_touched; }
  /// Whether the router still waits for the change to be confirmed, as far as we know.
  [[nodiscard]] virtual bool waits() const { return false; }

 protected:
  Wire& m_wire;
  const Hello m_hello;
  bool m_touched = false;
};

/// The safest way the router offers. `persist_id` names our confirmed commits on it.
[[nodiscard]] std::unique_ptr<Change> make_change(Wire& wire, const Hello& hello,
                                                  const std::string& persist_id);

/// <edit-config> of `datastore` by merge; all or nothing where the router can.
[[nodiscard]] std::string edit_request(const std::string& datastore, const Hello& hello,
                                       const std::string& native);

}  // namespace wanwise::iosxe
