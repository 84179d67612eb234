// A site of which every door is open: its documents read, its ports made. What the subcommands that
// go to a site themselves begin with. The thread of its io_context.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "adapters/cli/input.hpp"
#include "adapters/cli/site_ports.hpp"
#include "engine/runtime/steady_clock.hpp"

namespace wanwise::cli {

/// Stays where it is: the ports hold on to the rest.
struct OpenSite {
  Input input;
  boost::asio::io_context io{1};
  runtime::SteadyClock clock{};
  SitePorts ports{};
};

/// Null when it failed; the reasons are on stderr then.
[[nodiscard]] std::unique_ptr<OpenSite> open_site(const Common& common, Input input);
/// From the documents on.
[[nodiscard]] std::unique_ptr<OpenSite> open_site(const Common& common, const SiteChoice& choice);

}  // namespace wanwise::cli
