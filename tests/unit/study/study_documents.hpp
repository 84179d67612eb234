// A small study on the shipped harbour that tests change one thing in, what read_study() says to
// it, and a trial that needs no simulator.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "sim/study/language/read_study.hpp"

namespace wanwise::sim {

/// A folder of its own that goes with the object.
class StudyFolder {
 public:
  StudyFolder();
  ~StudyFolder();
  StudyFolder(const StudyFolder&) = delete;
  StudyFolder& operator=(const StudyFolder&) = delete;

  [[nodiscard]] std::string path(const std::string& name) const;
  /// Writes a file and gives its path.
  std::string file(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path m_path;
};

/// Two policies, two factors of two levels, three seeds: 24 runs. One key a line.
std::string valid_study();
/// The same on a link of constant rate, which takes no time to make.
std::string quick_study();
/// The text with the first `from` replaced; `from` must be there.
std::string with(std::string text, std::string_view from, std::string_view to);

/// Knows wanwise, always-edge, always-cloud, and sdwan-aar with `poll-interval`.
ReadOptions read_options();
/// The study must be right.
LoadedStudy load_study(const std::string& text, ReadOptions options = read_options());
/// What read_study() says, a line each, the file's folder left out; empty: nothing is wrong.
std::string diagnose(const std::string& text, const ReadOptions& options = read_options());

/// A result that depends on every part of the configuration that a run may differ in, with a
/// histogram and, when asked for, a time line.
TrialResult fake_trial(const TrialConfig& config);
/// Of everything in it: two configurations that differ anywhere differ here.
std::string fingerprint(const TrialConfig& config);

}  // namespace wanwise::sim
