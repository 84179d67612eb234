// The YANG modules of one IOS XE release, as its vendor published them: found in folders, loaded
// with the features and deviations the IR1101 has there. They are not ours to ship, so every user
// of this must do without them. Values; a loaded release is read-only. One thread.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "adapters/iosxe/xml/libyang.hpp"

namespace wanwise::iosxe::conformance {

/// Names the folders, separated by ':'; each holds a release or folders of releases.
inline constexpr const char* kFoldersVariable = "WANWISE_YANG_XE";

struct Release {
  std::string name;  ///< the folder's name: "17151"
  std::string folder;
  friend void PrintTo(const Release& release, std::ostream* out) { *out << release.folder; }
};

/// From the variable, else every release below ../shared/yang-xe; by name. Empty where there is
/// none.
[[nodiscard]] std::vector<Release> find_releases();

/// What the IR1101 says of one module: yang-set-ir1101.xml (17.12 and later), or its hello in
/// capability-ir1101.xml.
struct DeviceModule {
  std::string revision;
  std::vector<std::string> features;
  std::vector<std::string> deviations;
};
using DeviceModules = std::map<std::string, DeviceModule, std::less<>>;

/// Empty where the folder has neither file. The hello of 17.12 and later has no native modules.
[[nodiscard]] DeviceModules device_modules(const std::string& folder);

/// Names of the modules of our projection: the files of yang/iosxe.
[[nodiscard]] std::vector<std::string> projection_modules(const std::string& folder);

/// A context with the modules of `folders`, all of whose features are on. A failure with libyang's
/// words is added to the test.
[[nodiscard]] ContextPtr load_projection(const std::vector<std::string>& folders);

struct LoadedRelease {
  Release release;
  DeviceModules device;
  ContextPtr context;
  std::vector<std::string> absent;  ///< modules of the projection that the folder has no file of
  std::vector<std::string> notes;   ///< what was left out and why
  /// Of a module in the context; empty where it has none or is not there.
  [[nodiscard]] std::string revision(const std::string& module) const;
};

/// The release with every module of the projection. Nothing when it does not compile, which is a
/// failure of the test.
[[nodiscard]] std::optional<LoadedRelease> load_release(const Release& release);

/// load_release(), kept until another release is asked for: the tests of one run one after the
/// other.
[[nodiscard]] const LoadedRelease* loaded(const Release& release);

/// Of a test that is run for each release.
[[nodiscard]] std::string name_of_instance(const testing::TestParamInfo<Release>& instance);

inline constexpr const char* kNoReleases =
    "no IOS XE YANG modules: neither WANWISE_YANG_XE nor ../shared/yang-xe names a folder of them";

}  // namespace wanwise::iosxe::conformance
