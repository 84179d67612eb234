// What reasoning finds, merged over the sites that share a policy: one finding for each place in a
// text, the gravest, with the number of sites it holds for. One owner; not thread-safe.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <tuple>

#include "engine/policy/document.hpp"
#include "engine/policy/reason/subject.hpp"
#include "engine/policy/report.hpp"

namespace wanwise::policy {

class Notes {
 public:
  /// What follows is about this pair of policy and site, until the next call.
  void begin(const Subject& subject) {
    m_subject = &subject;
    ++m_turn;
  }
  /// What follows holds for a document on any site.
  void begin_documents() { m_subject = nullptr; }

  void error(const Document& document, const Value& at, std::string message,
             std::string allowed = {});
  void warn(const Document& document, const Value& at, std::string message,
            std::string allowed = {});

  /// Errors first: should the report be full, warnings are what it leaves out. None is graver than
  /// `gravest`.
  void tell(Severity gravest, Report& report) const;

 private:
  struct Note {
    Severity severity = Severity::warning;
    std::string message;
    std::string allowed;
    std::string site;      ///< the first it was found on; empty: it holds on any
    std::size_t turn = 0;  ///< in which it was found last
    std::size_t more_sites = 0;
  };
  using Place = std::tuple<std::string, int, int, std::string>;

  void add(Severity severity, const Document& document, const Value& at, std::string message,
           std::string allowed);

  const Subject* m_subject = nullptr;
  std::size_t m_turn = 0;
  std::map<Place, Note> m_notes;
};

}  // namespace wanwise::policy
