#include "tests/acceptance/stability/move_ledger.hpp"

#include <algorithm>
#include <utility>

namespace wanwise::acceptance {
namespace {

using core::Micros;
using core::seconds;

std::string text_of(const core::Place& place) {
  return (place.target ? place.target->text : "-") + "/" + std::to_string(place.rung);
}

std::string text_of(const MoveEntry& entry) {
  return std::to_string(static_cast<double>(entry.at.micros) / 1e6) + " s " + text_of(entry.from) +
         " > " + text_of(entry.to) + (entry.bypass ? " (gone)" : "");
}

/// Moves of the hour that ends with this one.
int in_hour(const std::vector<MoveEntry>& moves, std::size_t last) {
  int count = 0;
  for (std::size_t i = last + 1; i-- > 0 && moves[last].at - moves[i].at < seconds(3'600);) ++count;
  return count;
}

bool climbs(const MoveEntry& entry) {
  return entry.from.target && entry.from.target == entry.to.target &&
         entry.to.rung < entry.from.rung;
}

}  // namespace

void MoveLedger::add(const std::string& workload, MoveEntry entry) {
  m_moves[workload].push_back(std::move(entry));
}

void MoveLedger::undo(const std::string& workload) {
  m_moves[workload].pop_back();
}

int MoveLedger::most_in_an_hour() const {
  int most = 0;
  for (const auto& [workload, moves] : m_moves)
    for (std::size_t i = 0; i < moves.size(); ++i)
      if (!moves[i].bypass) most = std::max(most, in_hour(moves, i));
  return most;
}

int MoveLedger::total() const {
  int all = 0;
  for (const auto& [workload, moves] : m_moves) all += static_cast<int>(moves.size());
  return all;
}

int MoveLedger::there_and_back() const {
  int count = 0;
  for (const auto& [workload, moves] : m_moves)
    for (std::size_t i = 1; i < moves.size(); ++i)
      count += !moves[i].bypass && moves[i].to == moves[i - 1].from &&
                       moves[i].at - moves[i - 1].at < m_rules.min_dwell
                   ? 1
                   : 0;
  return count;
}

std::vector<std::string> MoveLedger::broken() const {
  std::vector<std::string> lines;
  for (const auto& [workload, moves] : m_moves) {
    for (std::size_t i = 0; i < moves.size(); ++i) {
      const auto tell = [&, &name = workload](const std::string& rule) {
        lines.push_back(name + ": " + rule + ": " + text_of(moves[i]));
      };
      if (moves[i].bypass) continue;
      if (in_hour(moves, i) > m_rules.max_moves_per_hour) tell("max-moves-per-hour");
      if (i == 0) continue;
      const Micros stayed = moves[i].at - moves[i - 1].at;
      if (stayed < m_rules.min_dwell) tell("min-dwell");
      if (climbs(moves[i]) && stayed < m_rules.return_after) tell("return-after");
    }
  }
  return lines;
}

std::string MoveLedger::text() const {
  std::string all;
  for (const auto& [workload, moves] : m_moves)
    for (const MoveEntry& entry : moves) all += workload + ": " + text_of(entry) + "\n";
  return all;
}

}  // namespace wanwise::acceptance
