// A sum over products of vectors and matrices is a graph: indices are its nodes, matrices its edges, vectors
// stand at nodes. Summing an index away joins what meets there; what is left are the rows and columns.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/render/matrix_form.h"

namespace gradc::matrix {
namespace {

class Contraction {
 public:
  Contraction(Terms& terms, Monomial monomial) : t_(terms), m_(std::move(monomial)) {}

  std::optional<Shaped> run() {
    for (;;) {
      close_loops();
      if (m_.bound.empty()) return assemble();
      if (!sum_one_index()) return std::nullopt;
    }
  }

 private:
  static bool touches(const Shaped& f, Index k) { return std::ranges::find(f.axes, k) != f.axes.end(); }
  bool is_bound(Index k) const { return std::ranges::find(m_.bound, k) != m_.bound.end(); }
  static bool parallel(const Shaped& a, const Shaped& b) {
    return a.axes.size() == 2 && b.axes.size() == 2 && touches(a, b.axes[0]) && touches(a, b.axes[1]);
  }
  // With k as the rows (or as the columns).
  TermId with_rows(const Shaped& f, Index k) { return f.axes[0] == k ? f.term : t_.transpose(f.term); }
  TermId with_columns(const Shaped& f, Index k) { return f.axes[1] == k ? f.term : t_.transpose(f.term); }
  static Index other(const Shaped& f, Index k) { return f.axes[0] == k ? f.axes[1] : f.axes[0]; }
  std::size_t count(Index k) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(m_.factors, [&](const Shaped& f) { return touches(f, k); }));
  }

  // A[k, k] is a trace where k is summed and stands nowhere else, and a diagonal otherwise.
  void close_loops() {
    for (std::size_t f = 0; f < m_.factors.size(); ++f) {
      Shaped& factor = m_.factors[f];
      if (factor.axes.size() != 2 || factor.axes[0] != factor.axes[1]) continue;
      const Index k = factor.axes[0];
      if (is_bound(k) && count(k) == 1) {
        m_.over.push_back(t_.trace(factor.term));
        m_.factors.erase(m_.factors.begin() + static_cast<std::ptrdiff_t>(f--));
        std::erase(m_.bound, k);
      } else {
        factor = {t_.diagonal_of(factor.term), {k}};
      }
    }
  }

  struct At {
    std::vector<std::size_t> matrices, vectors;
  };
  At at(Index k) const {
    At result;
    for (std::size_t f = 0; f < m_.factors.size(); ++f)
      if (touches(m_.factors[f], k))
        (m_.factors[f].axes.size() == 2 ? result.matrices : result.vectors).push_back(f);
    return result;
  }

  bool sum_one_index() {
    // What fewest matrices meet at comes first: products with vectors before products of matrices.
    std::size_t fewest = 3;
    Index which = {};
    for (Index k : m_.bound)
      if (const std::size_t n = at(k).matrices.size(); n < fewest) fewest = n, which = k;
    if (fewest < 3 && !(fewest == 2 && joins_badly(which))) return sum(which);
    for (Index k : m_.bound)
      if (at(k).matrices.size() == 2 && !joins_badly(k)) return sum(k);
    return merge_parallel();
  }

  // Two matrices over the same two indices, of which the other stays: A∘B, not the diagonal of A·Bᵀ.
  bool joins_badly(Index k) const {
    const At meets = at(k);
    const Shaped &a = m_.factors[meets.matrices[0]], &b = m_.factors[meets.matrices[1]];
    if (!parallel(a, b)) return false;
    const Index i = other(a, k);
    return !is_bound(i) || count(i) > 2;
  }

  bool merge_parallel() {
    for (std::size_t a = 0; a < m_.factors.size(); ++a)
      for (std::size_t b = a + 1; b < m_.factors.size(); ++b) {
        if (!parallel(m_.factors[a], m_.factors[b])) continue;
        const Index rows = m_.factors[a].axes[0];
        m_.factors[a].term = t_.hadamard({m_.factors[a].term, with_rows(m_.factors[b], rows)});
        m_.factors.erase(m_.factors.begin() + static_cast<std::ptrdiff_t>(b));
        return true;
      }
    return false;
  }

  bool sum(Index k) {
    const At meets = at(k);
    std::vector<TermId> vectors;
    for (std::size_t f : meets.vectors) vectors.push_back(m_.factors[f].term);
    if (meets.matrices.empty()) {
      m_.over.push_back(inner(vectors, k));
    } else if (meets.matrices.size() == 1) {
      const Shaped& a = m_.factors[meets.matrices[0]];
      const TermId v = vectors.empty() ? t_.ones(k.dim) : t_.hadamard(vectors);
      m_.factors.push_back({t_.product({with_columns(a, k), v}), {other(a, k)}});
    } else {
      const Shaped &a = m_.factors[meets.matrices[0]], &b = m_.factors[meets.matrices[1]];
      const Index i = other(a, k), j = other(b, k);
      if (vectors.empty() && i == j && with_rows(a, k) == with_rows(b, k)) {  // tr(AᵀA)
        m_.over.push_back(t_.power(t_.norm(a.term), 2));
        std::erase(m_.bound, i);
      } else {
        std::vector<TermId> row{with_columns(a, k), with_rows(b, k)};
        if (!vectors.empty()) row.insert(row.begin() + 1, t_.diagonal(t_.hadamard(vectors)));
        m_.factors.push_back({t_.product(row), {i, j}});
      }
    }
    std::vector<std::size_t> used = meets.vectors;
    used.insert(used.end(), meets.matrices.begin(), meets.matrices.end());
    std::ranges::sort(used, std::greater<>());
    for (std::size_t f : used) m_.factors.erase(m_.factors.begin() + static_cast<std::ptrdiff_t>(f));
    std::erase(m_.bound, k);
    return true;
  }

  // uᵀv, or 1ᵀv; of a vector with itself its squared norm where it is no name.
  TermId inner(std::vector<TermId> vectors, Index k) {
    if (vectors.empty()) return t_.scalar(k.dim.valid() ? t_.context().size(k.dim) : Expr());
    if (vectors.size() == 1 && t_.is(vectors[0], Kind::hadamard)) vectors = t_[vectors[0]].operands;
    if (vectors.size() == 1) vectors.insert(vectors.begin(), t_.ones(k.dim));
    const TermId left = vectors[0];
    const TermId right = t_.hadamard({vectors.begin() + 1, vectors.end()});
    if (left == right && !t_.is(left, Kind::name)) return t_.power(t_.norm(left), 2);
    return t_.product({t_.transpose(left), right});
  }

  std::optional<Shaped> assemble() {
    std::vector<Index> axes;
    for (const Shaped& f : m_.factors)
      for (Index k : f.axes)
        if (std::ranges::find(axes, k) == axes.end()) axes.push_back(k);
    if (axes.size() > 2) return std::nullopt;
    if (axes.size() == 2 && m_.factors[0].axes.size() == 1) {  // an outer product in the order of its parts
      for (const Shaped& f : m_.factors)
        if (f.axes.size() == 2) axes = f.axes;
    }
    if (axes.size() < 2) return Shaped{scaled(vector()), axes};
    return Shaped{t_.distributed_if_shorter(scaled(matrix(axes))), axes};
  }

  TermId vector() {
    std::vector<TermId> all;
    for (const Shaped& f : m_.factors) all.push_back(f.term);
    return all.empty() ? t_.number(1) : t_.hadamard(all);
  }

  TermId matrix(const std::vector<Index>& axes) {
    std::vector<TermId> whole, left, right;
    bool diagonal = false;
    for (const Shaped& f : m_.factors) {
      if (f.axes.size() == 1)
        (f.axes[0] == axes[0] ? left : right).push_back(f.term);
      else if (t_.is(f.term, Kind::identity))
        diagonal = true;
      else
        whole.push_back(with_rows(f, axes[0]));
    }
    if (diagonal) {  // I∘(u vᵀ)∘A
      std::vector<TermId> all = left;
      all.insert(all.end(), right.begin(), right.end());
      for (TermId w : whole) all.push_back(t_.diagonal_of(w));
      return t_.diagonal(all.empty() ? t_.ones(axes[0].dim) : t_.hadamard(all));
    }
    if (whole.empty())
      return t_.product({left.empty() ? t_.ones(axes[0].dim) : t_.hadamard(left),
                         t_.transpose(right.empty() ? t_.ones(axes[1].dim) : t_.hadamard(right))});
    std::vector<TermId> row;
    if (!left.empty()) row.push_back(t_.diagonal(t_.hadamard(left)));
    row.push_back(t_.hadamard(whole));
    if (!right.empty()) row.push_back(t_.diagonal(t_.hadamard(right)));
    return t_.product(row);
  }

  // Numbers and scalars over and under one line, the chain behind it, or on it if nothing else is.
  TermId scaled(TermId chain) {
    if (m_.under.empty()) {
      std::vector<TermId> row = m_.over;
      row.push_back(chain);
      return t_.scaled(m_.number, t_.product(row));
    }
    const TermId below = t_.product(m_.under);
    const TermId result = m_.over.empty() && m_.number.numerator().is_one()
                              ? t_.quotient(chain, below)
                              : t_.product({t_.quotient(t_.product(m_.over), below), chain});
    return t_.scaled(m_.number, result);
  }

  Terms& t_;
  Monomial m_;
};

}  // namespace

std::optional<Shaped> contract(Terms& terms, Monomial monomial) {
  return Contraction(terms, std::move(monomial)).run();
}

}  // namespace gradc::matrix
