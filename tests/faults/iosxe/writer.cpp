// A wanwise to be killed: connects to the router, begins to write, and stays until its end comes.
// writer PORT HOST-KEY USER PRIVATE-KEY red|blue
#include <cstdio>
#include <cstdlib>

#include "tests/faults/iosxe/rig.hpp"

int main(int argc, char** argv) {
  using namespace wanwise::test;  // NOLINT: a program of five lines
  if (argc != 6) return 2;
  IosxePort wanwise{loopback_config(
      {static_cast<std::uint16_t>(std::strtoul(argv[1], nullptr, 10)), argv[3], argv[2], argv[4]})};
  if (!wanwise.settles()) return 1;
  const auto done = wanwise.apply(qos_named(argv[5]), std::chrono::seconds{60});
  std::printf("%s\n", done ? done->reason.c_str() : "no answer");
  return 0;
}
