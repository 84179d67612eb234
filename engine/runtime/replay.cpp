#include "engine/runtime/replay.hpp"

#include <utility>
#include <variant>

namespace wanwise::runtime {
namespace {

std::string compare(const core::Step& recorded, const core::Step& replayed) {
  if (recorded.actions.size() != replayed.actions.size()) {
    return "recorded " + std::to_string(recorded.actions.size()) + " actions, replayed " +
           std::to_string(replayed.actions.size());
  }
  for (std::size_t i = 0; i < recorded.actions.size(); ++i) {
    if (recorded.actions[i] == replayed.actions[i]) continue;
    return "action " + std::to_string(recorded.actions[i].id) + " differs: recorded \"" +
           recorded.actions[i].why + "\", replayed \"" + replayed.actions[i].why + "\"";
  }
  return "same actions, another history before them";
}

/// One pass over the records, an event and its step at a time.
class Replayer {
 public:
  Replayer(core::Engine engine, const JournalHeader& header) : m_engine(std::move(engine)) {
    m_report.site = header.site;
    m_report.recorded_by = header.wanwise_version;
  }

  /// False: nothing more to learn.
  core::Expected<bool> take(const JournalRecord& record, std::uint64_t number) {
    if (const auto* event = std::get_if<core::Event>(&record)) return apply(*event);
    if (const auto* step = std::get_if<StepRecord>(&record)) return judge(*step, number);
    if (std::holds_alternative<JournalTrailer>(record)) m_report.closed = true;
    if (std::holds_alternative<JournalHeader>(record)) {
      return core::fail("journal-out-of-order", "a second header");
    }
    return true;
  }

  ReplayReport finish(bool truncated) {
    m_report.truncated = truncated;
    m_report.digest = m_engine.digest();
    return std::move(m_report);
  }

 private:
  core::Expected<bool> apply(const core::Event& event) {
    if (m_pending) return core::fail("journal-out-of-order", "two events without a step between");
    ++m_report.events;
    m_at = event.at;
    m_pending = m_engine.apply(event);
    return true;
  }

  core::Expected<bool> judge(const StepRecord& recorded, std::uint64_t number) {
    if (!m_pending) return core::fail("journal-out-of-order", "a step without its event");
    const core::Step replayed = std::move(*m_pending);
    m_pending.reset();
    ++m_report.steps;
    if (recorded.digest == m_engine.digest()) return true;
    m_report.first_difference = Difference{number, m_at, recorded.digest, m_engine.digest(),
                                           compare(recorded.step, replayed)};
    return false;
  }

  core::Engine m_engine;
  ReplayReport m_report;
  std::optional<core::Step> m_pending;  ///< of an event whose recorded step has not come yet
  core::Instant m_at;
};

}  // namespace

core::Expected<ReplayReport> replay(JournalReader& journal, core::Engine engine) {
  Replayer replayer(std::move(engine), journal.header());
  for (;;) {
    auto record = journal.next();
    if (!record) return core::Unexpected<core::Error>{record.error()};
    if (!*record) break;
    const core::Expected<bool> more = replayer.take(**record, journal.record());
    if (!more) {
      return core::fail(more.error().code,
                        "record " + std::to_string(journal.record()) + ": " + more.error().message);
    }
    if (!*more) break;
  }
  return replayer.finish(journal.truncated());
}

}  // namespace wanwise::runtime
