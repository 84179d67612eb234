#include "sim/router/config/sla_checks.hpp"

#include <algorithm>
#include <string>

#include "sim/router/config/config_view.hpp"

namespace wanwise::router {
namespace {

void refuse(std::vector<BadCli>& refused, const std::string& command, std::string response,
            std::string context) {
  constexpr std::size_t kMaxLines = 16;  // of one refusal; the first are the ones that matter
  if (refused.size() >= kMaxLines) return;
  const std::size_t space = command.rfind(' ');
  refused.push_back({.command = command,
                     .location = static_cast<std::uint32_t>(space + 1),
                     .response = std::move(response),
                     .context = std::move(context)});
}

const lyd_node* numbered(const lyd_node* parent, const char* list, const char* key,
                         const std::string& number) {
  for (const lyd_node* entry : children(parent, list)) {
    if (child_text(entry, key) == number) return entry;
  }
  return nullptr;
}

bool same(const lyd_node* a, const lyd_node* b) {
  return lyd_compare_single(a, b, LYD_COMPARE_FULL_RECURSION) == LY_SUCCESS;
}

// IOS: an operation that is scheduled can be deleted, not changed.
void check_scheduled(const lyd_node* before, const lyd_node* after, std::vector<BadCli>& refused) {
  for (const lyd_node* entry : children(after, "entry")) {
    const std::string number = child_text(entry, "number");
    const lyd_node* old = numbered(before, "entry", "number", number);
    const bool runs = numbered(before, "schedule", "entry-number", number) != nullptr &&
                      numbered(after, "schedule", "entry-number", number) != nullptr;
    if (old != nullptr && runs && !same(old, entry)) {
      refuse(refused, "ip sla " + number,
             "Entry already running and cannot be modified (only can delete (no) and start over)",
             "");
    }
  }
}

// Of both lists that devices have: one command makes them.
std::vector<const lyd_node*> tracked_objects(const lyd_node* native) {
  const lyd_node* track = child(native, "track");
  std::vector<const lyd_node*> all = children(track, "tracked-object");
  for (const lyd_node* object : children(track, "tracked-object-v2")) all.push_back(object);
  return all;
}

bool has_track(const lyd_node* native, const std::string& number) {
  const auto all = tracked_objects(native);
  return std::any_of(all.begin(), all.end(), [&](const lyd_node* object) {
    return child_text(object, "object-number") == number;
  });
}

void check_track(const lyd_node* after, std::vector<BadCli>& refused) {
  for (const lyd_node* object : tracked_objects(after)) {
    const std::string sla = text(descend(object, {"ip", "sla", "number"}));
    if (!sla.empty() &&
        numbered(descend(after, {"ip", "sla"}), "entry", "number", sla) == nullptr) {
      refuse(refused, "track " + child_text(object, "object-number") + " ip sla " + sla,
             "% IP SLA " + sla + " not configured", "");
    }
  }
}

void check_hop(const lyd_node* after, const lyd_node* hop, const std::string& context,
               std::vector<BadCli>& refused) {
  const std::string track = child_text(hop, "track");
  if (track.empty() || has_track(after, track)) return;
  refuse(refused,
         "set ip next-hop verify-availability " + child_text(hop, "ipv4") + " " +
             child_text(hop, "range") + " track " + track,
         "% Track object " + track + " not configured", context);
}

void check_route_maps(const lyd_node* after, std::vector<BadCli>& refused) {
  for (const lyd_node* map : children(after, "route-map")) {
    for (const lyd_node* entry : children(map, "route-map-without-order-seq")) {
      const std::string context = "route-map " + child_text(map, "name") + " " +
                                  child_text(entry, "operation") + " " +
                                  child_text(entry, "seq_no");
      const lyd_node* way = descend(entry, {"set", "ip", "next-hop", "verify-availability"});
      for (const lyd_node* hop : children(way, "ipv4")) check_hop(after, hop, context, refused);
    }
  }
}

// A route map that an interface applies must be there, and stay.
void check_applied(const lyd_node* after, std::vector<BadCli>& refused) {
  const lyd_node* ports = child(after, "interface");
  if (ports == nullptr) return;
  for (const lyd_node* port = lyd_child(ports); port != nullptr; port = port->next) {
    const std::string name = text(descend(port, {"ip", "policy", "route-map"}));
    if (!name.empty() && named(after, "route-map", name) == nullptr) {
      refuse(refused, "ip policy route-map " + name, "% Route-map " + name + " not configured",
             std::string("interface ") + LYD_NAME(port) + child_text(port, "name"));
    }
  }
}

}  // namespace

void check_sla(const lyd_node* native_before, const lyd_node* native_after,
               std::vector<BadCli>& refused) {
  check_scheduled(descend(native_before, {"ip", "sla"}), descend(native_after, {"ip", "sla"}),
                  refused);
  check_track(native_after, refused);
  check_route_maps(native_after, refused);
  check_applied(native_after, refused);
}

}  // namespace wanwise::router
