#include "adapters/kubernetes/watch/reflector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <utility>

#include "adapters/kubernetes/api/json_read.hpp"
#include "adapters/kubernetes/client/errors.hpp"

namespace wanwise::kubernetes {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

}  // namespace

Reflector::Reflector(std::shared_ptr<Client> client, Collection collection, Mirror& mirror)
    : m_client(std::move(client)),
      m_collection(std::move(collection)),
      m_mirror(mirror),
      m_timer(m_client->executor()),
      m_wait(m_client->limits().first_backoff) {}

void Reflector::stop() {
  m_stopped = true;
  m_timer.cancel();
  if (m_watch) m_watch->close();
}

std::string Reflector::query() const {
  std::string text;
  if (!m_collection.label_selector.empty()) {
    text += "&labelSelector=" + encode(m_collection.label_selector);
  }
  if (!m_collection.field_selector.empty()) {
    text += "&fieldSelector=" + encode(m_collection.field_selector);
  }
  return text;
}

asio::awaitable<void> Reflector::run() {
  while (!m_stopped) {
    core::Expected<void> went;
    if (m_version.empty()) went = co_await list();
    if (went && !m_stopped) went = co_await watch();
    if (went || m_stopped) continue;
    // The version is too old to go on from: not a failure, only a list that is due.
    if (went.error().code == "gone") {
      m_version.clear();
      if (m_followed) continue;
    }
    co_await pause(went.error());
  }
}

/// The whole collection, page by page. A list that outlives the revision it began at begins anew.
asio::awaitable<core::Expected<void>> Reflector::list() {
  ++m_counters.lists;
  m_mirror.list_begins();
  std::string more;
  do {
    Call page;
    page.path = fmt::format("{}?limit={}{}{}", m_collection.path, m_client->limits().page, query(),
                            more.empty() ? "" : "&continue=" + encode(more));
    const auto answer = co_await m_client->call(std::move(page));
    if (!answer) co_return core::Unexpected{answer.error()};
    for (const json::value& item : array_at(*answer, {"items"})) m_mirror.put(item);
    more = string_at(*answer, {"metadata", "continue"});
    m_version = string_at(*answer, {"metadata", "resourceVersion"});
  } while (!more.empty() && !m_stopped);
  if (m_version.empty()) {
    co_return core::fail("bad-response", m_collection.path + ": a list without resourceVersion");
  }
  m_mirror.list_ends();
  co_return core::Expected<void>{};
}

asio::awaitable<core::Expected<void>> Reflector::watch() {
  ++m_counters.watches;
  const std::string path =
      fmt::format("{}?watch=true&allowWatchBookmarks=true&timeoutSeconds={}&resourceVersion={}{}",
                  m_collection.path, m_client->limits().watch.count(), encode(m_version), query());
  auto opened = co_await m_client->open_watch(path);
  if (!opened) co_return core::Unexpected{opened.error()};
  m_watch = *opened;
  if (m_stopped) m_watch->close();
  followed();
  core::Expected<void> went;
  while (went) {
    const auto line = co_await m_watch->next_line(m_client->limits().max_watch_line);
    if (!line) {
      went = core::Unexpected{line.error()};
    } else if (!*line) {
      break;
    } else {
      went = take(**line);
    }
  }
  m_watch->close();
  m_watch.reset();
  co_return went;
}

core::Expected<void> Reflector::take(const std::string& line) {
  boost::system::error_code error;
  const json::value event = json::parse(line, error);
  if (error) return core::fail("bad-response", "watch: no JSON: " + error.message());
  const std::string_view type = string_at(event, {"type"});
  const json::value* object = find_at(event, {"object"});
  if (object == nullptr) return core::fail("bad-response", "watch: an event without object");
  if (type == "ERROR") {
    const auto code = static_cast<unsigned>(integer_at(*object, {"code"}).value_or(500));
    return core::Unexpected{status_error(code, *object, "watch " + m_collection.path)};
  }
  const std::string_view version = string_at(*object, {"metadata", "resourceVersion"});
  if (type == "BOOKMARK") {
    ++m_counters.bookmarks;
  } else {
    ++m_counters.events;
    if (type == "DELETED") {
      m_mirror.removed(*object);
    } else {
      m_mirror.put(*object);
    }
  }
  if (!version.empty()) m_version = version;
  return {};
}

void Reflector::followed() {
  m_wait = m_client->limits().first_backoff;
  if (m_followed) return;
  m_followed = true;
  m_mirror.followed();
}

asio::awaitable<void> Reflector::pause(const core::Error& why) {
  m_followed = false;
  m_mirror.broken(why);
  m_timer.expires_after(m_wait);
  m_wait = std::min(m_wait * 2, m_client->limits().max_backoff);
  boost::system::error_code ignored;
  co_await m_timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

}  // namespace wanwise::kubernetes
