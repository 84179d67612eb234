#include "sim/study/report/report_html.hpp"

#include "sim/study/report/page_assets.hpp"
#include "sim/study/report/report_parts.hpp"

namespace wanwise::sim {
namespace {

constexpr const char* kContents =
    "<nav aria-label=\"Contents\"><ul><li><a href=\"#answer\">Answer</a></li>"
    "<li><a href=\"#results\">Tables</a></li><li><a href=\"#charts\">Charts</a></li>"
    "<li><a href=\"#effects\">Sensitivity and ablation</a></li>"
    "<li><a href=\"#evidence\">Evidence</a></li><li><a href=\"#methods\">Methods</a></li></ul>"
    "</nav>\n";

}  // namespace

std::string report_html(const Analysis& analysis, const Provenance& provenance) {
  std::string body = "<main>\n" + report_answer(analysis) + kContents;
  body += "<div class=\"controls\" id=\"controls\"></div>\n";
  body += "<section id=\"results\">" + report_results(analysis) + "</section>\n";
  body += report_charts(analysis);
  body += report_effects(analysis);
  body += report_evidence(analysis);
  body += report_methods(analysis, provenance);
  body += "</main>";
  return html_page(analysis.samples->study().name, body, report_data(analysis),
                   {page_js(), report_js(), report_charts_js()});
}

}  // namespace wanwise::sim
