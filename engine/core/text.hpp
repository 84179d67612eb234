// Quantities as people read them, for findings and summaries. Pure.
#pragma once

#include <string>

#include "engine/core/units.hpp"

namespace wanwise::core {

std::string text(Micros time);    ///< "142 ms", "3.5 ms", "never" from kNever on
std::string text(Bps rate);       ///< "12.4 Mbps"
std::string text(MilliHz rate);   ///< "25/s"
std::string text(Ppm share);      ///< "62 %"
std::string text(NanoUsd money);  ///< "0.53 USD"
std::string text(Bytes size);     ///< "1.4 GB"

}  // namespace wanwise::core
