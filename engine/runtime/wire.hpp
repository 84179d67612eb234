// The one place where generated protobuf code is included: it does not compile under our warnings.
#pragma once

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include "engine/proto/journal.pb.h"
#include "engine/proto/types.pb.h"
#pragma GCC diagnostic pop
