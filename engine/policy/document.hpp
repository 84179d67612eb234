// One YAML document on its way from text to model, and what the checks of all three kinds share.
// Values; any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/policy/report.hpp"
#include "engine/policy/shape.hpp"

namespace wanwise::policy {

struct Document {
  std::string file;
  Value root;
};

/// Collects findings about one file and marks the values they are about as refused.
class Findings {
 public:
  Findings(const std::string& file, Report& report) : m_file(file), m_report(report) {}

  void refuse(Value& value, std::string message, std::string allowed = {});

 private:
  const std::string& m_file;
  Report& m_report;
};

/// Names of the entries of a list, wrong ones too: a reference to them is no second mistake.
std::vector<std::string> names_of(const std::vector<Value>& entries);

/// The list could be read with all its names, so that what it lacks is really absent.
bool names_known(const Value& root, std::string_view list);

/// What must differ between entries: within a scope, what people read. Empty: not compared.
struct UniqueKey {
  std::string scope;
  std::string shown;
};

/// No two entries may agree in what `key_of` gives. The later one's `member` is refused, or its
/// name when it does not have that member.
void refuse_duplicates(std::vector<Value>& entries, std::string_view member, std::string_view what,
                       const std::function<UniqueKey(const Value&)>& key_of, Findings& findings);
void refuse_duplicate_names(std::vector<Value>& entries, std::string_view what, Findings& findings);

/// The member must be one of `known`; else it is refused with what it could have been.
void refuse_unknown(Value* reference, std::string_view what, const std::vector<std::string>& known,
                    Findings& findings);

}  // namespace wanwise::policy
