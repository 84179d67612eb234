#include "sim/study/report/html.hpp"
#include "sim/study/report/page_assets.hpp"

namespace wanwise::sim {
namespace {

// Errors of any later script are kept where a test can read them.
constexpr std::string_view kErrorHook =
    "document.documentElement.dataset.errors='';"
    "window.addEventListener('error',function(e){"
    "document.documentElement.dataset.errors+=e.message+' @'+e.lineno+'; ';});";

}  // namespace

std::string html_page(std::string_view title, std::string_view body, std::string_view data,
                      std::initializer_list<std::string_view> scripts) {
  std::string page =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>";
  page += html_escape(title);
  page += "</title>\n<style>\n";
  page += page_css();
  page += "</style>\n<script>";
  page += kErrorHook;
  page += "</script>\n</head>\n<body>\n";
  page += body;
  page += "\n<script type=\"application/json\" id=\"page-data\">";
  page += json_in_script(data);
  page += "</script>\n<script>\n";
  page += chart_js();
  page += "</script>\n";
  for (const std::string_view script : scripts) {
    page += "<script>\n";
    page += script;
    page += "</script>\n";
  }
  page += "</body>\n</html>\n";
  return page;
}

}  // namespace wanwise::sim
