#include "adapters/cli/data_plan_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace wanwise::cli {
namespace {

namespace json = boost::json;

constexpr std::int64_t kMicrosPerSecond = 1'000'000;

constexpr std::string_view kUsed = "used-bytes";
constexpr std::string_view kEnds = "ends-unix-s";
constexpr std::string_view kSaved = "saved-unix-s";
constexpr std::string_view kCounted = "counted-bytes";

core::Unexpected<core::Error> bad_state(const std::string& path, std::string_view what) {
  return core::fail("bad-state",
                    fmt::format("{}: {}; mend or remove the file: without it the data plans "
                                "begin anew",
                                path, what));
}

const json::object* object_in(const json::value& value, std::string_view key) {
  const json::object* object = value.if_object();
  const json::value* member = object == nullptr ? nullptr : object->if_contains(key);
  return member == nullptr ? nullptr : member->if_object();
}

/// A whole number from 0 on.
std::optional<std::int64_t> count_in(const json::value& value, std::string_view key) {
  const json::object* object = value.if_object();
  const json::value* member = object == nullptr ? nullptr : object->if_contains(key);
  const std::int64_t* count = member == nullptr ? nullptr : member->if_int64();
  return count == nullptr || *count < 0 ? std::nullopt : std::optional{*count};
}

std::uint64_t since(std::uint64_t before, std::uint64_t now) {
  return now >= before ? now - before : now;  // a counter below the last one began again at nought
}

}  // namespace

std::optional<DataPlanBook::Page> DataPlanBook::parse_page(const boost::json::value& value) {
  const auto used = count_in(value, kUsed);
  const auto ends = count_in(value, kEnds);
  const auto saved = count_in(value, kSaved);
  const auto counted = count_in(value, kCounted);
  if (!used || !ends || !saved || !counted) return std::nullopt;
  return Page{core::Bytes{*used}, *ends, *saved, static_cast<std::uint64_t>(*counted)};
}

core::Expected<DataPlanBook> DataPlanBook::open(std::string path, const core::Model& model) {
  DataPlanBook book{std::move(path)};
  for (const core::Link& link : model.site.links) {
    if (link.data_cap) book.m_links[link.name].period = link.data_cap->period;
  }
  if (auto read = book.read(); !read) return core::Unexpected{read.error()};
  return book;
}

core::Expected<void> DataPlanBook::read() {
  std::error_code none;
  if (!std::filesystem::exists(m_path, none)) return {};
  std::ifstream in(m_path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (!in) return core::fail("unreadable", fmt::format("{} cannot be read", m_path));
  json::error_code ec;
  const json::value root = json::parse(text, ec);
  if (ec) return bad_state(m_path, "is not JSON: " + ec.message());
  const json::object* plans = object_in(root, "data-plans");
  if (plans == nullptr) return bad_state(m_path, "has no object data-plans");
  for (const auto& [name, value] : *plans) {
    const std::string link{name};
    const auto found = m_links.find(core::LinkName{link});
    if (found == m_links.end()) continue;
    const auto page = parse_page(value);
    if (!page) {
      return bad_state(m_path, fmt::format("data-plans.{}: {}, {}, {} and {} are whole numbers "
                                           "from 0 on",
                                           link, kUsed, kEnds, kSaved, kCounted));
    }
    found->second.page = *page;
  }
  return {};
}

/// A period that ended meanwhile keeps its part of what was counted, by time.
core::LinkUsage DataPlanBook::usage_of(const core::LinkCounters& sample, const Link& link,
                                       UnixSeconds now) {
  const Page& page = *link.page;
  const UnixSeconds period = std::max<UnixSeconds>(link.period.count / kMicrosPerSecond, 1);
  auto away = static_cast<double>(since(page.counted, sample.tx_bytes + sample.rx_bytes));
  auto used = static_cast<double>(page.used.count);
  UnixSeconds ends = page.ends;
  if (now >= ends) {
    ends += ((now - ends) / period + 1) * period;
    used = 0;
    const auto absent = static_cast<double>(std::max<UnixSeconds>(now - page.saved, 1));
    away *= std::min(1.0, static_cast<double>(now - (ends - period)) / absent);
  }
  const UnixSeconds left = std::clamp<UnixSeconds>(ends - now, 0, period);
  return {sample.link, sample.observed_at, core::Bytes{static_cast<std::int64_t>(used + away)},
          core::seconds(left)};
}

std::optional<core::LinkUsage> DataPlanBook::observe(const core::LinkCounters& sample,
                                                     UnixSeconds now) {
  const auto found = m_links.find(sample.link);
  if (found == m_links.end()) return std::nullopt;
  Link& link = found->second;
  const bool first = !link.counted;
  link.counted = sample.tx_bytes + sample.rx_bytes;
  if (!first || !link.page) return std::nullopt;
  link.awaits_engine = true;
  return usage_of(sample, link, now);
}

void DataPlanBook::turn_page(Link& link, const core::LinkStatus& status, UnixSeconds now) {
  if (!link.counted || !status.data_plan) return;
  if (link.awaits_engine && !status.data_plan->told) return;
  link.awaits_engine = false;
  link.page = Page{status.data_plan->used, now + status.data_plan->left.count / kMicrosPerSecond,
                   now, *link.counted};
}

core::Expected<void> DataPlanBook::save(const core::Status& status, UnixSeconds now) {
  json::object pages;
  for (const core::LinkStatus& known : status.links) {
    const auto found = m_links.find(known.name);
    if (found == m_links.end()) continue;
    turn_page(found->second, known, now);
    if (!found->second.page) continue;
    const Page& page = *found->second.page;
    pages[known.name.text] = json::object{{kUsed, page.used.count},
                                          {kEnds, page.ends},
                                          {kSaved, page.saved},
                                          {kCounted, page.counted}};
  }
  if (pages.empty()) return {};
  const std::string draft = m_path + ".part";
  std::ofstream out(draft, std::ios::binary);
  out << json::serialize(json::object{{"data-plans", pages}}) << '\n';
  out.close();
  if (!out || std::rename(draft.c_str(), m_path.c_str()) != 0) {
    return core::fail("write-failed", fmt::format("{} cannot be written", m_path));
  }
  return {};
}

}  // namespace wanwise::cli
