// The subcommands that ask the running daemon.
#include <fmt/core.h>

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "adapters/cli/commands.hpp"
#include "adapters/cli/input.hpp"
#include "adapters/cli/render.hpp"
#include "adapters/http/json.hpp"
#include "engine/policy/units.hpp"

namespace wanwise::cli {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;

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

/// A quantity of the command line; nothing, and the reason on stderr, when it is none.
std::optional<std::int64_t> parse_argument(std::string_view name, policy::Unit unit,
                                           const std::string& text) {
  const auto count = policy::parse_quantity(unit, text);
  if (count) return *count;
  fmt::print(stderr, "{}: '{}' {}; allowed: {}\n", name, text, count.error().message,
             count.error().allowed);
  return std::nullopt;
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

int usage(const Common& common, const http::Endpoint& daemon, const std::string& link,
          const std::string& used, const std::string& left) {
  const auto bytes = parse_argument("USED", policy::Unit::size, used);
  const auto time = parse_argument("--left", policy::Unit::duration, left);
  if (!bytes || !time) return kUsage;
  const std::string body = boost::json::serialize(
      boost::json::object{{"used-bytes", *bytes}, {"left-s", *time / kMicrosPerSecond}});
  const auto answer = http::post(daemon, "/v1/usage/" + http::encode_segment(link), body);
  if (!answer) return print_error(answer.error()), kFailed;
  if (common.json) return fmt::print("{}\n", *answer), kOk;
  fmt::print("{} has used {} of its data plan; the period ends in {}\n", link, used, left);
  return kOk;
}

}  // namespace wanwise::cli
