// The parts that every page carries inside: Chart.js with its licence notice, our style and
// scripts. They are in the program's read-only data; any thread.
#pragma once

#include <string>
#include <string_view>

namespace wanwise::sim {

[[nodiscard]] std::string_view chart_js();          ///< MIT, notice on top
[[nodiscard]] std::string_view page_css();          ///< of both kinds of page
[[nodiscard]] std::string_view page_js();           ///< theme, colours, charts' common ways
[[nodiscard]] std::string_view plot_js();           ///< of plot_page()
[[nodiscard]] std::string_view report_js();         ///< of the report: tables and controls
[[nodiscard]] std::string_view report_charts_js();  ///< of the report: its charts

/// A whole HTML document: style, `body`, then `data` (JSON, read by the scripts as #page-data),
/// Chart.js and `scripts`. A content security policy forbids every access to a network.
[[nodiscard]] std::string html_page(std::string_view title, std::string_view body,
                                    std::string_view data,
                                    std::initializer_list<std::string_view> scripts);

}  // namespace wanwise::sim
