#include "adapters/iosxe/write/read_back.hpp"

#include <algorithm>
#include <utility>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/write/step.hpp"
#include "adapters/iosxe/xml/namespaces.hpp"

namespace wanwise::iosxe {
namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;
namespace {

/// Between two looks at the state: a router that refreshes it at once is seen soon, one that does
/// it every ten seconds is not asked much more often than that.
constexpr std::chrono::milliseconds kFirstLook{50};
constexpr std::chrono::milliseconds kLookPause{1000};

std::vector<std::pair<std::string, std::string>> outputs_of(const Mqc& mqc) {
  std::vector<std::pair<std::string, std::string>> outputs;
  for (const auto& [place, policy] : mqc.attachments) {
    if (place.second == Side::output) outputs.emplace_back(place.first, policy);
  }
  return outputs;
}

bool shows(const XmlNode& port, const std::string& policy) {
  const auto all = port.children("diffserv-info");
  return std::any_of(all.begin(), all.end(), [&](const XmlNode& info) {
    return info.child("policy-name").text() == policy;
  });
}

std::string join(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) all += (all.empty() ? "" : ", ") + part;
  return all;
}

}  // namespace

asio::awaitable<core::Expected<Seen>> read_running(Wire& wire, const WriteFacts& facts,
                                                   Deadline deadline) {
  const std::string request = get_config("running");
  auto reply = co_await wire.ask_patiently(request, deadline);
  if (!reply) co_return core::Unexpected{reply.error()};
  if (reply->failed()) co_return core::fail(errors::kReadBackFailed, words(*reply));
  Seen seen;
  seen.observed = observe(reply->data(), facts.config, facts.names);
  seen.image = Image{std::move(*reply)};
  co_return seen;
}

std::string effect_request(const Mqc& desired) {
  XmlWriter out;
  out.open("get").open("filter", {}, "type=\"subtree\"").open("interfaces", ns::kInterfaces);
  for (const auto& [interface, policy] : outputs_of(desired)) {
    out.open("interface").leaf("name", interface).empty("oper-status");
    out.open("diffserv-info").empty("direction").empty("policy-name").close().close();
  }
  return out.close().close().close().take();
}

Effect effect_of(const XmlNode& data, const Mqc& desired) {
  Effect effect;
  for (const auto& [interface, policy] : outputs_of(desired)) {
    for (const XmlNode& port : data.child("interfaces").children("interface")) {
      if (port.child("name").text() != interface) continue;
      effect.shows_any = effect.shows_any || port.child("diffserv-info");
      const bool up = port.child("oper-status").text() == "if-oper-state-ready";
      if (up && !shows(port, policy)) effect.missing.push_back(interface + " output " + policy);
    }
  }
  return effect;
}

asio::awaitable<StepEnd> await_effect(Wire& wire, const WriteFacts& facts, const Mqc& desired,
                                      Deadline deadline, std::string& unseen) {
  if (outputs_of(desired).empty()) co_return std::nullopt;
  const Deadline patience =
      Steady::now() + std::chrono::microseconds{facts.config.limits.effect_patience.count};
  std::chrono::milliseconds pause = kFirstLook;
  const std::string request = effect_request(desired);
  for (int looks = 0; looks < kMaxTries; ++looks) {
    const auto reply = co_await wire.ask(request, deadline);
    if (!reply) co_return lost_after(reply.error());
    if (reply->failed()) {
      unseen = words(*reply);
      co_return std::nullopt;
    }
    const Effect effect = effect_of(reply->data(), desired);
    if (effect.missing.empty()) co_return std::nullopt;
    const Deadline next = Steady::now() + pause;
    if (next >= patience || next >= deadline) {
      // A router that shows no policy at all, or had too little time, says nothing against it.
      const bool known = effect.shows_any && next >= patience;
      if (!known) unseen = "not shown: " + join(effect.missing);
      if (!known) co_return std::nullopt;
      co_return WriteResult{core::Outcome::failed,
                            errors::kNoEffect,
                            "configured, but not in force: " + join(effect.missing),
                            {},
                            true,
                            {},
                            {}};
    }
    co_await pause_until(next);
    pause = std::min(pause * 2, kLookPause);
  }
  co_return std::nullopt;
}

}  // namespace wanwise::iosxe
