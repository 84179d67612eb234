// A vector whose copies share their elements until one of them is changed: the sites of a fleet
// that follow one policy hold it once. Value type; copies may be used by different threads, one
// copy by several only as long as nobody changes it. Note that begin() of one that is not const
// counts as a change.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace wanwise::core {

template <class T>
class SharedVector {
 public:
  using value_type = T;

  SharedVector() = default;
  SharedVector(std::initializer_list<T> items) : SharedVector(std::vector<T>(items)) {}
  SharedVector(std::vector<T> items)  // NOLINT: stands for a vector everywhere
      : m_items(std::make_shared<std::vector<T>>(std::move(items))) {}

  [[nodiscard]] const std::vector<T>& items() const {
    static const std::vector<T> kNothing;
    return m_items != nullptr ? *m_items : kNothing;
  }
  operator const std::vector<T>&() const { return items(); }  // NOLINT: likewise
  [[nodiscard]] std::size_t size() const { return items().size(); }
  [[nodiscard]] bool empty() const { return items().empty(); }
  [[nodiscard]] auto begin() const { return items().begin(); }
  [[nodiscard]] auto end() const { return items().end(); }
  [[nodiscard]] const T& operator[](std::size_t position) const { return items()[position]; }
  [[nodiscard]] const T& front() const { return items().front(); }
  [[nodiscard]] const T& back() const { return items().back(); }

  /// Its own elements from now on.
  [[nodiscard]] std::vector<T>& own() {
    if (m_items == nullptr || m_items.use_count() > 1) {
      m_items = std::make_shared<std::vector<T>>(items());
    }
    return *m_items;
  }
  [[nodiscard]] auto begin() { return own().begin(); }
  [[nodiscard]] auto end() { return own().end(); }
  [[nodiscard]] T& operator[](std::size_t position) { return own()[position]; }
  [[nodiscard]] T& front() { return own().front(); }
  [[nodiscard]] T& back() { return own().back(); }
  void push_back(T item) { own().push_back(std::move(item)); }
  void resize(std::size_t size) { own().resize(size); }

  bool operator==(const SharedVector& other) const {
    return m_items == other.m_items || items() == other.items();
  }

 private:
  std::shared_ptr<std::vector<T>> m_items;
};

}  // namespace wanwise::core
