// Quantities as people write and read them: "12.4 Mbps", "45 ms", "4/s", "62%". Three significant
// digits, no trailing zeros; for eyes only, never parsed back. Pure; safe from any thread.
#pragma once

#include <string>

#include "engine/core/event.hpp"
#include "engine/core/units.hpp"

namespace wanwise::cli {

[[nodiscard]] std::string text(core::Micros duration);  ///< "850 µs" "45 ms" "2.3 s" "1 min 5 s"
[[nodiscard]] std::string text(core::Bps rate);         ///< "900 bps" "850 kbps" "12.4 Mbps"
[[nodiscard]] std::string text(core::Bytes size);       ///< "45 KB" "1.2 GB": powers of 1000
[[nodiscard]] std::string text(core::Ppm share);        ///< "62%" "0.5%"
[[nodiscard]] std::string text(core::MilliHz rate);     ///< "4/s" "0.25/s"
[[nodiscard]] std::string text(core::NanoUsd money);    ///< "4 USD" "0.35 USD" "0.00012 USD"

[[nodiscard]] std::string factor_text(core::Ppm factor);          ///< "1x" "1.35x"
[[nodiscard]] std::string dbm_text(core::MilliDb level);          ///< "-97.5 dBm"
[[nodiscard]] std::string db_text(core::MilliDb level);           ///< "12 dB"
[[nodiscard]] std::string access_text(core::RadioAccess access);  ///< "LTE" "5G NSA" "no radio"
[[nodiscard]] std::string clock_text(core::Micros since);  ///< "  12.3 s": time line of a short run

}  // namespace wanwise::cli
