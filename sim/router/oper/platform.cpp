// What the router says of itself: load and memory of IOS and of the whole box, what IOx has left
// for applications, its clock. A quiet IR1101; --fault busy-cpu and full-iox make it a loaded one.
#include <fmt/format.h>

#include "sim/router/oper/oper_data.hpp"

namespace wanwise::router {
namespace {

constexpr std::uint64_t kQuietPercent = 7;
constexpr std::uint64_t kBusyPercent = 97;
constexpr std::uint64_t kIosBytes = 1'180'000'000;  // processor pool of a 4 GB box
constexpr std::uint64_t kIosUsedBytes = 262'000'000;
constexpr std::uint64_t kBoxKilobytes = 3'945'188;
// IOx of the IR1101 (developer.cisco.com/docs/iox/platform-support-matrix), and our own container
// in it.
constexpr std::uint64_t kIoxUnits = 1'255;
constexpr std::uint64_t kIoxMegabytes = 862;
constexpr std::uint64_t kOwnUnits = 400;
constexpr std::uint64_t kOwnMegabytes = 256;

std::uint64_t busy(const OperInput& input) {
  return input.faults.busy_cpu ? kBusyPercent : kQuietPercent;
}

void add_cpu(DataBuilder& build, const OperInput& input) {
  lyd_node* usage = DataBuilder::inner(build.top("Cisco-IOS-XE-process-cpu-oper", "cpu-usage"),
                                       "cpu-utilization");
  DataBuilder::leaf(usage, "five-seconds", busy(input));
  DataBuilder::leaf(usage, "five-seconds-intr", std::uint64_t{1});
  DataBuilder::leaf(usage, "one-minute", busy(input));
  DataBuilder::leaf(usage, "five-minutes", busy(input));
}

void add_ios_memory(DataBuilder& build) {
  lyd_node* pool = DataBuilder::entry(build.top("Cisco-IOS-XE-memory-oper", "memory-statistics"),
                                      "memory-statistic", {"Processor"});
  DataBuilder::leaf(pool, "total-memory", kIosBytes);
  DataBuilder::leaf(pool, "used-memory", kIosUsedBytes);
  DataBuilder::leaf(pool, "free-memory", kIosBytes - kIosUsedBytes);
}

void add_control_process(DataBuilder& build, const OperInput& input) {
  lyd_node* top = build.top("Cisco-IOS-XE-platform-software-oper", "cisco-platform-software");
  lyd_node* process = DataBuilder::entry(DataBuilder::inner(top, "control-processes"),
                                         "control-process", {"fru-rp", "0", "0", "-1"});
  lyd_node* averages = DataBuilder::inner(process, "load-avg-minutes");
  for (const char* minutes : {"1", "5", "15"}) {
    lyd_node* average = DataBuilder::entry(averages, "load-avg-minute", {minutes});
    DataBuilder::leaf(average, "average", input.faults.busy_cpu ? "3.90" : "0.35");
  }
  lyd_node* memory = DataBuilder::inner(process, "memory-stats");
  const std::uint64_t used_percent = 58;
  const std::uint64_t used = kBoxKilobytes * used_percent / 100;
  DataBuilder::leaf(memory, "memory-status", "Healthy");
  DataBuilder::leaf(memory, "total", kBoxKilobytes);
  DataBuilder::leaf(memory, "used-number", used);
  DataBuilder::leaf(memory, "used-percent", used_percent);
  DataBuilder::leaf(memory, "free-number", kBoxKilobytes - used);
  DataBuilder::leaf(memory, "free-percent", 100 - used_percent);
  lyd_node* cores = DataBuilder::inner(process, "per-core-stats");
  for (const char* name : {"0", "1", "2", "3"}) {
    lyd_node* core = DataBuilder::entry(cores, "per-core-stat", {name});
    DataBuilder::leaf(core, "user", fmt::format("{}.00", busy(input)));
    DataBuilder::leaf(core, "system", "2.00");
    DataBuilder::leaf(core, "idle", fmt::format("{}.00", 98 - busy(input)));
  }
}

void add_own_container(lyd_node* top) {
  lyd_node* app = DataBuilder::entry(top, "app", {"wanwise"});
  lyd_node* details = DataBuilder::inner(app, "details");
  DataBuilder::leaf(details, "state", "RUNNING");
  DataBuilder::leaf(details, "activated-profile-name", "custom");
  lyd_node* given = DataBuilder::inner(details, "resource-reservation");
  DataBuilder::leaf(given, "disk", std::uint64_t{64});
  DataBuilder::leaf(given, "memory", kOwnMegabytes);
  DataBuilder::leaf(given, "cpu", kOwnUnits);
  DataBuilder::leaf(given, "vcpu", std::uint64_t{1});
}

void add_iox(DataBuilder& build, const OperInput& input) {
  lyd_node* top = build.top("Cisco-IOS-XE-app-hosting-oper", "app-hosting-oper-data");
  add_own_container(top);
  const std::uint64_t units = input.faults.full_iox ? 0 : kIoxUnits - kOwnUnits;
  const std::uint64_t megabytes = input.faults.full_iox ? 0 : kIoxMegabytes - kOwnMegabytes;
  lyd_node* all = DataBuilder::entry(top, "app-resources", {"Global"});
  lyd_node* cpu = DataBuilder::entry(all, "cpu", {"system CPU"});
  DataBuilder::leaf(cpu, "quota", std::uint64_t{100});
  DataBuilder::leaf(cpu, "available", units * 100 / kIoxUnits);
  DataBuilder::leaf(cpu, "quota-unit", kIoxUnits);
  DataBuilder::leaf(cpu, "available-unit", units);
  lyd_node* memory = DataBuilder::entry(all, "memory", {"memory"});
  DataBuilder::leaf(memory, "quota", kIoxMegabytes);
  DataBuilder::leaf(memory, "available", megabytes);
  lyd_node* globals = DataBuilder::inner(top, "app-globals");
  DataBuilder::leaf(globals, "iox-enabled", "true");
}

void add_clock(DataBuilder& build, const OperInput& input) {
  lyd_node* system = DataBuilder::inner(
      DataBuilder::inner(build.top("Cisco-IOS-XE-device-hardware-oper", "device-hardware-data"),
                         "device-hardware"),
      "device-system-data");
  DataBuilder::leaf(system, "current-time", date_and_time(input.now));
  DataBuilder::leaf(system, "boot-time", date_and_time(input.started));
  DataBuilder::leaf(system, "software-version",
                    fmt::format("Cisco IOS Software, ISR Software (emulated by wanwise-router), "
                                "Version {}.1",
                                to_string(input.release)));
}

void add_archives(DataBuilder& build, const OperInput& input) {
  lyd_node* top = build.top("Cisco-IOS-XE-checkpoint-archive-oper", "checkpoint-archives");
  DataBuilder::leaf(top, "max", std::uint64_t{kMaxArchives});
  DataBuilder::leaf(top, "current", std::uint64_t{input.archives.size()});
  if (input.archives.empty()) return;
  DataBuilder::leaf(top, "recent", input.archives.back().name);
  lyd_node* all = DataBuilder::inner(top, "archives");
  for (const Archive::File& file : input.archives) {
    DataBuilder::leaf(DataBuilder::entry(all, "archive", {std::to_string(file.number)}), "name",
                      file.name);
  }
}

}  // namespace

void add_platform(DataBuilder& build, const OperInput& input) {
  if (input.roots.has("cpu-usage")) add_cpu(build, input);
  if (input.roots.has("memory-statistics")) add_ios_memory(build);
  if (input.roots.has("cisco-platform-software")) add_control_process(build, input);
  if (input.roots.has("app-hosting-oper-data")) add_iox(build, input);
  if (input.roots.has("checkpoint-archives")) add_archives(build, input);
  if (input.roots.has("device-hardware-data")) add_clock(build, input);
}

}  // namespace wanwise::router
