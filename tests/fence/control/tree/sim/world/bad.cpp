#include "adapters/iosxe/framer.hpp"
