// State data as text -> the events a reader makes of it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "adapters/iosxe/mqc/qos_codec.hpp"
#include "adapters/iosxe/read/telemetry.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::iosxe::test {

class ReaderTest : public testing::Test {
 protected:
  std::vector<core::EventBody> read(const std::string& content, core::Instant at,
                                    Extent extent = Extent::part) {
    const auto document = XmlDocument::parse(
        "<data xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'>" + content + "</data>");
    EXPECT_TRUE(document) << content;
    return m_reader.read(document->root(), at, extent);
  }
  template <class Event>
  std::vector<Event> read_only(const std::string& content, core::Instant at = core::Instant{1},
                               Extent extent = Extent::part) {
    std::vector<Event> found;
    for (const auto& event : read(content, at, extent)) {
      if (const auto* match = std::get_if<Event>(&event)) found.push_back(*match);
    }
    return found;
  }
  TelemetryReader::Reaction react(const std::string& entry, const std::string& type,
                                  const std::string& status) {
    const auto document = XmlDocument::parse(
        "<ipsla-reaction-update xmlns='http://cisco.com/ns/yang/Cisco-IOS-XE-ip-sla-events'>"
        "<severity>major</severity><oper-id>" +
        entry + "</oper-id><react-type>" + type + "</react-type><react-status>" + status +
        "</react-status></ipsla-reaction-update>");
    return m_reader.read_reaction(document->root(), core::Instant{5});
  }

  RouterConfig m_config = [] {
    RouterConfig config = samples::config();
    config.links[0].class_probes = {{900'100, core::ClassName{"video"}}};
    return config;
  }();
  NameTable m_names = name_table(m_config).value();
  Degradations m_degradations;
  TelemetryReader m_reader{m_config, m_names, m_degradations};
};

}  // namespace wanwise::iosxe::test
