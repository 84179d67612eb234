// GPL-2 when linked: see ns3_bottleneck.hpp.
#include "tests/interop/ns3/ns3_bottleneck.hpp"

#include <ns3/core-module.h>
#include <ns3/internet-module.h>
#include <ns3/network-module.h>
#include <ns3/point-to-point-module.h>
#include <ns3/traffic-control-module.h>

#include <chrono>
#include <cstring>

namespace wanwise::interop {
namespace {

constexpr std::uint32_t kWireBytes = 1250;
constexpr std::uint32_t kHeaders = 2 + 20 + 8;  // PPP, IPv4, UDP
constexpr std::uint16_t kFirstPort = 9000;
// EF, AF41, best effort as TOS bytes.
constexpr std::array<std::uint8_t, 3> kTos{0xb8, 0x88, 0x00};

/// One class: a Poisson sender, and the receiver that reads the time of sending from the payload.
class Class {
 public:
  Class(ns3::Ptr<ns3::Node> from, ns3::Ptr<ns3::Node> to, ns3::Ipv4Address address,
        std::uint16_t index, double interval)
      : m_interval(interval) {
    const auto udp = ns3::UdpSocketFactory::GetTypeId();
    m_receiver = ns3::Socket::CreateSocket(to, udp);
    // A full receive buffer would drop silently.
    m_receiver->SetAttribute("RcvBufSize", ns3::UintegerValue(1u << 30));
    const auto port = static_cast<std::uint16_t>(kFirstPort + index);
    m_receiver->Bind(ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), port));
    m_receiver->SetRecvCallback(ns3::MakeCallback(&Class::received, this));
    m_sender = ns3::Socket::CreateSocket(from, udp);
    m_sender->Connect(ns3::InetSocketAddress(address, port));
    m_sender->SetIpTos(kTos[index]);  // after Connect(), which resets it
    m_random = ns3::CreateObject<ns3::ExponentialRandomVariable>();
    m_random->SetStream(index + 1);
    m_random->SetAttribute("Mean", ns3::DoubleValue(interval));
    schedule_next();
  }

  double sum_ms = 0;
  std::uint64_t count = 0;

 private:
  void schedule_next() {
    ns3::Simulator::Schedule(ns3::Seconds(m_random->GetValue()), &Class::send, this);
  }
  void send() {
    std::array<std::uint8_t, 8> stamp{};
    const std::int64_t now = ns3::Simulator::Now().GetNanoSeconds();
    std::memcpy(stamp.data(), &now, sizeof now);
    auto packet = ns3::Create<ns3::Packet>(stamp.data(), static_cast<std::uint32_t>(stamp.size()));
    packet->AddPaddingAtEnd(kWireBytes - kHeaders - static_cast<std::uint32_t>(stamp.size()));
    m_sender->Send(packet);
    schedule_next();
  }
  void received(ns3::Ptr<ns3::Socket> socket) {
    while (auto packet = socket->Recv()) {
      std::array<std::uint8_t, 8> stamp{};
      packet->CopyData(stamp.data(), static_cast<std::uint32_t>(stamp.size()));
      std::int64_t sent = 0;
      std::memcpy(&sent, stamp.data(), sizeof sent);
      sum_ms += static_cast<double>(ns3::Simulator::Now().GetNanoSeconds() - sent) * 1e-6;
      ++count;
    }
  }

  double m_interval;
  ns3::Ptr<ns3::Socket> m_receiver, m_sender;
  ns3::Ptr<ns3::ExponentialRandomVariable> m_random;
};

void install_priorities(const ns3::NetDeviceContainer& devices) {
  ns3::TrafficControlHelper control;
  // IpTos2Priority gives EF 4, AF41 2, best effort 0.
  const std::uint16_t root = control.SetRootQueueDisc(
      "ns3::PrioQueueDisc", "Priomap", ns3::StringValue("2 2 1 2 0 1 0 0 2 2 2 2 2 2 2 2"));
  const auto classes = control.AddQueueDiscClasses(root, 3, "ns3::QueueDiscClass");
  for (const auto id : classes)
    control.AddChildQueueDisc(root, id, "ns3::FifoQueueDisc", "MaxSize",
                              ns3::StringValue("1000000p"));
  control.Install(devices.Get(0));
}

}  // namespace

Ns3Result run_ns3(double rho, double simulated_seconds, std::uint32_t run) {
  ns3::RngSeedManager::SetSeed(1);
  ns3::RngSeedManager::SetRun(run);
  ns3::NodeContainer nodes;
  nodes.Create(2);
  ns3::PointToPointHelper line;
  line.SetDeviceAttribute("DataRate", ns3::StringValue("10Mbps"));
  line.SetChannelAttribute("Delay", ns3::StringValue("0ms"));
  line.SetQueue("ns3::DropTailQueue<Packet>", "MaxSize", ns3::StringValue("1p"));
  const auto devices = line.Install(nodes);
  ns3::InternetStackHelper().Install(nodes);
  install_priorities(devices);
  ns3::Ipv4AddressHelper addresses;
  addresses.SetBase("10.0.0.0", "255.255.255.0");
  const auto interfaces = addresses.Assign(devices);

  Ns3Result result;
  {
    constexpr std::array<double, 3> kParts{.2, .3, .5};
    std::array<std::unique_ptr<Class>, 3> classes;
    for (std::uint16_t i = 0; i < 3; ++i)
      classes[i] = std::make_unique<Class>(nodes.Get(0), nodes.Get(1), interfaces.GetAddress(1), i,
                                           1e-3 / (rho * kParts[i]));
    const auto begin = std::chrono::steady_clock::now();
    ns3::Simulator::Stop(ns3::Seconds(simulated_seconds));
    ns3::Simulator::Run();
    result.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    result.events = ns3::Simulator::GetEventCount();
    for (std::size_t i = 0; i < 3; ++i) {
      result.packets[i] = classes[i]->count;
      result.sojourn_ms[i] = classes[i]->sum_ms / static_cast<double>(classes[i]->count);
    }
  }
  ns3::Simulator::Destroy();
  return result;
}

}  // namespace wanwise::interop
