#include "tests/support/ascii_site.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace wanwise::test {
namespace {

using namespace std::string_literals;

std::vector<std::string> split(const std::string& text, char by) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, by);) {
    parts.push_back(part);
  }
  return parts;
}

core::Micros parse_ms(const std::string& text) {
  return core::milliseconds(std::stoll(text));
}

core::Bps parse_mbps(const std::string& text) {
  return core::Bps{std::stoll(text) * 1'000'000};
}

std::string inside(const std::string& arrow) {
  return arrow.size() <= 4 ? ""s : arrow.substr(2, arrow.size() - 4);
}

void add_router(core::Site& site, const core::RouterName& name) {
  const auto same = [&name](const core::Router& router) { return router.name == name; };
  if (std::none_of(site.routers.begin(), site.routers.end(), same)) {
    site.routers.push_back({name, "Vlan1"});
  }
}

void add_wan(core::Site& site, const std::string& left, const std::string& middle,
             const std::string& right) {
  const std::vector<std::string> parts = split(inside(middle), ':');
  if (left == "net") {
    core::Cloud cloud;
    cloud.name = core::TargetName(right);
    cloud.beyond_probe = parse_ms(parts.at(0));
    cloud.address = {0xC6336400U + static_cast<std::uint32_t>(site.clouds.size()) + 1, 32};
    site.clouds.push_back(cloud);
    return;
  }
  core::Link link;
  link.name = core::LinkName(parts.at(0));
  link.router = core::RouterName(left);
  link.interface = "Cellular0/" + std::to_string(site.links.size() + 1) + "/0";
  link.metric = std::stoi(parts.at(1));
  link.rtt = parse_ms(parts.at(2));
  if (parts.size() > 3) link.uplink = link.downlink = parse_mbps(parts[3]);
  if (parts.size() > 4) link.price_per_gb = core::NanoUsd{std::stoll(parts[4]) * 1'000'000'000};
  site.links.push_back(link);
  add_router(site, link.router);
}

void add_lan(core::Site& site, const std::string& left, const std::string& middle,
             const std::string& right) {
  if (middle == "--") {
    const auto number = static_cast<std::uint32_t>(site.sources.size()) + 1;
    site.sources.push_back(
        {core::SourceName(left), core::RouterName(right), {0x0A000000U + number * 256, 24}});
    add_router(site, core::RouterName(right));
    return;
  }
  core::Node node;
  node.name = core::TargetName(right);
  node.router = core::RouterName(left);
  node.lan_delay = parse_ms(inside(middle));
  site.nodes.push_back(node);
  add_router(site, node.router);
}

void add_trunk(core::Site& site, const std::string& left, const std::string& middle,
               const std::string& right) {
  const std::vector<std::string> parts = split(inside(middle), ':');
  const core::RouterName a(left);
  const core::RouterName b(right);
  site.trunks.push_back(
      {core::TrunkName(parts.at(0)), a, b, parse_mbps(parts.at(1)), parse_ms(parts.at(2))});
  add_router(site, a);
  add_router(site, b);
}

void let_steer(core::Site& site, const std::string& name) {
  add_router(site, core::RouterName(name));
  for (core::Router& router : site.routers) {
    if (router.name.text == name) router.steers = true;
  }
}

core::Workload workload_of(const std::string& left, const std::string& middle,
                           const std::string& right) {
  core::Workload workload;
  const std::vector<std::string> name = split(left, ':');
  workload.name = core::WorkloadName(name.at(0));
  workload.service_class = core::ClassName(name.size() > 1 ? name[1] : "");
  workload.port = 8000;
  for (const std::string& source : split(middle, ',')) {
    workload.sources.push_back(core::SourceName(source));
  }
  for (const std::string& target : split(right, ',')) {
    workload.targets.push_back(core::TargetName(target));
  }
  return workload;
}

template <class Things>
void sort_by_name(Things& things) {
  std::sort(things.begin(), things.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
}

}  // namespace

core::Model ascii_site(const std::string& drawing) {
  core::Model model;
  for (const std::string& line : split(drawing, '\n')) {
    std::istringstream words(line);
    std::string left;
    std::string middle;
    std::string right;
    if (!(words >> left)) {
      continue;
    }
    if (!(words >> middle >> right)) {
      throw std::invalid_argument("not three words: " + line);
    }
    if (middle.rfind("==", 0) == 0) {
      add_wan(model.site, left, middle, right);
    } else if (middle.rfind("--", 0) == 0) {
      add_lan(model.site, left, middle, right);
    } else if (middle.rfind("~~", 0) == 0) {
      add_trunk(model.site, left, middle, right);
    } else if (middle == "steers") {
      let_steer(model.site, left);
    } else {
      model.policy.workloads.push_back(workload_of(left, middle, right));
    }
  }
  sort_by_name(model.site.routers);
  sort_by_name(model.site.links);
  sort_by_name(model.site.nodes);
  sort_by_name(model.site.clouds);
  sort_by_name(model.site.sources);
  sort_by_name(model.site.trunks);
  sort_by_name(model.policy.workloads);
  return model;
}

}  // namespace wanwise::test
