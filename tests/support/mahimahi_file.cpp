#include <zlib.h>

#include <array>
#include <cstdlib>
#include <memory>

#include "tests/support/uplink_harness.hpp"

namespace wanwise::test {

std::optional<std::vector<std::int64_t>> read_mahimahi(const std::string& path) {
  const auto close = [](gzFile file) { gzclose(file); };
  const std::unique_ptr<gzFile_s, decltype(close)> file{gzopen(path.c_str(), "rb"), close};
  if (!file) return std::nullopt;
  std::vector<std::int64_t> list;
  std::array<char, 64> line{};
  while (gzgets(file.get(), line.data(), static_cast<int>(line.size())) != nullptr) {
    list.push_back(std::strtoll(line.data(), nullptr, 10));
  }
  if (list.empty()) return std::nullopt;
  return list;
}

}  // namespace wanwise::test
