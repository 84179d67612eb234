// The main of every fuzz target when libFuzzer is not linked: runs each corpus file, then seeded
// mutations of them. Deterministic: the same corpus, count and seed give the same inputs.
//   smoke CORPUS_DIR [MUTATIONS [SEED]]
// A failing input is found again by its number: it is written to `smoke-crash-input` before it
// runs when WANWISE_SMOKE_KEEP is set.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t kMaxInput = 1U << 20U;  // larger inputs only slow the smoke run down

/// SplitMix64 (Steele, Lea, Flood 2014): small, seedable, the same on every platform.
class Random {
 public:
  explicit Random(std::uint64_t seed) : m_state(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (m_state += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : next() % bound; }

 private:
  std::uint64_t m_state;
};

/// Bytes that parsers of text and of framed protocols trip over.
constexpr std::array<std::string_view, 20> kTokens{"\n#4294967295\n",
                                                   "]]>]]>",
                                                   "\n##\n",
                                                   "<![CDATA[",
                                                   "&amp;",
                                                   "18446744073709551616",
                                                   "-1",
                                                   "\xff\xfe",
                                                   "%s",
                                                   "\r\n",
                                                   "&a [*a,*a]",
                                                   "!!binary ",
                                                   "<<: ",
                                                   "---\n",
                                                   "\t",
                                                   "0x1f",
                                                   "~",
                                                   "{",
                                                   "[",
                                                   "\""};

std::string mutate(const std::vector<std::string>& corpus, Random& random) {
  std::string input = corpus[random.below(corpus.size())];
  const auto insert = [&](std::string_view what) {
    input.insert(random.below(input.size() + 1), what);
  };
  for (std::size_t edits = 1 + random.below(4); edits > 0; --edits) {
    const std::size_t at = random.below(input.size());
    const std::size_t length = std::min(input.size() - at, 1 + random.below(32));
    const std::size_t kind = random.below(7);
    if (kind == 0 && !input.empty()) {
      input[at] =
          static_cast<char>(static_cast<unsigned char>(input[at]) ^ (1U << random.below(8)));
    } else if (kind == 1) {
      insert(std::string(1, static_cast<char>(random.below(256))));
    } else if (kind == 2 && !input.empty()) {
      input.erase(at, length);
    } else if (kind == 3 && !input.empty()) {
      insert(std::string{input, at, length});
    } else if (kind == 4) {
      insert(kTokens[random.below(kTokens.size())]);
    } else if (kind == 5 && !input.empty()) {
      input.resize(at);
    } else {
      const std::string& other = corpus[random.below(corpus.size())];
      insert(std::string_view{other}.substr(random.below(other.size()), 1 + random.below(128)));
    }
  }
  input.resize(std::min(input.size(), kMaxInput));
  return input;
}

void run(const std::string& input) {
  static const bool keep = std::getenv("WANWISE_SMOKE_KEEP") != nullptr;
  if (keep) std::ofstream{"smoke-crash-input", std::ios::binary} << input;
  // A copy of exact size on the heap, so that AddressSanitizer sees one byte too many.
  const std::vector<std::uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

std::vector<std::string> read_corpus(const std::filesystem::path& root) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> corpus;
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return corpus;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2)
    return std::fprintf(stderr, "usage: %s CORPUS_DIR [MUTATIONS [SEED]]\n", argv[0]), 2;
  const std::vector<std::string> corpus = read_corpus(argv[1]);
  if (corpus.empty()) return std::fprintf(stderr, "no corpus in %s\n", argv[1]), 1;
  const std::size_t mutations = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 2000;
  Random random(argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1);
  for (const std::string& input : corpus) run(input);
  run("");
  for (std::size_t i = 0; i < mutations; ++i) run(mutate(corpus, random));
  std::printf("cases: %zu\n", corpus.size() + 1 + mutations);
  return 0;
}
