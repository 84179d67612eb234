// The API's names of enumerators: one table for writing and reading. Internal to this folder.
#pragma once

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include "engine/core/check.hpp"
#include "engine/core/event.hpp"
#include "engine/core/explain.hpp"
#include "engine/core/prediction.hpp"
#include "engine/core/qos.hpp"

namespace wanwise::http {

template <class E, std::size_t N>
using NameTable = std::array<std::pair<E, std::string_view>, N>;

inline constexpr NameTable<core::RadioAccess, 6> kAccessNames{
    {{core::RadioAccess::none, "none"},
     {core::RadioAccess::gsm, "gsm"},
     {core::RadioAccess::umts, "umts"},
     {core::RadioAccess::lte, "lte"},
     {core::RadioAccess::nr_nsa, "nr-nsa"},
     {core::RadioAccess::nr_sa, "nr-sa"}}};

inline constexpr NameTable<core::Verdict, 5> kVerdictNames{{{core::Verdict::chosen, "chosen"},
                                                            {core::Verdict::possible, "possible"},
                                                            {core::Verdict::rejected, "rejected"},
                                                            {core::Verdict::unknown, "unknown"},
                                                            {core::Verdict::held, "held"}}};

inline constexpr NameTable<core::Outcome, 4> kOutcomeNames{{{core::Outcome::done, "done"},
                                                            {core::Outcome::refused, "refused"},
                                                            {core::Outcome::failed, "failed"},
                                                            {core::Outcome::unknown, "unknown"}}};

inline constexpr NameTable<core::StayEnd, 6> kStayEndNames{
    {{core::StayEnd::none, "still-there"},
     {core::StayEnd::target_lost, "target-lost"},
     {core::StayEnd::missed, "objective-missed"},
     {core::StayEnd::late, "would-be-late"},
     {core::StayEnd::better_place, "better-place"},
     {core::StayEnd::by_others, "moved-by-others"}}};

inline constexpr NameTable<core::Transport, 2> kTransportNames{
    {{core::Transport::tcp, "tcp"}, {core::Transport::udp, "udp"}}};

inline constexpr NameTable<core::QueueKind, 2> kQueueNames{
    {{core::QueueKind::priority, "priority"}, {core::QueueKind::remaining, "remaining"}}};

template <class E, std::size_t N>
std::string_view name_of(const NameTable<E, N>& table, E value) {
  const auto it = std::find_if(table.begin(), table.end(),
                               [&](const auto& entry) { return entry.first == value; });
  WANWISE_CHECK(it != table.end());
  return it->second;
}

}  // namespace wanwise::http
