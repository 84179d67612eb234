// How to reach one API server and who to be there. Value types.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace wanwise::kubernetes {

struct KeyPair {
  std::string certificate_pem;  ///< the client's, with its chain
  std::string key_pem;
};

/// A key pair and a token may both be given: the server takes the one it knows.
struct Access {
  std::string host;  ///< a name, or an address without brackets
  std::uint16_t port = 443;
  std::string base_path;    ///< before /api and /apis; empty, or "/k8s/clusters/c-1"
  std::string server_name;  ///< the name its certificate must carry; empty: `host`
  std::string ca_pem;       ///< who signs the server's certificate; empty: the system's roots
  std::optional<KeyPair> key_pair;
  std::string token;                   ///< bearer token; empty: none
  std::string token_file;              ///< read again at each request: such tokens are rotated
  std::string name_space = "default";  ///< of objects that name none
};

}  // namespace wanwise::kubernetes
