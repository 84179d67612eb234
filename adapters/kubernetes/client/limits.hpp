// Every bound of the API client, in one place. Value type.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace wanwise::kubernetes {

struct Limits {
  /// etcd takes objects up to 1.5 MB by default; a page of kPage pods stays far below it.
  std::size_t max_body = 16 << 20;
  std::size_t max_watch_line = 4 << 20;
  std::uint32_t page = 250;  ///< objects in one answer of a list
  /// kubelets renew their leases every 10 s; an API server that says nothing for so long is ill.
  std::chrono::milliseconds request{10'000};
  std::chrono::milliseconds connect{5'000};
  std::size_t idle_connections = 4;
  /// The API server ends a watch by then; kubectl's informers ask for 5 to 10 minutes.
  std::chrono::seconds watch{290};
  std::chrono::milliseconds first_backoff{100};
  std::chrono::milliseconds max_backoff{5'000};
};

}  // namespace wanwise::kubernetes
