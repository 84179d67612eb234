// Weighted shares in the Linux kernel and in our port, in one run: three classes with quanta 5:3:2,
// 7 Mb/s offered to each, 10 Mb/s of line. The kernel's side lives in a network namespace of its
// own: a veth pair, HTB on one end, a packet socket that counts on the other. Needs root.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include "tests/acceptance/port_run.hpp"

namespace wanwise::interop {
namespace {

namespace acc = wanwise::acceptance;

constexpr std::array<std::uint8_t, 3> kTos{0xb8, 0x88, 0x00};  // EF, AF41, best effort
constexpr std::size_t kFrame = 1250;
constexpr std::size_t kPayload = kFrame - 14 - 20 - 8;
// 7 Mb/s of 1250-byte frames: 700 a second in each class.
constexpr int kPerSecond = 700;
// The first second fills the queues and empties the buckets; then three that count: 3.75 MB, so a
// packet more or less is 0.1 % of the smallest share.
constexpr int kFirst = kPerSecond, kLast = 4 * kPerSecond;

class Descriptor {
 public:
  explicit Descriptor(int fd) : m_fd(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (m_fd >= 0) ::close(m_fd);
  }
  [[nodiscard]] int get() const { return m_fd; }

 private:
  int m_fd;
};

bool run(const std::string& command) {
  return std::system(("PATH=$PATH:/sbin:/usr/sbin; " + command + " >/dev/null 2>&1").c_str()) == 0;
}

/// Empty: ready. Otherwise what is missing.
std::string set_up() {
  if (::unshare(CLONE_NEWNET) != 0)
    return std::string("no network namespace of our own: ") + std::strerror(errno);
  for (const char* command :
       {"ip link add left address 02:00:00:00:00:01 type veth peer name right address "
        "02:00:00:00:00:02",
        "ip link set left up", "ip link set right up", "ip addr add 10.99.0.1/24 dev left",
        "ip neigh add 10.99.0.2 lladdr 02:00:00:00:00:02 dev left nud permanent"})
    if (!run(command)) return std::string("failed: ") + command;
  if (!run("tc qdisc add dev left root handle 1: htb default 30"))
    return "this kernel or iproute2 has no HTB";
  if (!run("tc class add dev left parent 1: classid 1:1 htb rate 10mbit ceil 10mbit"))
    return "failed: the parent class";
  // Next to nothing is guaranteed, so all is borrowed, and what is borrowed goes by quantum.
  const char* quanta[] = {"7500", "4500", "3000"};
  for (int i = 0; i < 3; ++i) {
    const std::string id = "1:" + std::to_string(10 * (i + 1));
    if (!run("tc class add dev left parent 1:1 classid " + id +
             " htb rate 8kbit ceil 10mbit quantum " + quanta[i]) ||
        !run("tc qdisc add dev left parent " + id + " pfifo limit 50"))
      return "failed: class " + id;
  }
  for (int i = 0; i < 2; ++i)
    if (!run("tc filter add dev left parent 1: protocol ip prio 1 u32 match ip tos " +
             std::to_string(kTos[static_cast<std::size_t>(i)]) +
             " 0xff flowid 1:" + std::to_string(10 * (i + 1))))
      return "this kernel has no u32 classifier";
  return {};
}

int sender(std::uint8_t tos) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
  const int value = tos;
  const int buffer = 1 << 20;  // more than a class's queue holds, so that the queue is what drops
  ::setsockopt(fd, IPPROTO_IP, IP_TOS, &value, sizeof value);
  ::setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof buffer);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(9);
  to.sin_addr.s_addr = ::inet_addr("10.99.0.2");
  ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  return fd;
}

int counter() {
  const int fd = ::socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, htons(ETH_P_IP));
  sockaddr_ll at{};
  at.sll_family = AF_PACKET;
  at.sll_protocol = htons(ETH_P_IP);
  at.sll_ifindex = static_cast<int>(::if_nametoindex("right"));
  ::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at);
  return fd;
}

/// Reads what has arrived; adds its bytes by class.
void count(int fd, std::array<double, 3>& bytes) {
  std::array<std::uint8_t, 2048> frame{};
  for (;;) {
    const ssize_t got = ::recv(fd, frame.data(), frame.size(), 0);
    if (got <= 15) return;
    for (std::size_t i = 0; i < kTos.size(); ++i)
      if (frame[15] == kTos[i]) bytes[i] += static_cast<double>(got);
  }
}

/// Bytes of each class in the counting seconds.
std::array<double, 3> kernel_bytes() {
  const Descriptor from[] = {Descriptor(sender(kTos[0])), Descriptor(sender(kTos[1])),
                             Descriptor(sender(kTos[2]))};
  const Descriptor to(counter());
  const Descriptor timer(::timerfd_create(CLOCK_MONOTONIC, 0));
  itimerspec period{};
  period.it_interval.tv_nsec = period.it_value.tv_nsec = 1'000'000'000 / kPerSecond;
  ::timerfd_settime(timer.get(), 0, &period, nullptr);
  const std::array<char, kPayload> payload{};
  std::array<double, 3> ignored{}, counted{};
  for (int tick = 0; tick < kLast;) {
    std::uint64_t expired = 0;
    if (::read(timer.get(), &expired, sizeof expired) != sizeof expired) break;
    for (; expired > 0; --expired, ++tick)
      for (const Descriptor& flow : from)
        ::send(flow.get(), payload.data(), payload.size(), MSG_DONTWAIT);
    count(to.get(), tick <= kFirst ? ignored : counted);
  }
  return counted;
}

std::array<double, 3> our_bytes() {
  std::vector<acc::Flow> flows;
  for (const std::uint8_t tos : kTos)
    flows.push_back({static_cast<std::uint8_t>(tos >> 2), static_cast<double>(kFrame),
                     1e9 / kPerSecond, acc::Sizes::constant, acc::Times::periodic});
  acc::Bottleneck b(core::Bps{10'000'000}, 1, 50, flows, acc::shares(50, 30, 20),
                    4 * sim::kNanosPerSecond);
  b.run_until(sim::kNanosPerSecond);
  const auto before = b.seen.flows();
  b.run_until(4 * sim::kNanosPerSecond);
  std::array<double, 3> bytes{};
  for (std::size_t i = 0; i < 3; ++i)
    bytes[i] = static_cast<double>(b.seen.flow(i).bytes - before[i].bytes);
  return bytes;
}

TEST(KernelHtb, SharesAnOverloadedLineAsOurDeficitRoundRobinDoes) {
  if (const std::string missing = set_up(); !missing.empty())
    GTEST_SKIP() << "kernel HTB left out: " << missing;
  const auto kernel = kernel_bytes();
  const auto ours = our_bytes();
  const double kernel_sum = kernel[0] + kernel[1] + kernel[2];
  const double our_sum = ours[0] + ours[1] + ours[2];
  const double wanted[] = {5, 3, 2};
  for (std::size_t i = 0; i < 3; ++i) {
    const double theirs = 10 * kernel[i] / kernel_sum;
    const double own = 10 * ours[i] / our_sum;
    std::printf("share %.0f of 10: kernel HTB %.3f, wanwise %.3f\n", wanted[i], theirs, own);
    EXPECT_NEAR(own / wanted[i], 1, .002);
    EXPECT_NEAR(theirs / wanted[i], 1, .02);
    EXPECT_NEAR(own / theirs, 1, .02);
  }
  std::printf("kernel: %.2f Mb/s in all\n", kernel_sum * 8 / 3e6);
}

}  // namespace
}  // namespace wanwise::interop
