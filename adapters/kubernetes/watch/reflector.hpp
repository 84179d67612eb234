// Keeps a mirror equal to a collection of the API server: a paged list, then a watch from its
// resource version, with bookmarks; after a cut the watch goes on where it was, after 410 the list
// is taken anew. Belongs to the client's executor's thread.
// Source:
// https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "adapters/kubernetes/client/client.hpp"

namespace wanwise::kubernetes {

struct Collection {
  std::string path;  ///< "/apis/apps/v1/deployments", without query
  std::string label_selector;
  std::string field_selector;
};

/// Told what the collection holds. Objects of a list may be told again though nothing changed.
class Mirror {
 public:
  virtual ~Mirror() = default;
  virtual void list_begins() = 0;
  virtual void put(const boost::json::value& object) = 0;
  virtual void removed(const boost::json::value& object) = 0;
  /// All that is there was put since list_begins(); what was not is gone.
  virtual void list_ends() = 0;
  /// The collection can not be followed for the time being; list or watch go on by themselves.
  virtual void broken(const core::Error& why) = 0;
  /// It is followed again, or for the first time.
  virtual void followed() = 0;
};

struct ReflectorCounters {
  std::uint64_t lists = 0;
  std::uint64_t watches = 0;
  std::uint64_t events = 0;
  std::uint64_t bookmarks = 0;
};

class Reflector {
 public:
  /// `mirror` outlives run().
  Reflector(std::shared_ptr<Client> client, Collection collection, Mirror& mirror);

  /// Ends after stop().
  [[nodiscard]] boost::asio::awaitable<void> run();
  void stop();

  [[nodiscard]] const ReflectorCounters& counters() const { return m_counters; }

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;

  [[nodiscard]] Awaitable<core::Expected<void>> list();
  [[nodiscard]] Awaitable<core::Expected<void>> watch();
  [[nodiscard]] core::Expected<void> take(const std::string& line);
  [[nodiscard]] std::string query() const;
  [[nodiscard]] Awaitable<void> pause(const core::Error& why);
  void followed();

  std::shared_ptr<Client> m_client;
  const Collection m_collection;
  Mirror& m_mirror;
  std::shared_ptr<Connection> m_watch;
  boost::asio::steady_timer m_timer;
  std::string m_version;  ///< of the last object seen; empty: a list is due
  std::chrono::milliseconds m_wait;
  ReflectorCounters m_counters;
  bool m_followed = false;
  bool m_stopped = false;
};

}  // namespace wanwise::kubernetes
