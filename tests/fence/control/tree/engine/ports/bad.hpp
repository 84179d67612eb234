#include "adapters/iosxe/session/framer.hpp"
