#include "engine/runtime/summary.hpp"

#include <algorithm>
#include <variant>

namespace wanwise::runtime {
namespace {

/// A run notes each kind of trouble once; more notes than this are of no use in a summary.
constexpr std::size_t kMaxNotes = 100;

template <class... Fs>
struct Overload : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overload(Fs...) -> Overload<Fs...>;

bool is_sample(const core::EventBody& body) {
  return std::visit(
      Overload{[](const core::LinkCounters&) { return true; },
               [](const core::ClassCounters&) { return true; },
               [](const core::RadioSample&) { return true; },
               [](const core::ProbeSample&) { return true; },
               [](const core::TargetSample&) { return true; },
               [](const core::WorkloadSample&) { return true; }, [](const auto&) { return false; }},
      body);
}

/// Nearest rank: the smallest value that at least `ppm` of the sorted values do not exceed.
std::optional<std::int64_t> quantile(const std::vector<std::int64_t>& sorted, std::int64_t ppm) {
  if (sorted.empty()) return std::nullopt;
  const auto n = static_cast<std::int64_t>(sorted.size());
  const std::int64_t rank = std::max<std::int64_t>(1, (n * ppm + 999'999) / 1'000'000);
  return sorted[static_cast<std::size_t>(rank - 1)];
}

class Summariser {
 public:
  explicit Summariser(core::Instant origin) : m_origin(origin), m_last(origin) {}

  void take(const JournalRecord& record) {
    std::visit(Overload{[](const JournalHeader&) {}, [this](const core::Event& e) { event(e); },
                        [this](const StepRecord& s) { step(s.step); },
                        [this](const JournalNote& n) { note(n); }, [](const JournalTrailer&) {}},
               record);
  }

  Summary finish() {
    m_out.micros = (m_last - m_origin).count;
    for (const auto& [workload, sums] : m_requests) {
      if (sums.arrived <= 0) continue;
      const std::int64_t missed = std::clamp<std::int64_t>(sums.missed, 0, sums.arrived);
      // Doubles: a count times a million may not fit, and this is a report, not a decision.
      m_out.objective_met_ppm[workload] =
          1'000'000 - static_cast<std::int64_t>(1e6 * static_cast<double>(missed) /
                                                static_cast<double>(sums.arrived));
    }
    std::sort(m_reactions.begin(), m_reactions.end());
    m_out.reaction_p50_us = quantile(m_reactions, 500'000);
    m_out.reaction_p99_us = quantile(m_reactions, 990'000);
    choose_shaper();
    return std::move(m_out);
  }

 private:
  struct Open {
    core::Action action;
    std::optional<core::Instant> sampled_at;  ///< absent: no sample led to it
  };
  struct Requests {
    std::int64_t arrived = 0;
    std::int64_t missed = 0;
  };
  using Rates = std::vector<std::pair<std::int64_t, std::int64_t>>;

  [[nodiscard]] std::int64_t ms(core::Instant at) const { return (at - m_origin).count / 1'000; }

  void event(const core::Event& event) {
    m_last = event.at;
    m_is_sample = is_sample(event.body);
    if (m_is_sample) ++m_out.samples;
    if (const auto* sample = std::get_if<core::WorkloadSample>(&event.body)) {
      m_requests[sample->workload].arrived += sample->arrived;
      m_requests[sample->workload].missed += sample->missed;
    } else if (const auto* done = std::get_if<core::ActionDone>(&event.body)) {
      settle(*done);
    }
  }

  void step(const core::Step& step) {
    m_out.decisions += step.counters.decisions;
    for (const core::Action& action : step.actions) {
      m_open[action.id] = {action, m_is_sample ? std::optional(m_last) : std::nullopt};
    }
  }

  void note(const JournalNote& note) {
    if (note.rss_kib) m_out.rss_kib = std::max(m_out.rss_kib, *note.rss_kib);
    if (note.text && m_out.notes.size() < kMaxNotes) m_out.notes.push_back(*note.text);
  }

  void settle(const core::ActionDone& done) {
    const auto open = m_open.find(done.id);
    if (open == m_open.end()) return;
    if (const auto* place = std::get_if<core::PlaceWorkload>(&open->second.action.body)) {
      if (done.outcome == core::Outcome::done) {
        m_out.moves.push_back({ms(m_last), place->workload, place->from, place->to, place->rung,
                               open->second.action.why, place->split});
      }
    } else {
      router_answered(done, open->second);
    }
    m_open.erase(open);
  }

  void router_answered(const core::ActionDone& done, const Open& open) {
    if (done.outcome == core::Outcome::refused || done.outcome == core::Outcome::failed) {
      ++m_out.router_refusals;
    }
    if (done.outcome != core::Outcome::done) return;
    ++m_out.router_commits;
    if (open.sampled_at) m_reactions.push_back((m_last - *open.sampled_at).count);
    for (const core::WanQos& wan : std::get<core::ApplyQos>(open.action.body).desired.wans) {
      m_shapers[wan.link].emplace_back(ms(m_last), wan.shaper.count);
    }
  }

  /// A site with a wired link beside the cellular one has two shapers, but one that moves.
  void choose_shaper() {
    std::size_t most = 0;
    for (auto& [link, rates] : m_shapers) {
      std::size_t changes = 1;
      for (std::size_t i = 1; i < rates.size(); ++i) {
        if (rates[i].second != rates[i - 1].second) ++changes;
      }
      if (changes <= most) continue;
      most = changes;
      m_out.shaper_link = link;
      m_out.shaper_bps = rates;
    }
  }

  core::Instant m_origin;
  core::Instant m_last;
  bool m_is_sample = false;  ///< the last event was one
  Summary m_out;
  std::map<core::ActionId, Open> m_open;
  std::map<core::WorkloadName, Requests> m_requests;
  std::map<core::LinkName, Rates> m_shapers;
  std::vector<std::int64_t> m_reactions;
};

}  // namespace

core::Expected<Summary> summarise(JournalReader& journal) {
  Summariser summariser(journal.header().origin);
  for (;;) {
    auto record = journal.next();
    if (!record) return core::Unexpected<core::Error>{record.error()};
    if (!*record) return summariser.finish();
    summariser.take(**record);
  }
}

core::Expected<Summary> summarise_file(const std::string& path) {
  auto journal = JournalReader::open(path);
  if (!journal) return core::Unexpected<core::Error>{journal.error()};
  return summarise(*journal);
}

}  // namespace wanwise::runtime
