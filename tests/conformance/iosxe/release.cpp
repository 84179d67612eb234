#include "tests/conformance/iosxe/release.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

#include "adapters/iosxe/xml/xml.hpp"

namespace wanwise::iosxe::conformance {
namespace {

namespace fs = std::filesystem;

const std::string kOurs = WANWISE_SOURCE_DIR "/yang/iosxe";
const std::string kIetf = WANWISE_SOURCE_DIR "/yang/ietf";
const std::string kShared = WANWISE_SOURCE_DIR "/../shared/yang-xe";
constexpr const char* kNative = "Cisco-IOS-XE-native";
constexpr const char* kYangSet = "/yang-set-ir1101.xml";
constexpr const char* kHello = "/capability-ir1101.xml";

/// Not of the projection, but native is not the IR1101's without them: its features, and the parts
/// that give interfaces what policies hang on.
const std::vector<std::string> kNeighbours{"ietf-netconf", "Cisco-IOS-XE-features",
                                           "Cisco-IOS-XE-cellular", "Cisco-IOS-XE-ethernet"};

std::vector<std::string> split(const std::string& text, char by) {
  std::vector<std::string> parts;
  std::istringstream in{text};
  for (std::string part; std::getline(in, part, by);) {
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

std::string text_of(const std::string& file) {
  std::ifstream in{file};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// A file `name.yang` or `name@revision.yang`.
bool has_module(const std::string& folder, const std::string& name) {
  if (fs::exists(folder + "/" + name + ".yang")) return true;
  const auto is_of = [&](const fs::directory_entry& entry) {
    const std::string file = entry.path().filename().string();
    return file.starts_with(name + "@") && file.ends_with(".yang");
  };
  return std::any_of(fs::directory_iterator{folder}, fs::directory_iterator{}, is_of);
}

std::string module_text(const std::string& folder, const std::string& name) {
  std::string file = folder + "/" + name + ".yang";
  for (const auto& entry : fs::directory_iterator{folder}) {
    const std::string other = entry.path().filename().string();
    if (other.starts_with(name + "@")) file = entry.path().string();
  }
  return text_of(file);
}

bool is_release(const fs::path& folder) {
  return fs::is_directory(folder) && has_module(folder.string(), kNative);
}

void add_releases(const fs::path& folder, std::vector<Release>& releases) {
  if (is_release(folder)) {
    const fs::path name = folder.has_filename() ? folder : folder.parent_path();
    releases.push_back({name.filename().string(), folder.string()});
  } else if (fs::is_directory(folder)) {
    for (const auto& entry : fs::directory_iterator{folder}) {
      if (is_release(entry.path()))
        releases.push_back({entry.path().filename().string(), entry.path().string()});
    }
  }
}

void read_yang_set(const std::string& text, DeviceModules& modules) {
  const auto document = XmlDocument::parse(text);
  if (!document) return;  // 17.18.1 was published with the words of a failed connection in it
  const XmlNode data = document->root().child("data");
  for (const XmlNode module : data.child("modules-state").children("module")) {
    if (module.child("conformance-type").text() != "implement") continue;
    DeviceModule read;
    read.revision = module.child("revision").text();
    for (const XmlNode one : module.children("feature")) read.features.emplace_back(one.text());
    for (const XmlNode one : module.children("deviation"))
      read.deviations.emplace_back(one.child("name").text());
    modules[std::string{module.child("name").text()}] = std::move(read);
  }
}

/// "…?module=NAME&revision=…&features=a,b&deviations=c" (RFC 6020 5.6.4).
void read_capability(const std::string& capability, DeviceModules& modules) {
  const std::size_t question = capability.find('?');
  if (question == std::string::npos) return;
  std::string name;
  DeviceModule read;
  for (const std::string& pair : split(capability.substr(question + 1), '&')) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos) continue;
    const std::string key = pair.substr(0, equals);
    const std::string value = pair.substr(equals + 1);
    if (key == "module") name = value;
    if (key == "revision") read.revision = value;
    if (key == "features") read.features = split(value, ',');
    if (key == "deviations") read.deviations = split(value, ',');
  }
  if (!name.empty()) modules.try_emplace(name, std::move(read));
}

void read_hello(const std::string& text, DeviceModules& modules) {
  const auto document = XmlDocument::parse(text);
  if (!document) return;
  for (const XmlNode one : document->root().child("capabilities").children("capability"))
    read_capability(std::string{one.text()}, modules);
}

ContextPtr new_context(const std::vector<std::string>& folders) {
  silence_libyang();
  ly_ctx* made = nullptr;
  // Compiled at once: one by one takes eight times as long with the real modules.
  constexpr auto kOptions =
      LY_CTX_NO_YANGLIBRARY | LY_CTX_DISABLE_SEARCHDIR_CWD | LY_CTX_EXPLICIT_COMPILE;
  if (ly_ctx_new(folders.front().c_str(), kOptions, &made) != LY_SUCCESS) return nullptr;
  for (std::size_t i = 1; i < folders.size(); ++i) ly_ctx_set_searchdir(made, folders[i].c_str());
  return ContextPtr{made};
}

bool load(ly_ctx* context, const std::string& name, std::vector<std::string> features) {
  std::vector<const char*> on;
  for (const std::string& feature : features) on.push_back(feature.c_str());
  on.push_back(nullptr);
  if (ly_ctx_load_module(context, name.c_str(), nullptr, on.data()) != nullptr) return true;
  ADD_FAILURE() << name << ": " << last_error(context);
  return false;
}

/// Whether the text of a deviation module changes a node of one of `modules`: by the module of the
/// last step of each `deviation` path (RFC 7950 7.20.3). Others are left out: they drag in modules
/// that wanwise has nothing to do with, some of which libyang 2.1.30 refuses.
bool deviates_from(const std::string& text, const std::vector<std::string>& modules) {
  std::map<std::string, std::string> by_prefix;
  static const std::regex kImport{R"(import\s+([\w.-]+)\s*\{[^}]*prefix\s+\"?([\w.-]+)\"?\s*;)"};
  static const std::regex kPath{R"(\bdeviation\s+([^{]+)\{)"};
  for (std::sregex_iterator at{text.begin(), text.end(), kImport}, end; at != end; ++at)
    by_prefix[(*at)[2]] = (*at)[1];
  for (std::sregex_iterator at{text.begin(), text.end(), kPath}, end; at != end; ++at) {
    std::string path = (*at)[1];
    std::erase_if(path, [](char c) { return c == '"' || c == '+' || c == ' ' || c == '\n'; });
    const std::size_t slash = path.rfind('/');
    const std::size_t colon = path.find(':', slash);
    if (slash == std::string::npos || colon == std::string::npos) continue;
    const auto module = by_prefix.find(path.substr(slash + 1, colon - slash - 1));
    if (module == by_prefix.end()) continue;
    if (std::find(modules.begin(), modules.end(), module->second) != modules.end()) return true;
  }
  return false;
}

/// The module with the features it has on the IR1101, and with what that platform deviates in.
bool load_of_device(LoadedRelease& loaded, const std::string& name) {
  const auto known = loaded.device.find(name);
  if (known == loaded.device.end()) return load(loaded.context.get(), name, {"*"});
  if (!load(loaded.context.get(), name, known->second.features)) return false;
  for (const std::string& deviation : known->second.deviations) {
    if (!has_module(loaded.release.folder, deviation)) {
      loaded.notes.push_back("no file of " + deviation + ", which deviates from " + name);
    } else if (!deviates_from(module_text(loaded.release.folder, deviation),
                              projection_modules(kOurs))) {
      continue;
    } else if (!load(loaded.context.get(), deviation, {"*"})) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::vector<Release> find_releases() {
  std::vector<Release> releases;
  const char* folders = std::getenv(kFoldersVariable);
  for (const std::string& folder : split(folders != nullptr ? folders : kShared, ':'))
    add_releases(folder, releases);
  std::sort(releases.begin(), releases.end(),
            [](const Release& a, const Release& b) { return a.name < b.name; });
  return releases;
}

DeviceModules device_modules(const std::string& folder) {
  DeviceModules modules;
  const std::string set = text_of(folder + kYangSet);
  const std::string hello = text_of(folder + kHello);
  if (!set.empty()) read_yang_set(set, modules);
  if (!hello.empty()) read_hello(hello, modules);
  return modules;
}

std::vector<std::string> projection_modules(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator{folder}) {
    if (entry.path().extension() == ".yang") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

ContextPtr load_projection(const std::vector<std::string>& folders) {
  ContextPtr context = new_context(folders);
  if (context == nullptr) return nullptr;
  for (const std::string& name : projection_modules(folders.front())) {
    if (!load(context.get(), name, {"*"})) return nullptr;
  }
  if (ly_ctx_compile(context.get()) == LY_SUCCESS) return context;
  ADD_FAILURE() << last_error(context.get());
  return nullptr;
}

std::string LoadedRelease::revision(const std::string& module) const {
  const lys_module* found = ly_ctx_get_module_implemented(context.get(), module.c_str());
  return found != nullptr && found->revision != nullptr ? found->revision : "";
}

std::optional<LoadedRelease> load_release(const Release& release) {
  LoadedRelease loaded{release, device_modules(release.folder), {}, {}, {}};
  loaded.context = new_context({release.folder, kIetf});
  if (loaded.context == nullptr) {
    ADD_FAILURE() << "no context for " << release.folder;
    return std::nullopt;
  }
  for (const std::string& name : kNeighbours) {
    if (!load_of_device(loaded, name)) return std::nullopt;
  }
  for (const std::string& name : projection_modules(kOurs)) {
    if (!has_module(release.folder, name)) {
      loaded.absent.push_back(name);
    } else if (!load_of_device(loaded, name)) {
      return std::nullopt;
    }
  }
  if (ly_ctx_compile(loaded.context.get()) == LY_SUCCESS) return loaded;
  ADD_FAILURE() << release.name << ": " << last_error(loaded.context.get());
  return std::nullopt;
}

const LoadedRelease* loaded(const Release& release) {
  static std::optional<LoadedRelease> s_loaded;
  if (!s_loaded || s_loaded->release.folder != release.folder) {
    s_loaded.reset();
    s_loaded = load_release(release);
  }
  return s_loaded ? &*s_loaded : nullptr;
}

std::string name_of_instance(const testing::TestParamInfo<Release>& instance) {
  std::string name = instance.param.name;
  std::erase_if(name, [](unsigned char c) { return std::isalnum(c) == 0; });
  return "Xe" + name + "_" + std::to_string(instance.index);
}

}  // namespace wanwise::iosxe::conformance
