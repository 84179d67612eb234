#include "tests/acceptance/edge_tiers.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "sim/world/compute/sharing_station.hpp"
#include "sim/world/kernel/random.hpp"

namespace wanwise::acceptance {
namespace {

using sim::Nanos;

constexpr double kSecond = 1e9;
constexpr std::size_t kPlaces = 14, kMachinesAPlace = 2, kCloudMachines = 4;
constexpr std::size_t kEdgeMachines = kPlaces * kMachinesAPlace;
constexpr double kEdgeMips = 1'000, kCloudMips = 10'000;  // of a core
constexpr std::int32_t kEdgeCores = 2, kCloudCores = 4;
constexpr double kWlanMbps = 200, kWanMbps = 15;
constexpr double kWanPropagation = .1, kLanDelay = .005, kLongestDelay = 5;  // s
constexpr double kWarmUp = 180, kFirstActivity = 10;                         // s

struct Application {
  double share, to_cloud;                    // of devices; of tasks
  double interval, active, idle;             // s
  double upload_kb, download_kb, length_mi;  // means, exponential
  double edge_percent, cloud_percent;        // of a machine's admission
};
constexpr std::array<Application, 4> kApplications{
    {{.3, .20, 5, 45, 15, 1500, 25, 2000, 20, 2},    // augmented reality
     {.2, .20, 30, 10, 20, 1250, 20, 400, 5, .5},    // health
     {.2, .40, 60, 60, 60, 2500, 250, 3000, 30, 3},  // heavy computation
     {.3, .15, 7, 15, 45, 25, 2000, 750, 10, 1}}};   // infotainment

/// Mean stay at a place: two attract most, four less, eight least.
double mean_stay(std::size_t place) {
  return place < 2 ? 500 : place < 6 ? 300 : 120;
}

/// Its own means over the applications, each divided by their number as in the original.
struct Network {
  double wlan_interval = 0, wan_interval = 0, upload_kb = 0, download_kb = 0;
  Network() {
    for (const auto& a : kApplications) {
      wlan_interval += a.interval * a.share;
      wan_interval += wlan_interval / a.to_cloud * a.share;
      upload_kb += a.upload_kb * a.share / 4;
      download_kb += a.download_kb * a.share / 4;
    }
    wlan_interval /= 4;
  }
  /// Seconds; negative: it fails.
  static double delay(double propagation, double mbps, double interval, double kb, double devices) {
    const double mu = mbps * 1e6 / 8 / (kb * 1000);
    const double result = 1 / (mu - devices / interval) + propagation;
    return result > kLongestDelay || result < 0 ? -1 : result;
  }
};

class Run final : public sim::StationOwner, public sim::EventHandler {
 public:
  Run(Tiers tiers, std::size_t devices, double minutes, std::uint64_t seed)
      : m_tiers(tiers), m_end(minutes * 60) {
    for (std::size_t i = 0; i < kEdgeMachines + kCloudMachines; ++i) {
      const bool edge = i < kEdgeMachines;
      m_machines.push_back({std::make_unique<sim::SharingStation>(m_events, *this, i,
                                                                  edge ? kEdgeCores : kCloudCores),
                            0});
    }
    sim::Stream population(seed, "population");
    for (std::size_t i = 0; i < devices; ++i) add_device(population, seed);
    while (m_events.pending() > 0) m_events.run_until(m_events.now() + sim::kNanosPerSecond);
  }

  void on_event(Nanos now, std::uint64_t argument) override {
    const std::uint64_t what = argument & 3, index = argument >> 2;
    if (what == kMove) move(now, index);
    if (what == kGenerate) generate(now, index);
    if (what == kUploaded) uploaded(now, index);
    if (what == kAnswer) answer(now, index);
  }
  Nanos service_time(Nanos, std::size_t machine, sim::JobId job) override {
    return std::llround(m_tasks[job].length / (machine < kEdgeMachines ? kEdgeMips : kCloudMips) *
                        kSecond);
  }
  void served(Nanos now, std::size_t machine, sim::JobId job) override {
    Task& task = m_tasks[job];
    const auto& app = kApplications[m_devices[task.device].app];
    m_machines[machine].percent -= machine < kEdgeMachines ? app.edge_percent : app.cloud_percent;
    const double delay = network(m_devices[task.device].place, m_network.download_kb, task.cloud);
    if (delay < 0) return fail(task);
    schedule(now, delay, kAnswer, job);
  }
  void lost(Nanos, std::size_t, sim::JobId) override { FAIL() << "admission is by percentage"; }

  [[nodiscard]] TiersResult result() const {
    EXPECT_EQ(m_counted, m_completed + m_failed);  // every task has one end
    TiersResult r;
    r.tasks = m_counted;
    r.failed = static_cast<double>(m_failed) / static_cast<double>(m_counted);
    r.service_seconds = m_service / static_cast<double>(m_completed);
    double busy = 0;
    for (std::size_t i = 0; i < kEdgeMachines; ++i)
      busy += static_cast<double>(m_machines[i].station->busy_time(m_events.now()));
    r.edge_busy = busy / kSecond / m_end / (kEdgeMachines * kEdgeCores);
    return r;
  }

 private:
  static constexpr std::uint64_t kMove = 0, kGenerate = 1, kUploaded = 2, kAnswer = 3;
  struct Device {
    std::size_t app, place;
    double active_from;
    sim::Stream moves, tasks;
  };
  struct Task {
    std::size_t device, submitted_at;
    double length, created;
    bool cloud, counted;
  };
  struct Machine {
    std::unique_ptr<sim::SharingStation> station;
    double percent;  ///< admitted
  };

  void schedule(Nanos now, double seconds, std::uint64_t what, std::uint64_t index) {
    m_events.schedule(now + std::llround(seconds * kSecond), *this, index << 2 | what);
  }
  void add_device(sim::Stream& population, std::uint64_t seed) {
    const std::string name = std::to_string(m_devices.size());
    std::size_t app = 0;
    for (double u = population.uniform(); app < 3 && u >= kApplications[app].share; ++app)
      u -= kApplications[app].share;
    const auto place = static_cast<std::size_t>(population.next() % kPlaces);
    m_devices.push_back({app, place,
                         kFirstActivity + population.uniform() * kApplications[app].active,
                         sim::Stream(seed, "moves/" + name), sim::Stream(seed, "tasks/" + name)});
    ++m_here[place];
    const std::size_t index = m_devices.size() - 1;
    Device& device = m_devices[index];
    schedule(0, kFirstActivity + device.moves.exponential(mean_stay(place)), kMove, index);
    next_task(0, index, device.active_from);
  }
  /// Poisson while active, silent while idle; `from` seconds.
  void next_task(Nanos now, std::size_t index, double from) {
    Device& device = m_devices[index];
    const Application& app = kApplications[device.app];
    double at = from;
    for (;;) {
      at += device.tasks.exponential(app.interval);
      if (at <= device.active_from + app.active) break;
      device.active_from += app.active + app.idle;
      at = device.active_from;
    }
    if (at < m_end) schedule(now, at - static_cast<double>(now) / kSecond, kGenerate, index);
  }
  void move(Nanos now, std::size_t index) {
    Device& device = m_devices[index];
    --m_here[device.place];
    device.place =
        (device.place + 1 + static_cast<std::size_t>(device.moves.next() % (kPlaces - 1))) %
        kPlaces;
    ++m_here[device.place];
    const double stay = device.moves.exponential(mean_stay(device.place));
    if (static_cast<double>(now) / kSecond + stay < m_end) schedule(now, stay, kMove, index);
  }
  [[nodiscard]] double network(std::size_t place, double kb, bool cloud) const {
    const double wlan = Network::delay(0, kWlanMbps, m_network.wlan_interval, kb, m_here[place]);
    if (!cloud || wlan < 0) return wlan;
    const double wan =
        Network::delay(kWanPropagation, kWanMbps, m_network.wan_interval, kb, m_here[place]);
    return wan < 0 ? wan : wlan + wan;
  }
  void generate(Nanos now, std::size_t index) {
    Device& device = m_devices[index];
    const Application& app = kApplications[device.app];
    const double seconds = static_cast<double>(now) / kSecond;
    // Both draws always: every architecture meets the same tasks.
    const double length = device.tasks.exponential(app.length_mi);
    const bool may_leave = device.tasks.uniform() <= app.to_cloud;
    Task task{index,
              device.place,
              length,
              seconds,
              may_leave && m_tiers != Tiers::edge_only,
              seconds >= kWarmUp};
    if (task.counted) ++m_counted;
    m_tasks.push_back(task);
    double delay = network(device.place, m_network.upload_kb, task.cloud);
    if (m_tiers == Tiers::orchestrated && !task.cloud) delay += kLanDelay;
    if (delay < 0) {
      fail(task);
    } else {
      schedule(now, delay, kUploaded, m_tasks.size() - 1);
    }
    next_task(now, index, seconds);
  }
  /// Next fit: goes on after the machine that was taken last.
  bool admit(Nanos now, std::uint64_t job, std::size_t first, std::size_t count, double percent,
             std::size_t& last) {
    for (std::size_t tries = 0; tries < count; ++tries) {
      last = (last + 1) % count;
      Machine& machine = m_machines[first + last];
      if (machine.percent + percent > 100) continue;
      machine.percent += percent;
      machine.station->submit(now, job);
      return true;
    }
    return false;
  }
  void uploaded(Nanos now, std::uint64_t job) {
    const Task& task = m_tasks[job];
    const Application& app = kApplications[m_devices[task.device].app];
    bool admitted = false;
    if (task.cloud) {
      admitted = admit(now, job, kEdgeMachines, kCloudMachines, app.cloud_percent, m_last_cloud);
    } else if (m_tiers == Tiers::orchestrated) {
      admitted = admit(now, job, 0, kEdgeMachines, app.edge_percent, m_last_any);
    } else {
      admitted = admit(now, job, task.submitted_at * kMachinesAPlace, kMachinesAPlace,
                       app.edge_percent, m_last[task.submitted_at]);
    }
    if (!admitted) fail(task);
  }
  void answer(Nanos now, std::uint64_t job) {
    const Task& task = m_tasks[job];
    if (m_devices[task.device].place != task.submitted_at) return fail(task);
    if (!task.counted) return;
    ++m_completed;
    m_service += static_cast<double>(now) / kSecond - task.created;
  }
  void fail(const Task& task) {
    if (task.counted) ++m_failed;
  }

  Tiers m_tiers;
  double m_end;
  Network m_network;
  sim::EventQueue m_events;
  std::vector<Machine> m_machines;
  std::vector<Device> m_devices;
  std::vector<Task> m_tasks;
  std::array<double, kPlaces> m_here{};
  std::array<std::size_t, kPlaces> m_last{};
  std::size_t m_last_any = 0, m_last_cloud = 0;
  std::uint64_t m_counted = 0, m_completed = 0, m_failed = 0;
  double m_service = 0;
};

}  // namespace

TiersResult run_tiers(Tiers tiers, std::size_t devices, double minutes, std::uint64_t seed) {
  return Run(tiers, devices, minutes, seed).result();
}

}  // namespace wanwise::acceptance
