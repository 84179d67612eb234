// Named limits on what a user's documents may hold: nothing they say makes wanwise work without
// bound. Constants; any thread.
#pragma once

#include <cstddef>

namespace wanwise::policy {

/// One file. The largest shipped policy is 6 KB; 256 workloads of 400 bytes are 100 KB.
inline constexpr std::size_t kMaxFileBytes = 262'144;  // 256 KiB
/// Files in one load().
inline constexpr std::size_t kMaxFiles = 256;
/// Documents in one file, separated by `---`.
inline constexpr std::size_t kMaxDocumentsPerFile = 64;
/// Nodes in one file: scalars, lists and mappings. One every four bytes of the largest file.
inline constexpr std::size_t kMaxNodes = kMaxFileBytes / 4;
/// Nesting; the vocabulary needs 6. Below yaml-cpp's own recursion guard (500).
inline constexpr std::size_t kMaxDepth = 16;
/// Diagnostics told at once; the rest are counted in the last one.
inline constexpr std::size_t kMaxDiagnostics = 500;
/// Bytes of user text that a diagnostic repeats.
inline constexpr std::size_t kMaxQuoted = 60;
/// Names a diagnostic lists as allowed.
inline constexpr std::size_t kMaxAllowedListed = 24;

}  // namespace wanwise::policy
