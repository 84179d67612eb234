// A value or an error, for failures that are expected: a small std::expected (C++23) for C++20.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "engine/core/check.hpp"

namespace wanwise::core {

/// An expected failure, told to people. `code` is stable and kebab-case; `message` names what was
/// wrong and what is allowed.
struct Error {
  std::string code;
  std::string message;

  bool operator==(const Error&) const = default;
};

template <class E>
struct Unexpected {
  E error;
};
template <class E>
Unexpected(E) -> Unexpected<E>;

inline Unexpected<Error> fail(std::string code, std::string message) {
  return Unexpected<Error>{Error{std::move(code), std::move(message)}};
}

template <class T, class E = Error>
class [[nodiscard]] Expected {
 public:
  Expected(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
  Expected(Unexpected<E> e) : m_state(std::in_place_index<1>, std::move(e.error)) {}

  [[nodiscard]] bool has_value() const { return m_state.index() == 0; }
  explicit operator bool() const { return has_value(); }

  [[nodiscard]] T& value() & { return WANWISE_CHECK(has_value()), std::get<0>(m_state); }
  [[nodiscard]] const T& value() const& { return WANWISE_CHECK(has_value()), std::get<0>(m_state); }
  [[nodiscard]] T&& value() && {
    return WANWISE_CHECK(has_value()), std::get<0>(std::move(m_state));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  [[nodiscard]] E& error() & { return WANWISE_CHECK(!has_value()), std::get<1>(m_state); }
  [[nodiscard]] const E& error() const& {
    return WANWISE_CHECK(!has_value()), std::get<1>(m_state);
  }

 private:
  std::variant<T, E> m_state;
};

template <class E>
class [[nodiscard]] Expected<void, E> {
 public:
  Expected() = default;
  Expected(Unexpected<E> e) : m_error(std::in_place_index<1>, std::move(e.error)) {}

  [[nodiscard]] bool has_value() const { return m_error.index() == 0; }
  explicit operator bool() const { return has_value(); }
  [[nodiscard]] const E& error() const { return WANWISE_CHECK(!has_value()), std::get<1>(m_error); }

 private:
  std::variant<std::monostate, E> m_error;
};

}  // namespace wanwise::core
