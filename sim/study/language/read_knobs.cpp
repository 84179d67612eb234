// Knobs of the table, wherever the study turns them: tuning, telemetry, settings, factors.
#include <algorithm>

#include "sim/study/language/study_reading.hpp"

namespace wanwise::sim {
namespace {

using policy::YamlNode;

/// "telemetry: {period: ...}" and the knobs they are.
const std::vector<std::pair<std::string, std::string>> kTelemetry{
    {"period", "telemetry-period"},
    {"delay", "telemetry-delay"},
    {"cluster-period", "cluster-period"},
    {"write", "write-time"}};
const std::vector<std::string> kTuning{
    "node-start",  "cloud-start", "modem-depth",  "modem-discard", "retransmit-after",
    "packet-loss", "size-spread", "probe-period", "probe-timeout", "tx-ring"};

std::optional<SettingValue> plain_value(const Place& place, const Settable& knob) {
  if (const auto unit = policy_unit(knob.form)) {
    const auto number = quantity_of(place, *unit, knob.range);
    return number ? std::optional{SettingValue{*number, {}}} : std::nullopt;
  }
  if (knob.form == Form::word) {
    auto text = text_of(place);
    return text ? std::optional{SettingValue{0, std::move(*text)}} : std::nullopt;
  }
  const auto number =
      knob.form == Form::count ? integer_of(place, knob.range) : factor_of(place, knob.range);
  return number ? std::optional{SettingValue{*number, {}}} : std::nullopt;
}

/// What a factor or a setting turns, and whose.
struct Target {
  std::vector<const Settable*> knobs;              ///< all of one form
  std::vector<std::vector<std::string>> subjects;  ///< for each knob; one empty name: the site
  std::vector<SettingValue> values;                ///< of the last read_level(), for axes
};

std::vector<std::string> read_subjects(StudyReading& r, Section& section, const Settable& knob) {
  const std::string key = selector_key(knob.subject);
  if (key.empty()) return {""};
  if (section.node(key) == nullptr) {
    section.refuse(key, "'" + knob.name + "' needs the key '" + key + "'");
    return {};
  }
  std::vector<std::string> names = selectable(r.loaded.base.model, knob.subject);
  const auto name = section.text(key);
  if (!name) return {};
  if (*name == "all") return names;
  names.push_back("all");
  if (!known(section, key, *name, key, names)) return {};
  return {*name};
}

std::optional<Target> read_target(StudyReading& r, Section& section) {
  const YamlNode* set = section.node("set");
  if (set == nullptr) return std::nullopt;
  std::vector<std::string> names;
  if (set->kind == YamlNode::Kind::list) {
    names = section.texts("set");
  } else if (const auto name = section.text("set")) {
    names.push_back(*name);
  }
  Target target;
  std::vector<std::string> selectors;
  for (const std::string& name : names) {
    if (!known(section, "set", name, "setting", settable_names())) return std::nullopt;
    const Settable& knob = *find_settable(name);
    if (!target.knobs.empty() && target.knobs.front()->form != knob.form) {
      section.refuse("set", "'" + target.knobs.front()->name + "' and '" + name +
                                "' do not take the same values");
      return std::nullopt;
    }
    target.knobs.push_back(&knob);
    target.subjects.push_back(read_subjects(r, section, knob));
    selectors.push_back(selector_key(knob.subject));
  }
  for (const std::string key : {"workload", "link", "target"})
    if (section.node(key) != nullptr &&
        std::find(selectors.begin(), selectors.end(), key) == selectors.end())
      section.refuse(key, "'" + key + "' has no effect on '" + policy::listed(names) + "'");
  return target.knobs.empty() ? std::nullopt : std::optional{std::move(target)};
}

std::string what_of(const Settable& knob, const std::string& subject) {
  return subject.empty() ? knob.name : knob.name + " of " + subject;
}

const core::Link& link_of(const core::Model& model, const std::string& name) {
  return *std::find_if(model.site.links.begin(), model.site.links.end(),
                       [&](const core::Link& link) { return link.name.text == name; });
}

void add_link_sources(StudyReading& r, const Place& place, const Target& target,
                      std::vector<Setting>& settings) {
  for (std::size_t i = 0; i < target.knobs.size(); ++i) {
    for (const std::string& name : target.subjects[i]) {
      Section section(r.reading, place.node, place.path, "a link's source", kLinkSourceKeys);
      if (place.node.kind != YamlNode::Kind::mapping) return;
      auto source = read_link_source(r, section, link_of(r.loaded.base.model, name));
      if (!source) return;
      settings.push_back({what_of(*target.knobs[i], name), [name, source](Draft& draft) {
                            draft.links[core::LinkName{name}] = *source;
                            return std::string{};
                          }});
    }
  }
}

/// What the value at `place` does; empty when it was refused.
std::vector<Setting> read_value(StudyReading& r, const Place& place, Target& target) {
  std::vector<Setting> settings;
  target.values.clear();
  if (target.knobs.front()->form == Form::link_source) {
    add_link_sources(r, place, target, settings);
    return settings;
  }
  if (target.knobs.front()->form == Form::story) {
    if (auto story = read_story(r, place.node, place.path))
      settings.push_back({"story", [story = std::move(*story)](Draft& draft) {
                            return draft.story = story, std::string{};
                          }});
    return settings;
  }
  for (std::size_t i = 0; i < target.knobs.size(); ++i) {
    const Settable& knob = *target.knobs[i];
    const auto value = plain_value(place, knob);
    if (!value) return {};
    target.values.push_back(*value);
    for (const std::string& name : target.subjects[i])
      settings.push_back({what_of(knob, name), [&knob, name, v = *value](Draft& draft) {
                            return knob.apply(draft, name, v);
                          }});
  }
  return settings;
}

/// "settings: [{set: rtt, link: lte, to: 20ms}]", of the study or of a level.
std::vector<Setting> read_setting_list(StudyReading& r, Section& owner) {
  std::vector<Setting> all;
  const auto& items = owner.list("settings");
  for (std::size_t i = 0; i < items.size(); ++i) {
    Section section(r.reading, items[i], item_path(owner.path_of("settings"), items[i], i),
                    "a setting", {"set", "workload", "link", "target", "to"});
    section.need({"set", "to"});
    auto target = read_target(r, section);
    const auto to = section.at("to");
    if (!target || !to) continue;
    for (Setting& setting : read_value(r, *to, *target)) all.push_back(std::move(setting));
  }
  return all;
}

class FactorReader {
 public:
  FactorReader(StudyReading& r, Section& section) : m_r(r), m_section(section) {}

  void read() {
    m_section.need({"name", "levels"});
    m_factor.name = m_section.text("name").value_or("");
    const bool twice = name_is_taken();
    const bool compound = m_section.node("set") == nullptr;
    if (!compound) m_target = read_target(m_r, m_section);
    if (compound)
      for (const std::string key : {"workload", "link", "target"})
        if (m_section.node(key) != nullptr)
          m_section.refuse(key, "'" + key + "' has no effect without 'set'");
    const auto& levels = m_section.list("levels");
    if (levels.size() > kMaxLevels)
      return m_section.refuse("levels", "more than " + std::to_string(kMaxLevels) + " levels");
    for (std::size_t i = 0; i < levels.size(); ++i) level(levels[i], i, compound);
    finish_axis();
    if (twice) return;  // what speaks of it means the first
    m_r.loaded.study.factors.push_back(std::move(m_factor));
    m_r.loaded.settings.push_back(std::move(m_settings));
    m_r.level_nodes.push_back(std::move(m_nodes));
  }

 private:
  bool name_is_taken() {
    const auto& others = m_r.loaded.study.factors;
    const bool taken = std::any_of(others.begin(), others.end(), [&](const Factor& other) {
      return other.name == m_factor.name;
    });
    if (taken)
      m_section.refuse("name", "factor " + policy::in_quotes(m_factor.name) + " is here twice");
    return taken;
  }

  void level(const YamlNode& node, std::size_t index, bool compound) {
    const std::string path = item_path(m_section.path_of("levels"), node, index, "name");
    if (node.kind == YamlNode::Kind::scalar && !compound) {
      if (m_target)
        add(node, path, node.text, read_value(m_r, {m_r.reading, node, path}, *m_target));
      return;
    }
    const std::string key = compound ? "settings" : "value";
    Section section(m_r.reading, node, path, "a level", {"name", key});
    if (node.kind != YamlNode::Kind::mapping) return;
    section.need({"name", key});
    const YamlNode* name = section.node("name");
    if (name == nullptr || name->kind != YamlNode::Kind::scalar || name->text.empty()) {
      if (name != nullptr) section.refuse("name", "is no name");
      return;
    }
    if (compound) {
      add(node, path, name->text, read_setting_list(m_r, section));
    } else if (const auto value = section.at("value"); value && m_target) {
      add(node, path, name->text, read_value(m_r, *value, *m_target));
    }
  }

  void add(const YamlNode& node, const std::string& path, const std::string& name,
           std::vector<Setting> settings) {
    for (const Level& other : m_factor.levels)
      if (other.name == name)
        return m_r.reading.refuse(node, path,
                                  "level " + policy::in_quotes(name) + " is here twice");
    if (settings.empty()) return;
    m_factor.levels.push_back({name, {}});
    const bool number = m_target && !m_target->values.empty();
    m_numbers.push_back(number ? m_target->values.front().number : 0);
    m_settings.push_back(std::move(settings));
    m_nodes.push_back(&node);
  }

  void finish_axis() {
    const Form form = m_target ? m_target->knobs.front()->form : Form::story;
    const bool all_long = std::all_of(m_numbers.begin(), m_numbers.end(),
                                      [](std::int64_t number) { return number >= 1'000'000; });
    const AxisUnit axis = axis_unit(form, all_long);
    m_factor.unit = axis.unit;
    if (m_section.node("unit") != nullptr) {
      if (axis.unit.empty() && axis.scale > 0) {
        m_factor.unit = m_section.text("unit").value_or("");
      } else {
        m_section.refuse("unit", axis.scale > 0 ? "the unit is " + axis.unit + " already"
                                                : std::string{"its levels are no numbers"});
      }
    }
    if (axis.scale <= 0) return;
    for (std::size_t i = 0; i < m_factor.levels.size(); ++i)
      m_factor.levels[i].number = static_cast<double>(m_numbers[i]) / axis.scale;
  }

  StudyReading& m_r;
  Section& m_section;
  Factor m_factor;
  std::optional<Target> m_target;
  std::vector<std::int64_t> m_numbers;
  std::vector<std::vector<Setting>> m_settings;
  std::vector<const YamlNode*> m_nodes;
};

void apply_knob(StudyReading& r, Section& section, const std::string& key,
                const std::string& knob_name) {
  const auto place = section.at(key);
  if (!place) return;
  const Settable& knob = *find_settable(knob_name);
  if (const auto value = plain_value(*place, knob)) knob.apply(r.loaded.base, "", *value);
}

}  // namespace

void read_tuning(StudyReading& r, Section& root) {
  if (const YamlNode* node = root.node("telemetry")) {
    std::vector<std::string> keys;
    for (const auto& [key, knob] : kTelemetry) keys.push_back(key);
    Section section(r.reading, *node, "telemetry", "telemetry", keys);
    for (const auto& [key, knob] : kTelemetry) apply_knob(r, section, key, knob);
  }
  if (const YamlNode* node = root.node("tuning")) {
    Section section(r.reading, *node, "tuning", "tuning", kTuning);
    for (const std::string& key : kTuning) apply_knob(r, section, key, key);
  }
}

void read_settings(StudyReading& r, Section& root) {
  for (const Setting& setting : read_setting_list(r, root)) {
    const std::string problem = setting.apply(r.loaded.base);
    if (!problem.empty()) root.refuse("settings", setting.what + ": " + problem);
  }
}

void read_factors(StudyReading& r, Section& root) {
  const auto& items = root.list("factors");
  if (items.size() > kMaxFactors)
    return root.refuse("factors", "more than " + std::to_string(kMaxFactors) + " factors");
  for (std::size_t i = 0; i < items.size(); ++i) {
    Section section(r.reading, items[i], item_path("factors", items[i], i, "name"), "a factor",
                    {"name", "set", "workload", "link", "target", "unit", "levels"});
    if (items[i].kind == YamlNode::Kind::mapping) FactorReader(r, section).read();
  }
}

}  // namespace wanwise::sim
