#include "adapters/iosxe/session/framer.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace wanwise::iosxe {
namespace {

std::vector<std::string> drain(Framer& framer) {
  std::vector<std::string> messages;
  for (;;) {
    auto message = framer.next();
    if (!message || !*message) return messages;
    messages.push_back(**message);
  }
}

/// All messages of `wire`, fed in two pieces cut at `cut`.
std::vector<std::string> read_in_two(const std::string& wire, std::size_t cut, Framing framing) {
  Framer framer;
  framer.use(framing);
  framer.feed(std::string_view{wire}.substr(0, cut));
  auto messages = drain(framer);
  framer.feed(std::string_view{wire}.substr(cut));
  for (auto& message : drain(framer)) messages.push_back(std::move(message));
  return messages;
}

std::string error_of(Framing framing, const std::string& wire, std::size_t max = 1000) {
  Framer framer{max};
  framer.use(framing);
  framer.feed(wire);
  for (;;) {
    auto message = framer.next();
    if (!message) return message.error().code;
    if (!*message) return "none";
  }
}

const std::vector<std::string> kMessages{"<hello/>", "]]>]]", "", "<a>\n#3\nabc\n##\n</a>", "]"};

TEST(Framer, FindsEveryMessageWhereverTheBytesAreCut) {
  for (const Framing framing : {Framing::end_of_message, Framing::chunked}) {
    std::string wire;
    std::vector<std::string> expected;
    for (const std::string& message : kMessages) {
      if (framing == Framing::chunked && message.empty()) continue;  // RFC 6242: 1*chunk
      wire += frame(message, framing);
      expected.push_back(message);
    }
    if (framing == Framing::end_of_message) {
      // "]]>]]" before the mark ends one byte early: 1.0 framing cannot carry it.
      wire.clear();
      expected = {"<hello/>", "", "<a/>", "]"};
      for (const auto& message : expected) wire += frame(message, framing);
    }
    for (std::size_t cut = 0; cut <= wire.size(); ++cut)
      EXPECT_EQ(read_in_two(wire, cut, framing), expected) << "cut at " << cut;
  }
}

TEST(Framer, TakesBytesOneByOne) {
  for (const Framing framing : {Framing::end_of_message, Framing::chunked}) {
    const std::string wire = frame("<one/>", framing) + frame("<two/>", framing);
    Framer framer;
    framer.use(framing);
    std::vector<std::string> messages;
    for (const char c : wire) {
      framer.feed({&c, 1});
      for (auto& message : drain(framer)) messages.push_back(std::move(message));
    }
    EXPECT_EQ(messages, (std::vector<std::string>{"<one/>", "<two/>"}));
    EXPECT_EQ(framer.held(), 0U);
  }
}

TEST(Framer, JoinsTheChunksOfAMessage) {
  Framer framer;
  framer.use(Framing::chunked);
  framer.feed("\n#4\n<a>\n\n#5\n</a>\n\n##\n");
  EXPECT_EQ(drain(framer), (std::vector<std::string>{"<a>\n</a>\n"}));
}

TEST(Framer, ChangesFramingAfterTheHello) {
  Framer framer;
  framer.feed(frame("<hello/>", Framing::end_of_message) + frame("<r/>", Framing::chunked));
  const auto hello = framer.next();
  ASSERT_TRUE(hello && *hello);
  EXPECT_EQ(**hello, "<hello/>");
  framer.use(Framing::chunked);
  EXPECT_EQ(drain(framer), (std::vector<std::string>{"<r/>"}));
}

TEST(Framer, NamesEachKindOfBadFraming) {
  for (const char* wire :
       {"x", "\nx", "\n#0\n", "\n#01\na\n##\n", "\n#-1\n", "\n#a\n", "\n#\n", "\n##\n",
        "\n#4294967296\n", "\n#99999999999", "\n#1x", "\n##x", "\n#3\nabcd", "\n# 3\nabc\n##\n"})
    EXPECT_EQ(error_of(Framing::chunked, wire), "protocol-error") << wire;
}

TEST(Framer, WaitsOnWhatCouldStillBecomeRight) {
  for (const char* wire : {"", "\n", "\n#", "\n#1", "\n#4", "\n#3\nabc", "\n#3\nabc\n#", "\n##"})
    EXPECT_EQ(error_of(Framing::chunked, wire), "none") << wire;
}

TEST(Framer, RefusesMessagesAboveItsLimitBeforeHoldingThem) {
  EXPECT_EQ(error_of(Framing::chunked, "\n#1001\n"), "message-too-big");
  EXPECT_EQ(error_of(Framing::chunked, "\n#4294967295\n"), "message-too-big");
  const std::string half(600, 'x');
  EXPECT_EQ(error_of(Framing::chunked, "\n#600\n" + half + "\n#600\n"), "message-too-big");
  EXPECT_EQ(error_of(Framing::end_of_message, std::string(1007, 'x')), "message-too-big");
  EXPECT_EQ(error_of(Framing::end_of_message, std::string(1001, 'x') + "]]>]]>"),
            "message-too-big");
  EXPECT_EQ(error_of(Framing::end_of_message, std::string(1000, 'x') + "]]>]]>"), "none");
  EXPECT_EQ(error_of(Framing::chunked, "\n#1000\n" + std::string(1000, 'x') + "\n##\n"), "none");
}

TEST(Framer, StaysEndedAfterAnError) {
  Framer framer;
  framer.use(Framing::chunked);
  framer.feed("garbage");
  EXPECT_FALSE(framer.next());
  framer.feed(frame("<late/>", Framing::chunked));
  EXPECT_FALSE(framer.next());
  EXPECT_EQ(framer.held(), 0U);
}

}  // namespace
}  // namespace wanwise::iosxe
