// What a router held at a moment, word for word: the way back when an edit came out wrong, also for
// what somebody else wrote into our objects and wanwise itself has no words for. Shares its
// document; any thread.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "adapters/iosxe/xml/namespaces.hpp"
#include "adapters/iosxe/xml/reply.hpp"

namespace wanwise::iosxe {

class Image {
 public:
  Image() = default;
  /// Of the reply to a get-config.
  explicit Image(Reply reply) : m_reply(std::make_shared<const Reply>(std::move(reply))) {}
  /// As if a router held just this `<native>…</native>` (empty: nothing).
  [[nodiscard]] static core::Expected<Image> of_native(const std::string& native) {
    XmlWriter out;
    out.open("rpc-reply", ns::kNetconf).open("data").raw(native).close().close();
    auto reply = Reply::parse(out.take());
    if (!reply) return core::Unexpected{reply.error()};
    return Image{std::move(*reply)};
  }

  /// The content of <data>; no element when nothing was read.
  [[nodiscard]] XmlNode data() const { return m_reply ? m_reply->data() : XmlNode{}; }

 private:
  std::shared_ptr<const Reply> m_reply;
};

}  // namespace wanwise::iosxe
