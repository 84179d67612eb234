#include <algorithm>
#include <utility>

#include "engine/policy/shape.hpp"

namespace wanwise::policy {

const Value* Value::get(std::string_view member) const {
  const auto it = std::find_if(items.begin(), items.end(), [&](const Value& value) {
    return value.key == member && !value.refused;
  });
  return it == items.end() ? nullptr : &*it;
}

const Value* Value::get_any(std::string_view member) const {
  const auto it = std::find_if(items.begin(), items.end(),
                               [&](const Value& value) { return value.key == member; });
  return it == items.end() ? nullptr : &*it;
}

Value* Value::get(std::string_view member) {
  return const_cast<Value*>(std::as_const(*this).get(member));
}

std::string Value::text_of(std::string_view member, std::string_view absent) const {
  const Value* value = get(member);
  return value != nullptr ? value->text : std::string{absent};
}

std::int64_t Value::number_of(std::string_view member, std::int64_t absent) const {
  const Value* value = get(member);
  return value != nullptr ? value->number : absent;
}

const std::vector<Value>& Value::items_of(std::string_view member) const {
  static const std::vector<Value> none;
  const Value* value = get(member);
  return value != nullptr ? value->items : none;
}

std::vector<Value>& Value::items_of(std::string_view member) {
  static std::vector<Value> none;  // stays empty: nobody adds items to what is absent
  Value* value = get(member);
  return value != nullptr ? value->items : none;
}

}  // namespace wanwise::policy
