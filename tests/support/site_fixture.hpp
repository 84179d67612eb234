// What the end-to-end tests share: the emulator and `wanwise run` as processes of their own on free
// loopback ports, with site documents made from policies/; waits on the daemon's status with a
// deadline; its journal afterwards. One thread.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/status.hpp"
#include "engine/runtime/journal_record.hpp"
#include "tests/support/netconf_peer.hpp"
#include "tests/support/process.hpp"
#include "tests/support/router_process.hpp"

namespace wanwise::test {

/// How the documents differ from policies/sites/harbour.yaml and policies/smart-city.yaml.
struct SiteText {
  std::uint16_t netconf_port = 0;
  std::uint16_t door_port = 0;
  std::string host_key;
  std::string password = RouterProcess::kPassword;
  std::string blind_after = "3s";  ///< samples come twice a second
  bool save_config = false;
  std::string data_cap{};  ///< of lte: "20GB/month"; empty: none
  /// Of tx2, as YAML: "{endpoints: [...]}". The simulated cluster is left out then.
  std::string node_metrics{};
  /// Of a control plane in place of the simulated cluster; empty: the simulated one.
  std::string kubeconfig{};
};

/// A journal, record by record; made for looking things up.
struct JournalView {
  std::vector<core::Event> events;
  std::vector<core::Action> actions;
  std::vector<runtime::JournalNote> notes;
  bool closed = false;

  template <class Body>
  [[nodiscard]] std::vector<std::pair<core::Instant, Body>> all() const {
    std::vector<std::pair<core::Instant, Body>> found;
    for (const core::Event& event : events) {
      if (const auto* body = std::get_if<Body>(&event.body)) found.emplace_back(event.at, *body);
    }
    return found;
  }

  /// A change of the router's configuration, and how it ended.
  struct Write {
    core::Action action;
    core::Instant ended;
    core::ActionDone done;
  };
  [[nodiscard]] std::vector<Write> writes() const;
};

class SiteTest : public testing::Test {
 protected:
  using Words = std::vector<std::string>;
  using Fits = std::function<bool(const core::Status&)>;
  static constexpr std::chrono::milliseconds kPatience{60'000};

  /// The emulator with the site behind it, on a link that does not change unless told.
  void start_router(Words options = {});
  /// The same again on the same ports, with nothing but its startup configuration.
  void start_router_again(Words options = {});
  [[nodiscard]] SiteText site_text() const;
  void write_documents(const SiteText& text);
  /// Documents for the router that runs.
  void write_documents() { write_documents(site_text()); }

  /// `wanwise run`, until it serves its API.
  void start_daemon(const Words& options = {});
  /// Ends it as systemd would: it must end in order.
  void stop_daemon();
  /// `wanwise WORDS…` to its end.
  [[nodiscard]] Ended wanwise(Words words) const;
  /// The same with the documents: `wanwise WORD -p DOCUMENTS …`.
  [[nodiscard]] Ended wanwise_on_site(const std::string& word, const Words& more = {}) const;
  /// The same as a client of the daemon.
  [[nodiscard]] Ended ask(Words words) const;

  [[nodiscard]] std::optional<core::Status> status() const;
  /// Body of GET; empty when there was no answer.
  [[nodiscard]] std::string get(const std::string& path) const;
  /// The first status that fits; fails the test when none does in time.
  core::Status wait_for(const std::string& what, const Fits& fits,
                        std::chrono::milliseconds patience = kPatience);
  /// Connected, QoS on the router as wanted, everything runs somewhere, nothing is lacking.
  core::Status wait_until_all_is_well();
  core::Degradation wait_for_degradation(const std::string& code, const std::string& part = "");
  [[nodiscard]] JournalView journal() const;

  /// The router's running configuration, as another client sees it.
  [[nodiscard]] std::string running_config() const;
  [[nodiscard]] std::unique_ptr<NetconfPeer> peer() const;

  void TearDown() override;

  TemporaryFolder m_folder;
  RouterProcess m_router;
  Process m_daemon;
  std::uint16_t m_api_port = 0;
  std::int64_t m_ready_us = 0;  ///< from the daemon's start to its ready file
};

[[nodiscard]] const core::Degradation* find_degradation(const core::Status& status,
                                                        const std::string& code,
                                                        const std::string& part = "");
[[nodiscard]] bool all_placed(const core::Status& status);
/// Everything that wanwise writes stands there whole.
[[nodiscard]] bool has_whole_qos(const std::string& config);
/// Not a word of wanwise's.
[[nodiscard]] bool has_no_qos(const std::string& config);

}  // namespace wanwise::test
