#include "engine/core/decide/search/solver.hpp"
