#include "sim/router/config/archive.hpp"

#include <utility>

namespace wanwise::router {
namespace {

core::Unexpected<RpcError> refused(NC_ERR tag, std::string message) {
  RpcError e;
  e.tag = tag;
  e.message = std::move(message);
  return {std::move(e)};
}

}  // namespace

std::string Archive::checkpoint() {
  Tree running = m_datastores.copy(Datastore::running);
  const std::lock_guard lock(m_mutex);
  const std::uint16_t number = ++m_last;
  File file{.number = number, .name = "flash:archive-" + std::to_string(number)};
  m_kept.push_back({file, std::move(running)});
  if (m_kept.size() > kMaxArchives) {
    m_kept.pop_front();
  }
  return file.name;
}

Outcome Archive::roll_back(const std::string& file,
                           std::optional<std::chrono::minutes> revert_after, SessionId session,
                           SteadyTime now) {
  Tree next;
  {
    const std::lock_guard lock(m_mutex);
    bool found = false;
    for (const Kept& kept : m_kept) {
      if (kept.file.name == file) {
        next = kept.config.copy();
        found = true;
      }
    }
    if (!found) {
      return refused(NC_ERR_INVALID_VALUE, "%Error opening " + file + " (No such file)");
    }
  }
  Tree previous = m_datastores.copy(Datastore::running);
  if (auto done = m_datastores.replace(std::move(next), session); !done) {
    return done;
  }
  if (revert_after) {
    const std::lock_guard lock(m_mutex);
    m_timed = Timed{.previous = std::move(previous), .deadline = now + *revert_after};
  }
  return {};
}

std::optional<Archive::Timed> Archive::take_timed() {
  const std::lock_guard lock(m_mutex);
  return std::exchange(m_timed, std::nullopt);
}

Outcome Archive::revert() {
  auto timed = take_timed();
  if (!timed) {
    return refused(NC_ERR_OP_FAILED, "%No Rollback Confirmed Change pending");
  }
  return m_datastores.replace(std::move(timed->previous), kRouterItself);
}

Outcome Archive::revert_after(std::chrono::minutes time, SteadyTime now) {
  const std::lock_guard lock(m_mutex);
  if (!m_timed) {
    return refused(NC_ERR_OP_FAILED, "%No Rollback Confirmed Change pending");
  }
  m_timed->deadline = now + time;
  return {};
}

void Archive::check_deadline(SteadyTime now) {
  bool over = false;
  {
    const std::lock_guard lock(m_mutex);
    over = m_timed && now >= m_timed->deadline;
  }
  if (over) {
    (void)revert();  // it was valid before; nobody waits for an answer
  }
}

std::vector<Archive::File> Archive::files() const {
  const std::lock_guard lock(m_mutex);
  std::vector<File> out;
  for (const Kept& kept : m_kept) {
    out.push_back(kept.file);
  }
  return out;
}

}  // namespace wanwise::router
