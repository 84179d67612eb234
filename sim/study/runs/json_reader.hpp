// Values of a JSON object with their kinds and ranges checked: the first thing that is wrong is
// kept, everything read after it is a default. For what this program wrote itself and files may
// have garbled. One owner; not thread-safe.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace wanwise::sim {

class JsonReader {
 public:
  /// `value` must outlive the reader. `problem` is shared with the readers of its members.
  JsonReader(const boost::json::value& value, std::string where, std::string& problem);

  [[nodiscard]] std::int64_t integer(std::string_view key,
                                     std::int64_t least = std::numeric_limits<std::int64_t>::min(),
                                     std::int64_t most = std::numeric_limits<std::int64_t>::max());
  [[nodiscard]] std::int64_t count(std::string_view key) { return integer(key, 0); }
  [[nodiscard]] std::uint64_t unsigned_integer(std::string_view key);
  [[nodiscard]] double number(std::string_view key);
  [[nodiscard]] bool boolean(std::string_view key);
  [[nodiscard]] std::string text(std::string_view key);
  [[nodiscard]] bool has(std::string_view key) const;
  /// Empty when it is wrong.
  [[nodiscard]] const boost::json::array& array(std::string_view key);
  /// Reader of a member that is an object.
  [[nodiscard]] JsonReader object(std::string_view key);
  [[nodiscard]] JsonReader item(const boost::json::value& value, std::string_view list,
                                std::size_t index);

  /// Reads an integer into a unit type.
  template <class Unit>
  void read(std::string_view key, Unit& into) {
    into = Unit{integer(key)};
  }
  void refuse(std::string_view key, std::string_view why);
  /// Every key that was never asked for is a problem: a record of another version.
  void end();

 private:
  const boost::json::value* find(std::string_view key);

  const boost::json::object* m_object = nullptr;
  std::string m_where;
  std::string& m_problem;
  std::size_t m_asked = 0;
};

/// The integer of any JSON integer kind, checked.
[[nodiscard]] bool to_integer(const boost::json::value& value, std::int64_t& into);

}  // namespace wanwise::sim
