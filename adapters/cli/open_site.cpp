#include "adapters/cli/open_site.hpp"

#include <utility>

namespace wanwise::cli {

std::unique_ptr<OpenSite> open_site(const Common& common, Input input) {
  std::unique_ptr<OpenSite> site{new OpenSite{std::move(input)}};
  auto ports = make_site_ports(site->io, site->clock, site->input.bundle, common.yang_dir);
  if (!ports) return print_error(ports.error()), nullptr;
  site->ports = std::move(*ports);
  return site;
}

std::unique_ptr<OpenSite> open_site(const Common& common, const SiteChoice& choice) {
  auto input = load_site(common, choice);
  return input ? open_site(common, std::move(*input)) : nullptr;
}

}  // namespace wanwise::cli
