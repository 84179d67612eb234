// Any text as any message a router can send: hello, reply, notification, state, configuration. What
// is understood as a whole configuration of ours must be written and read back to the same.
#include <cstddef>
#include <cstdint>
#include <string>

#include "adapters/iosxe/mqc/mqc_edit.hpp"
#include "adapters/iosxe/mqc/qos_codec.hpp"
#include "adapters/iosxe/mqc/qos_mqc.hpp"
#include "adapters/iosxe/read/notification.hpp"
#include "adapters/iosxe/read/subscribe.hpp"
#include "adapters/iosxe/read/telemetry.hpp"
#include "adapters/iosxe/release/yang_library.hpp"
#include "adapters/iosxe/session/envelope.hpp"
#include "adapters/iosxe/session/hello.hpp"
#include "adapters/iosxe/xml/reply.hpp"
#include "engine/core/check.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::iosxe {
namespace {

void read_state(const XmlNode& data, const RouterConfig& config, const NameTable& names) {
  Degradations degradations;
  TelemetryReader reader{config, names, degradations};
  (void)reader.read(data, core::Instant{1});
  (void)reader.read(data, core::Instant{2}, Extent::whole);
  const FeatureSet features{read_library(data)};
  reader.note_missing(data, features);
  const OnChangePaths on_change{data};
  for (const Feed& feed : feeds_to_push(config, features, on_change)) (void)xpath_of(feed);
  (void)get_feeds(feeds_of(config, features), features);
  (void)read_limits(data);
}

void read_notification(const Notification& notification, const RouterConfig& config,
                       const NameTable& names) {
  read_state(notification.data(), config, names);
  Degradations degradations;
  TelemetryReader reader{config, names, degradations};
  (void)reader.read_reaction(notification.reaction(), core::Instant{1});
  (void)notification.changed_by();
  if (!notification.time) return;
  ClockOffset offset;
  constexpr core::Instant kReceived{1'000'000};
  WANWISE_CHECK(offset.observe(*notification.time, kReceived) <= kReceived);
}

void read_config(const XmlNode& data, const RouterConfig& config, const NameTable& names) {
  const ObservedConfig observed = observe(data, config, names);
  (void)edit_native(observed.own, to_mqc(samples::site_qos()).value());
  (void)render_cli(observed.own);
  if (!observed.qos) return;
  const auto again = to_mqc(*observed.qos);
  if (!again) return;  // shares that do not sum up, and the like
  WANWISE_CHECK(contains(observed.own, *again));
}

}  // namespace

void fuzz(const std::string& text) {
  static const RouterConfig config = samples::config();
  static const NameTable names = name_table(config).value();
  (void)look_at(text);
  (void)parse_hello(text);
  if (const auto notification = parse_notification(text))
    read_notification(*notification, config, names);
  const auto reply = Reply::parse(text);
  if (!reply) return;
  (void)subscription_answer(*reply);
  for (const auto& error : reply->errors()) (void)to_string(error);
  read_state(reply->data(), config, names);
  read_config(reply->data(), config, names);
}

}  // namespace wanwise::iosxe

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  wanwise::iosxe::fuzz(std::string(data, data + size));
  return 0;
}
