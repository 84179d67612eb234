#include "tests/faults/iosxe/cases.hpp"

#include <algorithm>

namespace wanwise::test {
namespace {

/// One request of a write, as a fault script names it.
struct Request {
  std::string operation;
  int number = 1;  ///< 0: every one
};

/// What a router may answer to a request of a write (RFC 6241 appendix A; IOS XE, ConfD).
const std::vector<std::string>& tags() {
  static const std::vector<std::string> all{
      "lock-denied",     "in-use",          "invalid-value",          "operation-failed",
      "data-missing",    "data-exists",     "unknown-element",        "unknown-namespace",
      "bad-element",     "missing-element", "resource-denied",        "access-denied",
      "rollback-failed", "too-big",         "operation-not-supported"};
  return all;
}

/// In the order in which a write that goes well asks them. The numbers count the requests of one
/// name: lock 1 is that of running, get-config 2 the reading back.
std::vector<Request> requests_of(WriteMode mode) {
  switch (mode) {
    case WriteMode::confirmed:
      return {{"lock", 1},        {"lock", 2},     {"discard-changes", 1}, {"get-config", 1},
              {"edit-config", 1}, {"validate", 1}, {"commit", 1},          {"get-config", 2},
              {"get", 1},         {"commit", 2},   {"unlock", 1},          {"unlock", 2}};
    case WriteMode::candidate:
      return {{"lock", 1},        {"lock", 2},     {"discard-changes", 1}, {"get-config", 1},
              {"edit-config", 1}, {"validate", 1}, {"commit", 1},          {"get-config", 2},
              {"get", 1},         {"unlock", 1},   {"unlock", 2}};
    case WriteMode::checkpoint:
      return {{"lock", 1},        {"get-config", 1}, {"checkpoint", 1}, {"get", 1},
              {"edit-config", 1}, {"get-config", 2}, {"get", 2},        {"unlock", 1}};
    case WriteMode::running:
      return {{"lock", 1},       {"get-config", 1}, {"checkpoint", 1}, {"edit-config", 1},
              {"get-config", 2}, {"get", 1},        {"unlock", 1}};
  }
  return {};
}

std::string plain(std::string text) {
  std::string made;
  for (const char c : text) made += c == ' ' || c == '-' ? '_' : c;
  return made;
}

class Cases {
 public:
  explicit Cases(WriteMode mode) : m_mode(mode) {}

  void add(const Request& request, const std::string& action, bool hangs = false,
           bool kill = false) {
    const std::string number = std::to_string(request.number);
    FaultCase made{
        m_mode, plain(request.operation) + number + "_" + plain(action), {}, {}, false, hangs,
        kill};
    if (kill) made.name += "_killed";
    put(made, request, action);
    m_all.push_back(std::move(made));
  }
  void add_ignored(const Request& request, const std::string& reason) {
    add(request, "ignore");
    m_all.back().reason = reason;
  }
  /// A second thing goes wrong on the way back.
  void add_both(const Request& first, const std::string& what, const Request& second,
                const std::string& then, bool hangs = false) {
    FaultCase made{m_mode,
                   plain(first.operation) + std::to_string(first.number) + "_" + plain(what) +
                       "_then_" + plain(second.operation) + "_" + plain(then),
                   {},
                   {},
                   false,
                   hangs,
                   false};
    put(made, first, what);
    put(made, second, then);
    m_all.push_back(std::move(made));
  }
  std::vector<FaultCase> take() { return std::move(m_all); }

 private:
  static void put(FaultCase& made, const Request& request, const std::string& action) {
    const std::string number =
        request.number == 0 ? " " : "#" + std::to_string(request.number) + " ";
    const std::string first = "#" + std::to_string(std::max(request.number, 1)) + " ";
    // A lock that is not taken back ends the session, too.
    const bool refused =
        action.find("in-use") == action.npos && action.find("lock-denied") == action.npos;
    made.ends_session = made.ends_session || action.starts_with("cut") ||
                        action.starts_with("hang") || (request.operation == "unlock" && refused);
    made.rules.push_back("on " + request.operation + number + action);
    made.fires.push_back("fault: on " + request.operation + " " + first + action);
  }

  WriteMode m_mode;
  std::vector<FaultCase> m_all;
};

void add_single(Cases& cases, const Request& request) {
  for (const char* when : {"before", "during", "after"})
    cases.add(request, std::string{"cut "} + when);
  for (const char* when : {"before", "after"}) {
    cases.add(request, std::string{"hang "} + when, true);
    cases.add(request, std::string{"hang "} + when, false, true);
  }
  for (const std::string& tag : tags()) cases.add(request, "error " + tag);
  cases.add(request, "bad-cli policy-map WANWISE-PM-LTE");
}

/// The router says ok and does nothing: once, which is found and tried again where there is a
/// validation to leave out, or whenever it is asked.
void add_ignored(Cases& cases, WriteMode mode) {
  const bool candidate = mode == WriteMode::confirmed || mode == WriteMode::candidate;
  for (const char* operation : {"edit-config", "commit"}) {
    if (!candidate && std::string_view{operation} == "commit") continue;
    // A session in which that happened once does without the validation from the start.
    cases.add({operation, 1}, "ignore");
    cases.add_ignored({operation, 0}, "no-effect");
  }
}

/// The reading back fails, so that the change is taken back, and the taking back fails too.
void add_double(Cases& cases, WriteMode mode) {
  const Request read_back{"get-config", 2};
  const std::string refused = "error operation-failed";
  Request back{"edit-config", 2};  // the inverse edit
  if (mode == WriteMode::confirmed) back = {"cancel-commit", 1};
  if (mode == WriteMode::checkpoint) back = {"rollback", 1};
  for (const char* how : {"cut before", "cut during", "cut after", "error operation-failed",
                          "error in-use", "error access-denied", "error resource-denied"})
    cases.add_both(read_back, refused, back, how);
  for (const char* how : {"hang before", "hang after"})
    cases.add_both(read_back, refused, back, how, true);
  if (mode != WriteMode::confirmed) return;
  // The write is lost inside the confirmed commit, and what ends it on the next session is, too.
  for (const Request& lost : {Request{"commit", 1}, Request{"commit", 2}, Request{"get", 1}}) {
    for (const char* when : {"cut before", "cut during", "cut after"}) {
      cases.add_both(lost, "cut after", {"cancel-commit", 1}, when);
    }
    cases.add_both(lost, "cut after", {"cancel-commit", 1}, "error in-use");
  }
}

}  // namespace

const char* name_of(WriteMode mode) {
  switch (mode) {
    case WriteMode::confirmed:
      return "confirmed";
    case WriteMode::candidate:
      return "candidate";
    case WriteMode::checkpoint:
      return "checkpoint";
    case WriteMode::running:
      return "running";
  }
  return "";
}

std::vector<std::string> options_of(WriteMode mode) {
  switch (mode) {
    case WriteMode::confirmed:
      return {"--datastore", "candidate", "--confirmed-commit"};
    case WriteMode::candidate:
      return {"--datastore", "candidate", "--no-confirmed-commit"};
    case WriteMode::checkpoint:
      return {"--datastore", "running"};
    case WriteMode::running:
      return {"--datastore", "running", "--no-archive"};
  }
  return {};
}

std::ostream& operator<<(std::ostream& out, const FaultCase& fault) {
  out << name_of(fault.mode);
  for (const std::string& rule : fault.rules) out << "; " << rule;
  return out << (fault.kill ? "; killed" : "");
}

std::vector<FaultCase> fault_cases(WriteMode mode) {
  Cases cases{mode};
  for (const Request& request : requests_of(mode)) add_single(cases, request);
  add_double(cases, mode);
  add_ignored(cases, mode);
  return cases.take();
}

}  // namespace wanwise::test
