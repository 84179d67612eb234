#include "sim/router/faults/fault_script.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace wanwise::router {
namespace {

using core::Expected;
using std::chrono::milliseconds;

constexpr std::int64_t kMaxMs = 86'400'000;  // a day: longer is a typing error

constexpr std::array<std::string_view, 21> kOperations = {"get",
                                                          "get-config",
                                                          "edit-config",
                                                          "lock",
                                                          "unlock",
                                                          "validate",
                                                          "discard-changes",
                                                          "commit",
                                                          "cancel-commit",
                                                          "kill-session",
                                                          "get-schema",
                                                          "establish-subscription",
                                                          "delete-subscription",
                                                          "create-subscription",
                                                          "save-config",
                                                          "checkpoint",
                                                          "rollback",
                                                          "revert",
                                                          "is-syncing",
                                                          "sync-from",
                                                          "netconf-session-id"};
// RFC 6241 appendix A.
constexpr std::array<std::string_view, 19> kTags = {"in-use",
                                                    "invalid-value",
                                                    "too-big",
                                                    "missing-attribute",
                                                    "bad-attribute",
                                                    "unknown-attribute",
                                                    "missing-element",
                                                    "bad-element",
                                                    "unknown-element",
                                                    "unknown-namespace",
                                                    "access-denied",
                                                    "lock-denied",
                                                    "resource-denied",
                                                    "rollback-failed",
                                                    "data-exists",
                                                    "data-missing",
                                                    "operation-not-supported",
                                                    "operation-failed",
                                                    "malformed-message"};
constexpr const char* kRequestActions =
    "cut before|during|after, hang before|after, error TAG [message], bad-cli COMMAND, ignore, "
    "delay MS, exit before|after";
constexpr const char* kTimedActions =
    "restart SECONDS, sync SECONDS, cli FILE, subscriptions N, interface NAME up|down, cut";

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& all, std::string_view word) {
  return std::find(all.begin(), all.end(), word) != all.end();
}

template <std::size_t N>
std::string list_of(const std::array<std::string_view, N>& all) {
  std::string out;
  for (const std::string_view word : all) out += (out.empty() ? "" : ", ") + std::string(word);
  return out;
}

core::Unexpected<core::Error> bad(const std::string& what, const std::string& allowed) {
  return core::fail("bad-fault-script", what + " (allowed: " + allowed + ")");
}

/// Takes words from the front of a line.
class Words {
 public:
  explicit Words(std::string_view line) : m_rest(line) { trim(); }
  std::string next() {
    const std::size_t end = std::min(m_rest.find_first_of(" \t"), m_rest.size());
    std::string word(m_rest.substr(0, end));
    m_rest.remove_prefix(end);
    trim();
    return word;
  }
  [[nodiscard]] std::string rest() const { return std::string(m_rest); }
  [[nodiscard]] bool empty() const { return m_rest.empty(); }

 private:
  void trim() {
    while (!m_rest.empty() && std::string_view(" \t\r").find(m_rest.front()) != m_rest.npos)
      m_rest.remove_prefix(1);
    while (!m_rest.empty() && std::string_view(" \t\r").find(m_rest.back()) != m_rest.npos)
      m_rest.remove_suffix(1);
  }
  std::string_view m_rest;
};

template <class Number>
std::optional<Number> number_in(const std::string& word) {
  Number value{};
  const char* last = word.data() + word.size();
  const auto [end, error] = std::from_chars(word.data(), last, value);
  if (word.empty() || error != std::errc{} || end != last) return std::nullopt;
  return value;
}

std::optional<milliseconds> seconds_in(const std::string& word) {
  const auto value = number_in<double>(word);
  if (!value || !std::isfinite(*value) || *value < 0 || *value * 1000 > double(kMaxMs))
    return std::nullopt;
  return milliseconds(std::llround(*value * 1000));
}

std::optional<FaultPhase> phase_in(const std::string& word) {
  if (word == "before") return FaultPhase::before;
  if (word == "during") return FaultPhase::during;
  if (word == "after") return FaultPhase::after;
  return std::nullopt;
}

Expected<RequestRule> with_phase(RequestRule rule, Words& words, RequestFault what) {
  const std::string word = words.next();
  const auto phase = phase_in(word);
  const bool cut = what == RequestFault::cut;
  if (!phase || (!cut && *phase == FaultPhase::during)) {
    return bad("when is \"" + word + "\"?", cut ? "before, during, after" : "before, after");
  }
  rule.what = what;
  rule.when = *phase;
  return rule;
}

Expected<RequestRule> request_action(RequestRule rule, Words& words) {
  const std::string action = words.next();
  if (action == "cut") return with_phase(std::move(rule), words, RequestFault::cut);
  if (action == "hang") return with_phase(std::move(rule), words, RequestFault::hang);
  if (action == "exit") return with_phase(std::move(rule), words, RequestFault::exit);
  if (action == "error") {
    rule.what = RequestFault::error;
    rule.tag = words.next();
    rule.text = words.rest();
    words = Words("");
    if (contains(kTags, rule.tag)) return rule;
    return bad("error-tag \"" + rule.tag + "\" is unknown", list_of(kTags));
  }
  if (action == "bad-cli") {
    rule.what = RequestFault::bad_cli;
    rule.text = words.rest();
    words = Words("");
    if (!rule.text.empty()) return rule;
    return bad("bad-cli names no command", "bad-cli COMMAND");
  }
  if (action == "ignore") {
    rule.what = RequestFault::ignore;
    return rule;
  }
  if (action == "delay") {
    const std::string word = words.next();
    const auto value = number_in<std::int64_t>(word);
    if (!value || *value < 0 || *value > kMaxMs)
      return bad("delay \"" + word + "\" is no time", "0.." + std::to_string(kMaxMs) + " ms");
    rule.what = RequestFault::delay;
    rule.delay = milliseconds(*value);
    return rule;
  }
  return bad("action \"" + action + "\" is unknown after `on`", kRequestActions);
}

Expected<RequestRule> request_rule(Words& words) {
  RequestRule rule;
  const std::string word = words.next();
  const std::size_t mark = word.find('#');
  rule.operation = word.substr(0, mark);
  if (!contains(kOperations, rule.operation))
    return bad("operation \"" + rule.operation + "\" is unknown", list_of(kOperations));
  if (mark != std::string::npos) {
    rule.nth = number_in<std::uint64_t>(word.substr(mark + 1));
    if (!rule.nth || *rule.nth == 0)
      return bad("\"" + word + "\" names no request", rule.operation + "#1 for the first");
  }
  rule.say = words.rest();
  return request_action(std::move(rule), words);
}

Expected<TimedRule> with_seconds(TimedRule rule, Words& words, TimedFault what) {
  const std::string word = words.next();
  const auto length = seconds_in(word);
  if (!length) return bad("\"" + word + "\" is no number of seconds", "0..86400");
  rule.what = what;
  rule.length = *length;
  return rule;
}

Expected<TimedRule> with_interface(TimedRule rule, Words& words) {
  rule.what = TimedFault::interface;
  rule.interface = words.next();
  const std::string word = words.next();
  rule.up = word == "up";
  if (!rule.up && word != "down") return bad("how is \"" + rule.interface + "\"?", "up, down");
  return rule;
}

Expected<TimedRule> timed_action(TimedRule rule, Words& words) {
  const std::string action = words.next();
  if (action == "restart") return with_seconds(std::move(rule), words, TimedFault::restart);
  if (action == "sync") return with_seconds(std::move(rule), words, TimedFault::sync);
  if (action == "interface") return with_interface(std::move(rule), words);
  if (action == "cut") {
    rule.what = TimedFault::cut;
    return rule;
  }
  if (action == "cli") {
    rule.what = TimedFault::cli;
    rule.file = words.rest();
    words = Words("");
    if (!rule.file.empty()) return rule;
    return bad("cli names no file", "cli FILE");
  }
  if (action == "subscriptions") {
    const std::string word = words.next();
    const auto count = number_in<std::uint32_t>(word);
    if (!count) return bad("\"" + word + "\" is no number of subscriptions", "0, 1, 2, ...");
    rule.what = TimedFault::subscriptions;
    rule.count = *count;
    return rule;
  }
  return bad("action \"" + action + "\" is unknown after `at`", kTimedActions);
}

Expected<TimedRule> timed_rule(Words& words) {
  TimedRule rule;
  const std::string say = words.rest();
  const std::string word = words.next();
  const auto at = seconds_in(word);
  if (!at) return bad("\"" + word + "\" is no number of seconds", "0..86400");
  rule.at = *at;
  rule.say = say;
  return timed_action(std::move(rule), words);
}

/// Adds the rule of a line; what is wrong with it, or nothing.
std::string read_line(std::string_view line, FaultScript& script) {
  Words words(line);
  if (words.empty() || words.rest().front() == '#') return "";
  const std::string kind = words.next();
  if (kind == "on") {
    auto rule = request_rule(words);
    if (!rule) return rule.error().message;
    script.requests.push_back(std::move(*rule));
  } else if (kind == "at") {
    auto rule = timed_rule(words);
    if (!rule) return rule.error().message;
    script.timed.push_back(std::move(*rule));
  } else {
    return "\"" + kind + "\" begins no line (allowed: on OPERATION[#N] ACTION, at SECONDS ACTION)";
  }
  return words.empty() ? "" : "\"" + words.rest() + "\" is too much (allowed: end of the line)";
}

Expected<std::string> whole_file(const std::string& file) {
  std::ifstream in(file);
  if (!in || std::filesystem::is_directory(file))
    return core::fail("bad-fault-script", file + ": cannot be read");
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

Expected<FaultScript> parse_fault_script(const std::string& name, std::string_view text) {
  FaultScript script;
  std::string complaints;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string at = name + ":" + std::to_string(++number) + ": ";
    if (number > kMaxFaultLines)
      return core::fail("bad-fault-script",
                        at + "too long (allowed: " + std::to_string(kMaxFaultLines) + " lines)");
    const std::string complaint = read_line(text.substr(0, end), script);
    if (!complaint.empty()) complaints += (complaints.empty() ? "" : "\n") + at + complaint;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!complaints.empty()) return core::fail("bad-fault-script", complaints);
  std::stable_sort(script.timed.begin(), script.timed.end(),
                   [](const TimedRule& a, const TimedRule& b) { return a.at < b.at; });
  return script;
}

Expected<FaultScript> read_fault_script(const std::string& file) {
  const auto text = whole_file(file);
  if (!text) return core::Unexpected<core::Error>{text.error()};
  auto script = parse_fault_script(file, *text);
  if (!script) return script;
  for (TimedRule& rule : script->timed) {
    if (rule.what != TimedFault::cli) continue;
    auto content = whole_file((std::filesystem::path(file).parent_path() / rule.file).string());
    if (!content) return core::fail("bad-fault-script", file + ": " + content.error().message);
    rule.text = std::move(*content);
  }
  return script;
}

}  // namespace wanwise::router
