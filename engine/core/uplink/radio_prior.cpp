#include "engine/core/uplink/radio_prior.hpp"

namespace wanwise::core {
namespace {

// A collapse: ten dB below the usual level (shadowing of a driving terminal has a deviation of
// 6..8 dB, so less would be daily business). Recovered: within half of that.
constexpr double kCollapseDb = 10.0;
constexpr double kRecoveredDb = 5.0;
// Weight of a new value in the usual level: at one reading a second a mean over about ten seconds.
constexpr double kUsualWeight = 0.1;

// Shannon: 15 dB -> 5 dB takes log2(1+31.6) = 5.0 bit/s/Hz to log2(1+3.2) = 2.1, a factor of 0.41;
// 20 -> 10 dB 0.52. One half.
constexpr double kSinrCollapse = 0.5;
// RSRP alone, SINR not reported: the same collapse, discounted for its weak correlation.
constexpr double kRsrpCollapse = 0.7;
// One generation down: medians of a vehicle's saturated uplink were 31 Mbit/s on 4G, 14 on 3G.
constexpr double kAccessDown = 0.5;

int generation(RadioAccess access) {
  switch (access) {
    case RadioAccess::none:
      return 0;
    case RadioAccess::gsm:
      return 2;
    case RadioAccess::umts:
      return 3;
    case RadioAccess::lte:
      return 4;
    case RadioAccess::nr_nsa:
      return 5;
    case RadioAccess::nr_sa:
      return 5;
  }
  return 0;
}

}  // namespace

RadioPrior::Reading RadioPrior::observe(const RadioSample& sample) {
  if (m_at && sample.observed_at <= *m_at) return {};
  m_at = sample.observed_at;
  if (!sample.in_service) {
    const bool was = m_in_service;
    m_in_service = false;
    return {was ? News::lost_service : News::none, 0.0};
  }
  const bool back = !m_in_service;
  m_in_service = true;
  const Reading reading = judge(sample);
  return back ? Reading{News::service_back, 1.0} : reading;
}

RadioPrior::Reading RadioPrior::judge(const RadioSample& sample) {
  const int before = generation(m_access);
  const int now = generation(sample.access);
  if (now != 0) m_access = sample.access;
  const Turn sinr = follow(m_sinr, sample.sinr);
  const Turn rsrp = follow(m_rsrp, sample.rsrp);
  if (before != 0 && now != 0 && now < before) return {News::worse, kAccessDown};
  if (before != 0 && now > before) return {News::better, 1.0};
  if (sinr == Turn::fell) return {News::worse, kSinrCollapse};
  if (sinr == Turn::rose) return {News::better, 1.0};
  if (sample.sinr) return {};  // the better witness has spoken
  if (rsrp == Turn::fell) return {News::worse, kRsrpCollapse};
  if (rsrp == Turn::rose) return {News::better, 1.0};
  return {};
}

RadioPrior::Turn RadioPrior::follow(Level& level, std::optional<MilliDb> value) {
  if (!value) return Turn::none;
  const double db = static_cast<double>(value->count) / 1000.0;
  if (!level.usual) {
    level.usual = db;
    return Turn::none;
  }
  if (db <= *level.usual - kCollapseDb) {
    if (!level.fell_from) level.fell_from = level.usual;
    level.usual = db;
    return Turn::fell;
  }
  if (level.fell_from && db >= *level.fell_from - kRecoveredDb) {
    level.fell_from.reset();
    level.usual = db;
    return Turn::rose;
  }
  *level.usual += kUsualWeight * (db - *level.usual);
  return Turn::none;
}

}  // namespace wanwise::core
