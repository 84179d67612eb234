#include <vector>
#include <boost/asio.hpp>
