#include "sim/traces/nelder_mead.hpp"

#include <algorithm>

namespace wanwise::sim {
namespace {

struct Vertex {
  Point at;
  double value = 0;
};

class Simplex {
 public:
  Simplex(const std::function<double(const Point&)>& f, const Point& start, const Point& steps)
      : m_f(f) {
    add(start);
    for (std::size_t i = 0; i < start.size(); ++i) {
      Point at = start;
      at[i] += steps[i];
      add(at);
    }
  }

  Minimum run(std::size_t most, double tolerance) {
    order();
    while (m_evaluations < most && m_vertices.back().value - m_vertices[0].value > tolerance) {
      step();
      order();
    }
    return {m_vertices[0].at, m_vertices[0].value, m_evaluations};
  }

 private:
  Vertex at(Point point) {
    ++m_evaluations;
    const double value = m_f(point);
    return {std::move(point), value};
  }
  void add(const Point& point) { m_vertices.push_back(at(point)); }
  /// Stable: equal values keep their order, so that every machine goes the same way.
  void order() {
    std::stable_sort(m_vertices.begin(), m_vertices.end(),
                     [](const Vertex& a, const Vertex& b) { return a.value < b.value; });
  }
  /// The worst vertex moved through the others' middle: -1 reflects it, 0.5 halves its way.
  Point moved(double factor) const {
    const std::size_t n = m_vertices.size() - 1;
    Point point(n);
    for (std::size_t i = 0; i < n; ++i) {
      double middle = 0;
      for (std::size_t v = 0; v < n; ++v) middle += m_vertices[v].at[i] / static_cast<double>(n);
      point[i] = middle + factor * (m_vertices[n].at[i] - middle);
    }
    return point;
  }
  void step() {
    Vertex& worst = m_vertices.back();
    Vertex reflected = at(moved(-1));
    if (reflected.value < m_vertices[0].value) {
      Vertex expanded = at(moved(-2));
      worst = expanded.value < reflected.value ? expanded : reflected;
      return;
    }
    if (reflected.value < m_vertices[m_vertices.size() - 2].value) {
      worst = reflected;
      return;
    }
    Vertex contracted = at(moved(reflected.value < worst.value ? -0.5 : 0.5));
    if (contracted.value < std::min(reflected.value, worst.value)) {
      worst = contracted;
      return;
    }
    for (std::size_t v = 1; v < m_vertices.size(); ++v) {
      Point half = m_vertices[v].at;
      for (std::size_t i = 0; i < half.size(); ++i) half[i] = (half[i] + m_vertices[0].at[i]) / 2;
      m_vertices[v] = at(std::move(half));
    }
  }

  const std::function<double(const Point&)>& m_f;
  std::vector<Vertex> m_vertices;
  std::size_t m_evaluations = 0;
};

}  // namespace

Minimum nelder_mead(const std::function<double(const Point&)>& f, const Point& start,
                    const Point& steps, std::size_t most, double tolerance) {
  return Simplex(f, start, steps).run(most, tolerance);
}

}  // namespace wanwise::sim
