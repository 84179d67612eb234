#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "sim/study/language/study_reading.hpp"
#include "sim/world/kernel/text_file.hpp"

namespace wanwise::sim {
namespace {

using policy::Unit;
using policy::YamlNode;

constexpr Range kRates{8'000, 10'000'000'000};  // wanwise-types.yang
constexpr std::string_view kTraces = "traces:";
// Notes about recordings that are repeated to people; `wanwise trace info` tells them all.
constexpr std::size_t kNotesTold = 3;

void tell_notes(StudyReading& r, const std::string& path, const TraceNotes& notes) {
  const std::size_t told = std::min(notes.lines.size(), kNotesTold);
  for (std::size_t i = 0; i < told; ++i) r.loaded.notes.push_back(path + ": " + notes.lines[i]);
  if (notes.lines.size() > told)
    r.loaded.notes.push_back(path + ": and " + std::to_string(notes.lines.size() - told) +
                             " more notes; `wanwise trace info` tells them");
}

/// Reads with `reader`, and tells what is wrong or was noticed.
template <class Reader>
auto read_file(StudyReading& r, Section& section, std::string_view key, Reader reader)
    -> std::optional<decltype(reader(std::string{}).value().trace)> {
  const auto path = resolve_path(r, section, key);
  if (!path) return std::nullopt;
  auto loaded = reader(*path);
  if (!loaded || !hash_file(r, *path)) {
    section.refuse(key, loaded ? *path + " cannot be read" : loaded.error().message);
    return std::nullopt;
  }
  tell_notes(r, *path, loaded->notes);
  return std::move(loaded->trace);
}

std::shared_ptr<const Recording> read_recording(StudyReading& r, Section& section) {
  Recording recording;
  auto uplink = read_file(r, section, "uplink-file", read_rate_trace);
  if (section.node("downlink-file") != nullptr)
    recording.downlink = read_file(r, section, "downlink-file", read_rate_trace);
  if (section.node("radio-file") != nullptr)
    recording.radio = read_file(r, section, "radio-file", read_radio_trace);
  if (!uplink) return nullptr;
  recording.uplink = std::move(*uplink);
  return std::make_shared<const Recording>(std::move(recording));
}

/// Keys that say nothing beside the kind of source that was chosen.
void refuse_idle(Section& section, const std::string& chosen,
                 const std::vector<std::string>& idle) {
  for (const std::string& key : idle)
    if (section.node(key) != nullptr)
      section.refuse(key, "'" + key + "' has no effect beside '" + chosen + "'");
}

}  // namespace

std::optional<std::string> resolve_path(StudyReading& r, Section& section, std::string_view key) {
  const auto text = section.text(key);
  if (!text) return std::nullopt;
  if (!text->starts_with(kTraces)) return (std::filesystem::path{r.folder} / *text).string();
  if (r.options.traces_dir.empty()) {
    section.refuse(key, "'traces:' stands for the folder of --traces, which was not given");
    return std::nullopt;
  }
  return (std::filesystem::path{r.options.traces_dir} / text->substr(kTraces.size())).string();
}

bool hash_file(StudyReading& r, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  r.hash.add(text);
  return file.is_open() && !file.bad();
}

bool known(Section& section, std::string_view key, const std::string& name, std::string_view what,
           const std::vector<std::string>& names) {
  if (std::find(names.begin(), names.end(), name) != names.end()) return true;
  section.refuse(key,
                 "there is no " + std::string{what} + ' ' + policy::in_quotes(name) +
                     policy::did_you_mean(name, names),
                 policy::listed(names));
  return false;
}

std::optional<LinkSource> read_link_source(StudyReading& r, Section& section,
                                           const core::Link& link) {
  LinkSource source{LinkSource::Kind::constant, link.uplink, link.downlink, nullptr};
  const std::array<std::string, 3> kinds{"generate", "constant", "uplink-file"};
  std::vector<std::string> chosen;
  for (const std::string& kind : kinds)
    if (section.node(kind) != nullptr) chosen.push_back(kind);
  if (chosen.size() != 1) {
    section.refuse_all(chosen.empty() ? "says nothing of where the rate comes from"
                                      : "has more than one source of the rate",
                       "one of generate, constant, uplink-file");
    return std::nullopt;
  }
  section.read("downlink", Unit::rate, kRates, source.downlink);
  if (chosen.front() == "generate") {
    const auto law = section.word("generate", {"lte-driving", "nr-static"});
    source.kind = law.value_or("") == "nr-static" ? LinkSource::Kind::nr_static
                                                  : LinkSource::Kind::lte_driving;
    section.read("uplink", Unit::rate, kRates, source.uplink);
    refuse_idle(section, "generate", {"downlink-file", "radio-file"});
    if (link.kind != core::LinkKind::cellular)
      section.refuse("generate", "link " + link.name.text + " is wired; generated are radio links");
  } else if (chosen.front() == "constant") {
    section.read("constant", Unit::rate, kRates, source.uplink);
    refuse_idle(section, "constant", {"uplink", "downlink-file", "radio-file"});
  } else {
    source.kind = LinkSource::Kind::recording;
    refuse_idle(section, "uplink-file", {"uplink"});
    if (section.node("downlink-file") != nullptr)
      refuse_idle(section, "downlink-file", {"downlink"});
    if (link.kind != core::LinkKind::cellular && section.node("radio-file") != nullptr)
      section.refuse("radio-file", "link " + link.name.text + " is wired");
    source.recording = read_recording(r, section);
    if (!source.recording) return std::nullopt;
  }
  return source;
}

void read_links(StudyReading& r, Section& root) {
  const core::Model& model = r.loaded.base.model;
  for (const core::Link& link : model.site.links)
    r.loaded.base.links[link.name] = {LinkSource::Kind::constant, link.uplink, link.downlink,
                                      nullptr};
  const auto& items = root.list("links");
  std::vector<std::string> seen;
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::vector<std::string> keys{"link"};
    keys.insert(keys.end(), kLinkSourceKeys.begin(), kLinkSourceKeys.end());
    Section section(r.reading, items[i], item_path("links", items[i], i, "link"), "a link", keys);
    section.need({"link"});
    const auto name = section.text("link");
    if (!name) continue;
    if (!known(section, "link", *name, "link", selectable(model, Subject::link))) continue;
    if (std::find(seen.begin(), seen.end(), *name) != seen.end()) {
      section.refuse("link", "link " + policy::in_quotes(*name) + " is here twice");
      continue;
    }
    seen.push_back(*name);
    const auto link = std::find_if(model.site.links.begin(), model.site.links.end(),
                                   [&](const core::Link& l) { return l.name.text == *name; });
    if (auto source = read_link_source(r, section, *link))
      r.loaded.base.links[link->name] = std::move(*source);
  }
}

}  // namespace wanwise::sim
