// What the tests of importers share: invented lines in the recordings' formats, and a report as
// text.
#pragma once

#include <string>
#include <vector>

#include "sim/traces/import.hpp"

namespace wanwise::sim::testing {

inline std::vector<std::string> report_of(const core::Expected<ImportedTrace>& result) {
  std::vector<std::string> lines;
  if (!result) return {"error " + result.error().code + ": " + result.error().message};
  for (const Defect& d : result->report.defects) lines.push_back(line_of(d));
  return lines;
}

inline std::string error_of(const core::Expected<ImportedTrace>& result) {
  return result ? "no error" : result.error().code + ": " + result.error().message;
}

inline ImportOptions as(TraceFormat format) {
  ImportOptions options;
  options.format = format;
  return options;
}

inline constexpr const char* kFjordHeader =
    "t_s,lat,lon,speed_kmh,nca,nulca,operator,class,enb,cell,pci,band,rssi,rsrp,rsrq10,sinr,cqi,ri,"
    "mcs,dlmod,nr_rsrp,nr_rsrq10,nr_sinr,rx_bps,tx_bps,rx_drops,tx_drops,tx_qdrops\n";

/// `radio` stands from class to sinr, `nr` from nr_rsrp to nr_sinr.
inline std::string fjord(const std::string& t, const std::string& radio, const std::string& nr,
                         const std::string& rates = "2000,1000") {
  return t + ",1.5,2.5,0.0,3,0,Invented," + radio + ",4,1,0,qpsk," + nr + "," + rates + ",0,0,0\n";
}

inline constexpr const char* kCicvHeader =
    "pub_time(ms) sub_time(ms) delay(ms) utmX(m) utmY(m) heading(rad) velocity(m/s) cellid(db) "
    "sinr(db) rsrp(db)\n";

inline constexpr const char* kUccHeader =
    "Timestamp,Longitude,Latitude,Speed,Operatorname,CellID,NetworkMode,RSRP,RSRQ,SNR,CQI,RSSI,"
    "DL_bitrate,UL_bitrate,State,PINGAVG,PINGMIN,PINGMAX,PINGSTDEV,PINGLOSS,CELLHEX,NODEHEX,LACHEX,"
    "RAWCELLID,NRxRSRP,NRxRSRQ\n";

/// `second` of an invented morning.
inline std::string ucc(int second, const std::string& mode, const std::string& rsrp,
                       const std::string& kbps, const std::string& state = "D",
                       const std::string& ping = "-,-,-,-,-") {
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return "2020.02.28_23.59." + two(second) + ",-1.5,2.5,0,B,12," + mode + "," + rsrp +
         ",-10,3.0,12,-88," + kbps + ",5," + state + "," + ping + ",C,A,9,11016972,-100.0,-15.0\n";
}

}  // namespace wanwise::sim::testing
