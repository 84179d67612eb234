#include "engine/core/units.hpp"
#include <libssh/libssh.h>
