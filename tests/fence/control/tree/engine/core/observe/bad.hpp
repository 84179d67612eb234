#include "engine/core/decide/solver.hpp"
