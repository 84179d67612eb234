// One self-contained HTML page of line charts: what `wanwise trace plot` writes. Readable offline,
// with the data as tables; names are escaped, long series thinned. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace wanwise::sim {

struct PlotAxis {
  std::string label;  ///< with its unit: "time [s]"
  bool logarithmic = false;
};

struct PlotSeries {
  std::string name;
  std::vector<std::pair<double, double>> points;  ///< ascending in x; y not finite: a gap
  bool steps = false;                             ///< y holds until the next x
  bool points_only = false;                       ///< no line between
};

/// A vertical line with a word: a handover, an outage.
struct PlotMark {
  double x = 0;
  std::string text;
};

struct PlotChart {
  std::string title;  ///< says what to see: "Uplink falls to 0.8 Mb/s for 78 s"
  std::string says;   ///< one or two sentences under the title; may be empty
  PlotAxis x, y;
  std::vector<PlotSeries> series;
  std::vector<PlotMark> marks;
};

struct PlotPage {
  std::string title;
  std::string intro;                                       ///< may be empty
  std::vector<std::pair<std::string, std::string>> facts;  ///< shown as a table: name, value
  std::vector<PlotChart> charts;
};

/// A longer line is thinned to the lowest and highest value of each slice, so that peaks and
/// outages stay; dots are thinned evenly.
inline constexpr std::size_t kPlotPoints = 1200;

[[nodiscard]] std::string plot_page(const PlotPage& page);

}  // namespace wanwise::sim
