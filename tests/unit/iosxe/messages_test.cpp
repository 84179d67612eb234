// hello, rpc-reply, notification, names and the XML under them.
#include <gtest/gtest.h>

#include "adapters/iosxe/mqc/names.hpp"
#include "adapters/iosxe/session/credentials.hpp"
#include "adapters/iosxe/session/envelope.hpp"
#include "adapters/iosxe/session/hello.hpp"
#include "adapters/iosxe/xml/reply.hpp"
#include "adapters/iosxe/xml/xml.hpp"

namespace wanwise::iosxe {
namespace {

constexpr const char* kNc = "urn:ietf:params:xml:ns:netconf:base:1.0";

std::string hello_of(const std::string& capabilities, const std::string& id = "17") {
  return std::string{"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<nc:hello xmlns:nc=\""} + kNc +
         "\"><nc:capabilities>" + capabilities + "</nc:capabilities><nc:session-id>" + id +
         "</nc:session-id></nc:hello>";
}

std::string capability(const std::string& urn) {
  return "<nc:capability>\n  " + urn + "\n</nc:capability>";
}

TEST(Hello, ReadsWhatTheRouterOffersAndCountsTheRest) {
  const auto hello = parse_hello(
      hello_of(capability("urn:ietf:params:netconf:base:1.1") +
               capability("urn:ietf:params:netconf:capability:candidate:1.0") +
               capability("urn:ietf:params:netconf:capability:validate:1.1") +
               capability("urn:ietf:params:netconf:capability:confirmed-commit:1.1") +
               capability("urn:ietf:params:netconf:capability:with-defaults:1.0?basic-mode=x") +
               capability("http://cisco.com/ns/yang/x?module=x&amp;revision=2017-02-07")));
  ASSERT_TRUE(hello) << hello.error().message;
  EXPECT_EQ(hello->session_id, 17U);
  EXPECT_TRUE(hello->base_1_1);
  EXPECT_TRUE(hello->candidate);
  EXPECT_TRUE(hello->validate);
  EXPECT_TRUE(hello->confirmed_commit);
  EXPECT_FALSE(hello->writable_running);
  EXPECT_FALSE(hello->rollback_on_error);
  EXPECT_EQ(hello->capabilities, 6U);
}

TEST(Hello, RefusesWhatIsNoHello) {
  const std::string base = capability("urn:ietf:params:netconf:base:1.0");
  EXPECT_TRUE(parse_hello(hello_of(base)));
  EXPECT_FALSE(parse_hello(hello_of("")));
  EXPECT_FALSE(parse_hello(hello_of(base, "")));
  EXPECT_FALSE(parse_hello(hello_of(base, "0")));
  EXPECT_FALSE(parse_hello(hello_of(base, "-1")));
  EXPECT_FALSE(parse_hello(hello_of(base, "99999999999")));
  EXPECT_FALSE(parse_hello("<hello><capabilities/></hello>"));
  EXPECT_FALSE(parse_hello("SSH-2.0-x"));
  EXPECT_FALSE(parse_hello(""));
}

TEST(Hello, OursSaysBothBaseVersions) {
  const auto document = XmlDocument::parse(client_hello());
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root().child("capabilities").children("capability").size(), 2U);
}

TEST(Xml, BoundsDepthAndElements) {
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "<a>";
  EXPECT_FALSE(XmlDocument::parse(deep));
  std::string wide = "<a>";
  for (std::size_t i = 0; i <= kMaxXmlElements; ++i) wide += "<b/>";
  EXPECT_FALSE(XmlDocument::parse(wide + "</a>"));
}

TEST(Xml, TakesNoDocumentTypeNoZeroByteAndOneRootOnly) {
  EXPECT_FALSE(XmlDocument::parse("<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>"));
  EXPECT_FALSE(XmlDocument::parse(std::string_view{"<a>\0</a>", 8}));
  EXPECT_FALSE(XmlDocument::parse("<a/><b/>"));
  EXPECT_FALSE(XmlDocument::parse("<a>"));
  EXPECT_FALSE(XmlDocument::parse("<a></b>"));
  EXPECT_TRUE(XmlDocument::parse("<!-- <x> --><a xmlns='urn:x'><![CDATA[<y>]]><b c='>'/></a>"));
}

TEST(Xml, AsksThroughMissingElements) {
  const auto document = XmlDocument::parse("<a xmlns='urn:x'> <b> t &lt; </b></a>");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root().ns(), "urn:x");
  EXPECT_EQ(document->root().child("b").text(), "t <");
  EXPECT_EQ(document->root().child("c").child("d").text(), "");
  EXPECT_FALSE(document->root().child("c"));
}

TEST(Reply, CarriesTheRoutersOwnWordsAndTheBadCommand) {
  const auto reply = Reply::parse(std::string{"<rpc-reply xmlns=\""} + kNc + R"(" message-id="1">
 <rpc-error><error-type>application</error-type><error-tag>invalid-value</error-tag>
 <error-severity>error</error-severity>
 <error-message
  xml:lang="en">inconsistent value: Device refused one or more commands</error-message>
 <error-info><severity xmlns="http://cisco.com/yang/cisco-ia">error_cli</severity>
  <detail xmlns="http://cisco.com/yang/cisco-ia"><bad-cli><bad-command>match x</bad-command>
  <error-location>11</error-location></bad-cli></detail></error-info></rpc-error></rpc-reply>)");
  ASSERT_TRUE(reply);
  ASSERT_TRUE(reply->failed());
  EXPECT_EQ(to_string(reply->errors().front()),
            "invalid-value: inconsistent value: Device refused one or more commands "
            "[bad command: match x]");
}

TEST(Reply, TakesWarningsForSuccess) {
  const auto reply = Reply::parse(
      std::string{"<rpc-reply xmlns=\""} + kNc +
      "\"><rpc-error><error-severity>warning</error-severity></rpc-error><ok/></rpc-reply>");
  ASSERT_TRUE(reply);
  EXPECT_FALSE(reply->failed());
}

TEST(Subscription, IsRefusedWithoutAnRpcError) {
  const auto answer = [](const std::string& content) {
    return subscription_answer(
        Reply::parse(std::string{"<rpc-reply xmlns=\""} + kNc + "\">" + content + "</rpc-reply>")
            .value());
  };
  const std::string ns = " xmlns='urn:ietf:params:xml:ns:yang:ietf-event-notifications'";
  const auto good = answer("<subscription-result" + ns +
                           " xmlns:n='urn:ietf:params:xml:ns:yang:ietf-event-notifications'>n:ok"
                           "</subscription-result><subscription-id" +
                           ns + ">2147483729</subscription-id>");
  EXPECT_EQ(good.id, 2147483729U);
  const auto bad =
      answer("<subscription-result" + ns + ">n:error-insufficient-resources</subscription-result>");
  EXPECT_FALSE(bad.id);
  EXPECT_EQ(bad.result, "error-insufficient-resources");
}

TEST(Envelope, KnowsRepliesByTheirRoot) {
  const auto reply =
      look_at("<?xml version='1.0'?>\n<!-- > --><nc:rpc-reply message-id='42' x='y'>");
  EXPECT_EQ(reply.kind, Envelope::Kind::reply);
  EXPECT_EQ(reply.message_id, 42U);
  EXPECT_FALSE(look_at("<rpc-reply message-id=\"x\">").message_id);
  EXPECT_FALSE(look_at("<rpc-reply message-id=").message_id);
  EXPECT_EQ(look_at("<notification>").kind, Envelope::Kind::notification);
  EXPECT_EQ(look_at("<hello>").kind, Envelope::Kind::other);
  EXPECT_EQ(look_at("<?").kind, Envelope::Kind::other);
  EXPECT_EQ(look_at("").kind, Envelope::Kind::other);
}

TEST(Names, KeepPlainNamesReadable) {
  EXPECT_EQ(acl_name(core::ClassName{"video"}), "WANWISE-ACL-VIDEO");
  EXPECT_EQ(marking_class_map(core::ClassName{"video"}), "WANWISE-CM-VIDEO-IN");
  EXPECT_EQ(child_policy(core::LinkName{"lte"}), "WANWISE-PM-LTE-CHILD");
  EXPECT_TRUE(is_own("WANWISE-PM-LTE"));
  EXPECT_FALSE(is_own("OPERATOR-WANWISE-PM"));
}

TEST(Names, NeverMakeTwoThingsLookLikeOne) {
  // The queue of class "video-in" would else be the marking of class "video".
  EXPECT_NE(queue_class_map(core::ClassName{"video-in"}),
            marking_class_map(core::ClassName{"video"}));
  EXPECT_NE(parent_policy(core::LinkName{"lte-child"}), child_policy(core::LinkName{"lte"}));
  EXPECT_NE(parent_policy(core::LinkName{"mark-in"}), kMarkPolicy);
  EXPECT_NE(token("a.b"), token("a_b"));
  EXPECT_NE(token("Video"), token("video"));
  EXPECT_NE(token(""), "");
  for (const std::string& name : {std::string(500, 'x'), std::string{"\xc3\xbc <&>"}})
    EXPECT_LE(token(name).size(), kMaxToken);
}

TEST(Names, ComeBackThroughTheTable) {
  NameTable names;
  ASSERT_TRUE(names.add(core::ClassName{"Sehr lange Klasse, mit Komma und noch viel mehr Text"}));
  ASSERT_TRUE(names.add(core::ClassName{"video"}));
  ASSERT_TRUE(names.add(core::ClassName{"video"}));
  EXPECT_EQ(names.class_of("VIDEO").text, "video");
  EXPECT_EQ(names.class_of("OLD").text, "OLD");
}

TEST(Credentials, NameWhatIsMissingAndNeverTheSecret) {
  const auto secret = read_secret({Secret::From::environment, "WANWISE_NO_SUCH_VARIABLE"});
  ASSERT_FALSE(secret);
  EXPECT_EQ(secret.error().code, "credential-missing");
  EXPECT_FALSE(read_secret({Secret::From::file, "/no/such/file"}));
}

}  // namespace
}  // namespace wanwise::iosxe
