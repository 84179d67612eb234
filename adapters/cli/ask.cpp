// The subcommands that ask the running daemon.
#include <fmt/core.h>

#include <boost/json.hpp>
#include <utility>

#include "adapters/cli/commands.hpp"
#include "adapters/cli/input.hpp"
#include "adapters/cli/render.hpp"
#include "adapters/http/json.hpp"

namespace wanwise::cli {
namespace {

/// Prints the daemon's answer: as it came, or rendered for people.
template <class Parse, class Render>
int show(const Common& common, const core::Expected<std::string>& body, Parse parse,
         Render render) {
  if (!body) return print_error(body.error()), kFailed;
  if (common.json) return fmt::print("{}\n", *body), kOk;
  const auto parsed = parse(*body);
  if (!parsed) return print_error(parsed.error()), kFailed;
  fmt::print("{}", render(*parsed, Style{common.colour}));
  return kOk;
}

}  // namespace

int status(const Common& common, const http::Endpoint& daemon) {
  return show(common, http::get(daemon, "/v1/status"), http::parse_status, render_status);
}

int explain(const Common& common, const http::Endpoint& daemon, const std::string& workload) {
  return show(common, http::get(daemon, "/v1/explain/" + http::encode_segment(workload)),
              http::parse_explanation, render_explanation);
}

int history(const Common& common, const http::Endpoint& daemon, const std::string& workload) {
  if (!workload.empty()) {
    return show(common, http::get(daemon, "/v1/history/" + http::encode_segment(workload)),
                http::parse_places, render_places);
  }
  return show(common, http::get(daemon, "/v1/history"), http::parse_history, render_history);
}

int drain(const Common& common, const http::Endpoint& daemon, const std::string& target,
          bool drain) {
  const std::string body = boost::json::serialize(boost::json::object{{"drain", drain}});
  const auto answer = http::post(daemon, "/v1/drain/" + http::encode_segment(target), body);
  if (!answer) return print_error(answer.error()), kFailed;
  if (common.json) return fmt::print("{}\n", *answer), kOk;
  fmt::print("{} {}\n", target, drain ? "is being drained" : "is in use again");
  return kOk;
}

}  // namespace wanwise::cli
