// What an API server or the way to it answers, as codes that wanwise knows. Pure; any thread.
//   the way: host-unknown, connect-refused, connect-failed, tls-refused, reply-timeout,
//            connection-lost, bad-response, response-too-large, closed
//   the server: unauthorized, forbidden, not-found, already-exists, conflict, field-conflict, gone,
//            invalid, too-many-requests, server-error, refused
// Source: metav1.Status,
// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
#pragma once

#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>
#include <string>

#include "engine/core/expected.hpp"

namespace wanwise::kubernetes {

/// `what` names the step: "GET /api/v1/nodes".
[[nodiscard]] core::Error way_error(const boost::system::error_code& error,
                                    const std::string& what);

/// Of an answer that is not 2xx. The Status object's own message is kept; a field conflict names
/// each field and who owns it.
[[nodiscard]] core::Error status_error(unsigned http_status, const boost::json::value& body,
                                       const std::string& what);

/// Nothing was decided: the same request may fare better in a moment.
[[nodiscard]] bool is_transient(const core::Error& error);

}  // namespace wanwise::kubernetes
