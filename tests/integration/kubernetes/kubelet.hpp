// Plays the kubelets of all nodes: a pod that is bound becomes ready, one that is being deleted
// goes. Belongs to the io_context's thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <set>
#include <string>

#include "adapters/kubernetes/client/client.hpp"
#include "adapters/kubernetes/watch/reflector.hpp"

namespace wanwise::test {

class Kubelet final : private kubernetes::Mirror {
 public:
  Kubelet(boost::asio::io_context& io, std::shared_ptr<kubernetes::Client> client);
  void stop() { m_reflector->stop(); }

  std::set<std::string> hold;  ///< nodes whose pods never become ready

 private:
  void list_begins() override {}
  void put(const boost::json::value& pod) override;
  void removed(const boost::json::value&) override {}
  void list_ends() override {}
  void broken(const core::Error&) override {}
  void followed() override {}
  void send(kubernetes::Call what);

  boost::asio::io_context& m_io;
  std::shared_ptr<kubernetes::Client> m_client;
  std::shared_ptr<kubernetes::Reflector> m_reflector;
};

}  // namespace wanwise::test
