// The single checks of survey(): each is an answer of the router -> findings. Pure; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "adapters/iosxe/release/features.hpp"
#include "adapters/iosxe/survey/survey.hpp"
#include "adapters/iosxe/xml/reply.hpp"

namespace wanwise::iosxe {

/// What a connection that did not come up says.
[[nodiscard]] Finding session_failed(const core::Error& error);

/// How wanwise will write: with a candidate and a commit that ends by itself, or with less.
[[nodiscard]] Finding datastore_finding(const Hello& hello);

/// `reply` to <lock> of running. A lock that another session holds still shows the right to write.
[[nodiscard]] Finding write_access_finding(const Reply& reply);

/// The release that the modules tell of, and each feature that the site would use and that the
/// router lacks.
[[nodiscard]] std::vector<Finding> feature_findings(const ModuleRevisions& modules,
                                                    const FeatureSet& features,
                                                    const RouterConfig& config);

/// Requests and what their replies say. The data of a reply that failed is empty.
[[nodiscard]] std::string get_subscription_limits();
[[nodiscard]] Finding subscription_finding(const Hello& hello, const XmlNode& data,
                                           std::size_t wanted);

[[nodiscard]] std::string get_own_session(const Hello& hello);
[[nodiscard]] Finding clock_finding(const XmlNode& data,
                                    std::chrono::system_clock::time_point connected_at);

/// The packet sessions of cellular links: whether they are up, and, from 17.16.1 on, since when and
/// to which APN. The request is empty for a site without such links.
[[nodiscard]] std::string get_packet_sessions(const RouterConfig& config,
                                              const FeatureSet& features);
[[nodiscard]] std::vector<Finding> packet_session_findings(const XmlNode& data,
                                                           const RouterConfig& config);

/// `config` has the router's numbers (as_the_router_numbers()).
[[nodiscard]] std::string get_probe_results(const RouterConfig& config);
/// One for each probe, the classes' too; a udp-jitter operation needs a responder at its target.
[[nodiscard]] std::vector<Finding> probe_findings(const XmlNode& data, const RouterConfig& config);

/// "2026-11-23T20:24:34.5+01:00" (RFC 3339); nothing when it is none.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_date_and_time(
    std::string_view text);

}  // namespace wanwise::iosxe
