#include "tests/support/golden_runner.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "engine/policy/load.hpp"
#include "engine/runtime/loop.hpp"
#include "tests/support/event_json.hpp"
#include "tests/support/json_line.hpp"

namespace wanwise::testing {

namespace fs = std::filesystem;

namespace {

/// An engine that is woken more often than this between two lines does not come to rest.
constexpr int kMostTicks = 100'000;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> sorted(const fs::path& folder, bool (*wanted)(const fs::path&)) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (wanted(entry.path())) out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

bool ends_with(const fs::path& path, const std::string& suffix) {
  const std::string name = path.filename().string();
  return name.size() > suffix.size() &&
         name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0;
}

core::Expected<core::Model> load_model(const fs::path& folder, const fs::path& schema_dir) {
  fs::path site = folder / "site";
  if (!fs::exists(site)) site = folder.parent_path() / "site";
  const auto texts = policy::read_documents({site.string()});
  if (!texts) return core::fail("golden-site", policy::to_string(texts.error().front()));
  auto loaded = policy::load(*texts, schema_dir.string());
  if (!loaded) return core::fail("golden-site", policy::to_string(loaded.error().front()));
  if (loaded->sites.size() != 1) {
    return core::fail("golden-site",
                      "a case has one site, this one " + std::to_string(loaded->sites.size()));
  }
  return std::move(loaded->sites.front().model);
}

/// What a step directory's file NN says the engine did.
struct Outcome {
  std::string actions;
  std::string explanations;
  core::Counters counters;
};

class Runner {
 public:
  explicit Runner(core::Model model) : m_engine(std::move(model)) {}

  /// All lines of one input file; an error names its line.
  core::Expected<Outcome> run(const fs::path& input) {
    m_outcome = {};
    std::istringstream lines(read_file(input));
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
      if (line.empty() || line[0] == '#') continue;
      const auto done = take(line);
      if (!done) {
        return core::fail("golden-input",
                          "line " + std::to_string(number) + ": " + done.error().message);
      }
    }
    m_outcome.actions += to_json(m_outcome.counters) + '\n';
    return m_outcome;
  }

 private:
  core::Expected<void> take(const std::string& line) {
    JsonLine directive(line);
    if (directive.has("until_ms")) {
      const core::Instant until{directive.thousandths("until_ms", 0)};
      if (const std::string wrong = directive.done(); !wrong.empty()) {
        return core::fail("golden-input", wrong);
      }
      return tick_until(until);
    }
    const EventContext context{[this](const std::string& which) { return action_of(which); },
                               [this](const core::RouterName& router) { return applied(router); }};
    const auto event = event_from_json(line, context);
    if (!event) return core::Unexpected<core::Error>{event.error()};
    const auto ticked = tick_until(event->at);
    if (!ticked) return ticked;
    apply(*event);
    return {};
  }

  /// The wake-ups the engine asked for, as the loop would give them.
  core::Expected<void> tick_until(core::Instant until) {
    for (int ticks = 0; ticks < kMostTicks; ++ticks) {
      const auto wakeup = m_engine.next_wakeup();
      if (!wakeup) return {};
      const core::Instant at = std::max(*wakeup, m_last_tick + runtime::kTickSpacing);
      if (at > until) return {};
      m_last_tick = at;
      apply({at, core::Tick{}});
    }
    return core::fail("golden-input", "the engine does not come to rest");
  }

  void apply(const core::Event& event) {
    const core::Step step = m_engine.apply(event);
    for (const core::Action& action : step.actions) {
      remember(action);
      m_outcome.actions += to_json(action, event.at) + '\n';
    }
    for (const core::Explanation& explanation : step.explanations) {
      m_outcome.explanations += to_text(explanation);
    }
    core::Counters& sum = m_outcome.counters;
    sum.events += step.counters.events;
    sum.decisions += step.counters.decisions;
    sum.nodes_visited += step.counters.nodes_visited;
    sum.options_evaluated += step.counters.options_evaluated;
    sum.paths_computed += step.counters.paths_computed;
  }

  void remember(const core::Action& action) {
    if (const auto* qos = std::get_if<core::ApplyQos>(&action.body)) {
      m_actions["qos " + qos->desired.router.text] = action.id;
      m_applied[qos->desired.router] = qos->desired;
    } else {
      const auto& place = std::get<core::PlaceWorkload>(action.body);
      m_actions["place " + place.workload.text] = action.id;
    }
  }

  [[nodiscard]] std::optional<core::ActionId> action_of(const std::string& which) const {
    const auto found = m_actions.find(which);
    if (found == m_actions.end()) return std::nullopt;
    return found->second;
  }
  [[nodiscard]] std::optional<core::RouterQos> applied(const core::RouterName& router) const {
    const auto found = m_applied.find(router);
    if (found == m_applied.end()) return std::nullopt;
    return found->second;
  }

  core::Engine m_engine;
  core::Instant m_last_tick{INT64_MIN / 2};
  std::map<std::string, core::ActionId> m_actions;  ///< last one of each kind and name
  std::map<core::RouterName, core::RouterQos> m_applied;
  Outcome m_outcome;
};

std::string first_difference(const std::string& wanted, const std::string& got) {
  std::istringstream wanted_lines(wanted), got_lines(got);
  std::string want, have;
  for (int number = 1;; ++number) {
    const bool more = static_cast<bool>(std::getline(wanted_lines, want));
    const bool more_got = static_cast<bool>(std::getline(got_lines, have));
    if (more && more_got && want == have) continue;
    if (!more && !more_got) return "the ends of lines differ";
    return "line " + std::to_string(number) + "\n  wanted: " + (more ? want : "(end)") +
           "\n  got:    " + (more_got ? have : "(end)");
  }
}

void compare(const fs::path& file, const std::string& got, bool update,
             std::vector<std::string>& differences) {
  if (update) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << got;
    return;
  }
  if (!fs::exists(file)) {
    differences.push_back(file.filename().string() + ": missing");
    return;
  }
  const std::string wanted = read_file(file);
  if (wanted != got) {
    differences.push_back(file.filename().string() + ": " + first_difference(wanted, got));
  }
}

/// An expectation whose input is gone would never be looked at again.
void find_orphans(const fs::path& folder, std::vector<std::string>& differences) {
  for (const auto& [suffix, length] : {std::pair{"-actions.jsonl", 14}, {"-explain.txt", 12}}) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (!ends_with(entry.path(), suffix)) continue;
      std::string name = entry.path().filename().string();
      name.resize(name.size() - static_cast<std::size_t>(length));
      if (!fs::exists(folder / (name + "-input.jsonl"))) {
        differences.push_back(entry.path().filename().string() + ": has no input");
      }
    }
  }
}

}  // namespace

std::vector<fs::path> golden_cases(const fs::path& root) {
  if (!fs::exists(root)) return {};
  return sorted(root, [](const fs::path& path) {
    return fs::is_directory(path) && path.filename() != "site";
  });
}

std::vector<std::string> run_golden_case(const fs::path& folder, const fs::path& schema_dir,
                                         bool update) {
  std::vector<std::string> differences;
  auto model = load_model(folder, schema_dir);
  if (!model) return {"site: " + model.error().message};
  const auto inputs =
      sorted(folder, [](const fs::path& path) { return ends_with(path, "-input.jsonl"); });
  if (inputs.empty()) differences.push_back("no NN-input.jsonl");
  Runner runner(std::move(*model));
  for (const fs::path& input : inputs) {
    const auto outcome = runner.run(input);
    if (!outcome) {
      differences.push_back(input.filename().string() + ": " + outcome.error().message);
      return differences;
    }
    const std::string name = input.string();
    const std::string stem = name.substr(0, name.size() - std::string("-input.jsonl").size());
    compare(stem + "-actions.jsonl", outcome->actions, update, differences);
    compare(stem + "-explain.txt", outcome->explanations, update, differences);
  }
  find_orphans(folder, differences);
  return differences;
}

bool golden_update_wanted() {
  const char* wanted = std::getenv("WANWISE_UPDATE_GOLDEN");
  return wanted != nullptr && std::string(wanted) == "1";
}

}  // namespace wanwise::testing
