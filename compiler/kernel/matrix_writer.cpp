// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/matrix_writer.h"

#include <limits>
#include <utility>

#include "compiler/kernel/routines.h"
#include "compiler/support/check.h"

namespace gradc::kernel {

void MatrixWriter::run(const CallOperator& routine, std::span<const Block2> x, std::span<const Block2> y) {
  if (&routine == &routine_lu) return lu(x[0], y[0], y[1]);
  if (&routine == &routine_cholesky) return cholesky(x[0], y[0]);
  if (&routine == &routine_diagonal) return diagonal(x[0], y);
  if (&routine == &routine_lu_solve) return lu_solve(x[0], x[1], x[2], y[0], false);
  if (&routine == &routine_lu_solve_transposed) return lu_solve(x[0], x[1], x[2], y[0], true);
  const bool lower = &routine == &routine_lower || &routine == &routine_lower_transposed;
  const bool transposed = &routine == &routine_lower_transposed || &routine == &routine_upper_transposed;
  GRADC_CHECK(lower || &routine == &routine_upper || &routine == &routine_upper_transposed,
              "an unknown routine of matrices");
  copy_unless_singular(x[0], x[1], y[0]);
  triangle(x[0], y[0], lower, false, transposed);
}

Value MatrixWriter::load(const Block2& m, At at) {
  At subscripts = m.lead;
  subscripts.insert(subscripts.end(), at.begin(), at.end());
  return b_.read(m.buffer, program_.buffer(m.buffer).element, std::move(subscripts));
}

void MatrixWriter::store(const Block2& m, At at, Value value) {
  At subscripts = m.lead;
  subscripts.insert(subscripts.end(), at.begin(), at.end());
  b_.store(m.buffer, std::move(subscripts), value);
}

void MatrixWriter::each(Value lower, Value upper, int lanes, const std::function<void(Value)>& body) {
  const Value index = b_.begin_for(lower, upper, lanes);
  body(index);
  b_.end_for();
}

void MatrixWriter::each_column(const Block2& m, const std::function<void(const At&)>& body) {
  const std::size_t axes = m.extents.size() - 1;
  At at;
  for (std::size_t k = 0; k < axes; ++k)
    at.push_back(b_.begin_for(b_.integer(0), b_.size(m.extents[k + 1]), k + 1 == axes ? width_ : 1));
  body(at);
  for (std::size_t k = 0; k < axes; ++k) b_.end_for();
}

Value MatrixWriter::minus_product(Value from, Value a, Value b) {
  if (options_.fma) return b_.compute(Op::fma, {b_.compute(Op::neg, {a}), b, from});
  return sub(from, b_.compute(Op::mul, {a, b}));
}

Value MatrixWriter::quotient(Value a, Value divisor) {
  const Value zero = b_.real(0, b_.type(divisor));
  return b_.compute(Op::select,
                    {b_.compute(Op::equal, {divisor, zero}), zero, b_.compute(Op::div, {a, divisor})});
}

// Of so many rows that their columns stay in the first cache.
bool MatrixWriter::is_one_block(const Block2& m) const {
  const auto known = program_.sizes.known(m.extents[0]);
  return known && *known <= block;
}

Value MatrixWriter::smaller(Value a, Value b) {
  return b_.compute(Op::select, {b_.compute(Op::less, {a, b}), a, b});
}

void MatrixWriter::each_block(const Block2& m, bool forwards, const std::function<void(Value, Value)>& body) {
  const Value n = size(m), zero = b_.integer(0);
  if (is_one_block(m)) return body(zero, n);
  each_block(zero, n, forwards, body);
}

void MatrixWriter::each_block(Value from, Value to, bool forwards,
                              const std::function<void(Value, Value)>& body) {
  const Value blocks =
      b_.compute(Op::floor_div, {add(sub(to, from), b_.integer(block - 1)), b_.integer(block)});
  each(b_.integer(0), blocks, 1, [&](Value step) {
    const Value q = forwards ? step : sub(sub(blocks, b_.integer(1)), step);
    const Value begin = add(from, b_.compute(Op::mul, {q, b_.integer(block)}));
    body(begin, smaller(to, add(begin, b_.integer(block))));
  });
}

Value MatrixWriter::row_length(const Block2& m) {
  Value length = b_.size(m.extents[1]);
  for (std::size_t k = 2; k < m.extents.size(); ++k)
    length = b_.compute(Op::mul, {length, b_.size(m.extents[k])});
  return length;
}

Gemm::Operand MatrixWriter::operand(const Block2& m, Value row, Value column) {
  const std::vector<SizeId>& extents = program_.buffer(m.buffer).extents;
  const Value stride = row_length(m);
  Value offset = b_.integer(0);  // of the leading positions, counted in matrices
  for (std::size_t k = 0; k < m.lead.size(); ++k)
    offset = add(b_.compute(Op::mul, {offset, b_.size(extents[k])}), m.lead[k]);
  offset = b_.compute(Op::mul, {offset, b_.compute(Op::mul, {b_.size(m.extents[0]), stride})});
  offset = add(offset, add(b_.compute(Op::mul, {row, stride}), column));
  return {m.buffer, offset, stride, b_.integer(1), true};
}

void MatrixWriter::negate(const Block2& m, At at) { store(m, at, b_.compute(Op::neg, {load(m, at)})); }

// c -= a·b, by -b.
void MatrixWriter::subtract_product(Value m, Value n, Value k, const Gemm::Operand& a, const Gemm::Operand& b,
                                    const Gemm::Operand& c, const std::function<void()>& negate_b) {
  b_.begin_if(b_.compute(Op::less, {b_.integer(0), m}));
  negate_b();
  b_.multiply({m, n, k, a, b, c, true, options_.fma});
  negate_b();
  b_.end_if();
}

namespace {

std::vector<Value> behind(Value row, const std::vector<Value>& columns) {
  std::vector<Value> at{row};
  at.insert(at.end(), columns.begin(), columns.end());
  return at;
}

}  // namespace

void MatrixWriter::exchange(const Block2& x, Value i, Value j) {
  each_column(x, [&](const At& c) {
    const Value a = load(x, behind(i, c)), b = load(x, behind(j, c));
    store(x, behind(i, c), b);
    store(x, behind(j, c), a);
  });
}

// Columns first..end-1 with the rows below them, row by row: what is inside runs along memory; then what
// stands to their right takes part by a product. Golub & Van Loan, Matrix Computations (4th ed., 2013), §3.4,
// §3.2.11.
void MatrixWriter::lu(const Block2& a, const Block2& f, const Block2& rows) {
  const Value n = size(a), zero = b_.integer(0), one = b_.integer(1);
  each(zero, n, 1,
       [&](Value i) { each_column(a, [&](const At& j) { store(f, behind(i, j), load(a, behind(i, j))); }); });
  each_block(a, true, [&](Value begin, Value end) {
    each(begin, end, 1, [&](Value k) {
      const Value next = add(k, one);
      const Value first = b_.compute(Op::abs, {load(f, {k, k})});
      const Value i = b_.begin_for(next, n, 1);
      const Value best = b_.carry(first), best_row = b_.carry(k);
      const Value here = b_.compute(Op::abs, {load(f, {i, k})});
      const Value better = b_.compute(Op::less, {best, here});
      b_.next(best, b_.compute(Op::select, {better, here, best}));
      b_.next(best_row, b_.compute(Op::select, {better, i, best_row}));
      const Value row = b_.carried_result(best_row);
      b_.end_for();
      store(rows, {k}, row);
      exchange(f, k, row);
      const Value pivot = load(f, {k, k});
      each(next, n, 1, [&](Value r) {
        const Value factor = quotient(load(f, {r, k}), pivot);
        store(f, {r, k}, factor);
        each(next, end, width_, [&](Value j) {
          store(f, {r, j}, minus_product(load(f, {r, j}), factor, load(f, {k, j})));
        });
      });
    });
    if (is_one_block(a)) return;
    each(begin, end, 1, [&](Value i) {
      each(begin, i, 1, [&](Value k) {
        const Value factor = load(f, {i, k});
        each(end, n, width_, [&](Value j) {
          store(f, {i, j}, minus_product(load(f, {i, j}), factor, load(f, {k, j})));
        });
      });
    });
    const Value left = sub(n, end);
    subtract_product(
        left, left, sub(end, begin), operand(f, end, begin), operand(f, begin, end), operand(f, end, end),
        [&] {
          each(begin, end, 1, [&](Value i) { each(end, n, width_, [&](Value j) { negate(f, {i, j}); }); });
        });
  });
}

void MatrixWriter::copy_unless_singular(const Block2& a, const Block2& b, const Block2& x) {
  const Value n = size(a), zero = b_.integer(0);
  const Value i = b_.begin_for(zero, n, 1);
  const Value is_zero = b_.compute(Op::equal, {load(a, {i, i}), number(0, a)});
  const Value singular = b_.reduce(Combine::any, b_.boolean(false), is_zero);
  b_.end_for();
  const Value nan = number(std::numeric_limits<double>::quiet_NaN(), x);
  each(zero, n, 1, [&](Value row) {
    each_column(x, [&](const At& c) {
      store(x, behind(row, c), b_.compute(Op::select, {singular, nan, load(b, behind(row, c))}));
    });
  });
}

void MatrixWriter::lu_solve(const Block2& f, const Block2& rows, const Block2& b, const Block2& x,
                            bool transposed) {
  const Value n = size(f), zero = b_.integer(0);
  copy_unless_singular(f, b, x);
  const auto exchanges = [&](bool backwards) {
    each(zero, n, 1, [&](Value step) {
      const Value k = backwards ? sub(sub(n, b_.integer(1)), step) : step;
      exchange(x, k, load(rows, {k}));
    });
  };
  if (!transposed) exchanges(false);
  triangle(f, x, !transposed, !transposed, transposed);  // L, or U'
  triangle(f, x, transposed, transposed, transposed);    // U, or L'
  if (transposed) exchanges(true);
}

// x := T⁻¹x or T⁻ᵀx in place, by blocks of rows. `lower` says which triangle of a is meant.
void MatrixWriter::triangle(const Block2& a, const Block2& x, bool lower, bool unit, bool transposed) {
  if (x.extents.size() == 1) return triangle_of_vector(a, x, lower, unit, transposed);
  const Value n = size(a), zero = b_.integer(0), one = b_.integer(1);
  const bool forwards = lower != transposed;
  each_block(a, forwards, [&](Value begin, Value end) {
    each(begin, end, 1, [&](Value step) {
      const Value i = forwards ? step : sub(sub(add(begin, end), one), step);
      each(forwards ? begin : add(i, one), forwards ? i : end, 1, [&](Value j) {
        const Value factor = transposed ? load(a, {j, i}) : load(a, {i, j});
        each_column(x, [&](const At& c) {
          store(x, behind(i, c), minus_product(load(x, behind(i, c)), factor, load(x, behind(j, c))));
        });
      });
      if (unit) return;
      const Value pivot = load(a, {i, i});
      each_column(x, [&](const At& c) {
        store(x, behind(i, c), b_.compute(Op::div, {load(x, behind(i, c)), pivot}));
      });
    });
    if (is_one_block(a)) return;
    // The rows that are still to come.
    const Value from = forwards ? end : zero, left = forwards ? sub(n, end) : begin;
    Gemm::Operand factors = transposed ? operand(a, begin, from) : operand(a, from, begin);
    if (transposed) std::swap(factors.row_stride, factors.column_stride), factors.rows_contiguous = false;
    subtract_product(left, row_length(x), sub(end, begin), factors, operand(x, begin, zero),
                     operand(x, from, zero), [&] {
                       each(begin, end, 1,
                            [&](Value i) { each_column(x, [&](const At& c) { negate(x, behind(i, c)); }); });
                     });
  });
}

// Along the rows of a: a sum for each element, or what an element takes from the others.
void MatrixWriter::triangle_of_vector(const Block2& a, const Block2& x, bool lower, bool unit,
                                      bool transposed) {
  const Value n = size(a), zero = b_.integer(0), one = b_.integer(1);
  const bool forwards = lower != transposed;
  each(zero, n, 1, [&](Value step) {
    const Value i = forwards ? step : sub(sub(n, one), step);
    Value value = load(x, {i});
    if (!transposed) {
      const Value j = b_.begin_for(forwards ? zero : add(i, one), forwards ? i : n, width_);
      const Value p = load(a, {i, j}), q = load(x, {j});
      const Value none = b_.identity(Combine::add, b_.type(p));
      const Value sum = options_.fma ? b_.reduce(Combine::add, none, p, {}, q)
                                     : b_.reduce(Combine::add, none, b_.compute(Op::mul, {p, q}));
      b_.end_for();
      value = sub(value, sum);
    }
    if (!unit) value = b_.compute(Op::div, {value, load(a, {i, i})});
    store(x, {i}, value);
    if (transposed)
      each(forwards ? add(i, one) : zero, forwards ? n : i, width_, [&](Value j) {
        store(x, {j}, minus_product(load(x, {j}), load(a, {i, j}), value));
      });
  });
}

// Golub & Van Loan, §4.2. What is not positive poisons all. Columns begin..end-1 at a time; what is below and
// to the right of them takes part by a product, with what is above the diagonal as room for -L'.
void MatrixWriter::cholesky(const Block2& a, const Block2& l) {
  const Value n = size(a), zero = b_.integer(0), one = b_.integer(1), half = number(0.5, l),
              none = number(0, l);
  const Value nan = number(std::numeric_limits<double>::quiet_NaN(), l);
  each(zero, n, 1, [&](Value i) {
    each(zero, add(i, one), 1, [&](Value j) {
      store(l, {i, j}, b_.compute(Op::mul, {add(load(a, {i, j}), load(a, {j, i})), half}));
    });
  });
  // Before it is divided by the diagonal.
  const auto element = [&](Value begin, Value i, Value j) {
    const Value k = b_.begin_for(begin, j, width_);
    const Value p = load(l, {i, k}), q = load(l, {j, k});
    const Value start = b_.identity(Combine::add, b_.type(p));
    const Value sum = options_.fma ? b_.reduce(Combine::add, start, p, {}, q)
                                   : b_.reduce(Combine::add, start, b_.compute(Op::mul, {p, q}));
    b_.end_for();
    return sub(load(l, {i, j}), sum);
  };
  const auto row = [&](Value begin, Value i, Value end) {
    each(begin, end, 1, [&](Value j) {
      store(l, {i, j}, b_.compute(Op::div, {element(begin, i, j), load(l, {j, j})}));
    });
  };
  each_block(a, true, [&](Value begin, Value end) {
    each(begin, end, 1, [&](Value i) {
      row(begin, i, i);
      const Value square = element(begin, i, i);
      const Value good = b_.compute(Op::less, {none, square});
      store(l, {i, i}, b_.compute(Op::sqrt, {b_.compute(Op::select, {good, square, nan})}));
    });
    if (is_one_block(a)) return;
    each(end, n, 1, [&](Value i) {
      row(begin, i, end);
      each(begin, end, 1, [&](Value j) { store(l, {j, i}, b_.compute(Op::neg, {load(l, {i, j})})); });
    });
    const Value size_of_block = sub(end, begin);
    each_block(end, n, true, [&](Value first, Value behind) {
      b_.multiply({sub(n, first), sub(behind, first), size_of_block, operand(l, first, begin),
                   operand(l, begin, first), operand(l, first, first), true, options_.fma});
    });
  });
  const Value r = b_.begin_for(zero, n, 1);
  const Value worst = b_.carry(none);
  const Value pivot = load(l, {r, r});
  const Value is_good = b_.compute(Op::equal, {pivot, pivot});
  b_.next(worst, b_.compute(Op::select, {is_good, worst, nan}));
  const Value poison = b_.carried_result(worst);
  b_.end_for();
  each(zero, n, 1, [&](Value i) {
    each(zero, add(i, one), width_, [&](Value c) { store(l, {i, c}, add(load(l, {i, c}), poison)); });
    each(add(i, one), n, width_, [&](Value c) { store(l, {i, c}, none); });
  });
}

// Complete pivoting, with what is done to rows and columns gathered in s and t.
void MatrixWriter::diagonal(const Block2& a, std::span<const Block2> y) {
  const Block2 &s = y[0], &d = y[1], &t = y[2], &sign = y[3], &w = y[4];
  const Value n = size(a), zero = b_.integer(0), one = b_.integer(1);
  each(zero, n, 1, [&](Value i) {
    each_column(a, [&](const At& c) {
      store(w, behind(i, c), load(a, behind(i, c)));
      const Value on = b_.compute(Op::equal, {i, c[0]});
      for (const Block2* m : {&s, &t})
        store(*m, behind(i, c), b_.compute(Op::select, {on, number(1, *m), number(0, *m)}));
    });
  });
  const Value k = b_.begin_for(zero, n, 1);
  const Value next = add(k, one);
  const Value parity = b_.carry(number(1, w));
  const Value i = b_.begin_for(k, n, 1);
  const Value best = b_.carry(number(-1, w)), best_row = b_.carry(k), best_column = b_.carry(k);
  const Value j = b_.begin_for(k, n, 1);
  const Value best_in = b_.carry(best), row_in = b_.carry(best_row), column_in = b_.carry(best_column);
  const Value here = b_.compute(Op::abs, {load(w, {i, j})});
  const Value better = b_.compute(Op::less, {best_in, here});
  b_.next(best_in, b_.compute(Op::select, {better, here, best_in}));
  b_.next(row_in, b_.compute(Op::select, {better, i, row_in}));
  b_.next(column_in, b_.compute(Op::select, {better, j, column_in}));
  const Value best_out = b_.carried_result(best_in), row_out = b_.carried_result(row_in),
              column_out = b_.carried_result(column_in);
  b_.end_for();
  b_.next(best, best_out);
  b_.next(best_row, row_out);
  b_.next(best_column, column_out);
  const Value row = b_.carried_result(best_row), column = b_.carried_result(best_column);
  b_.end_for();
  exchange(w, k, row);
  exchange(s, k, row);
  for (const Block2* m : {&w, &t})
    each(zero, n, width_, [&](Value r) {
      const Value x = load(*m, {r, k}), z = load(*m, {r, column});
      store(*m, {r, k}, z);
      store(*m, {r, column}, x);
    });
  const Value moved = b_.compute(Op::not_equal, {row, k}), turned = b_.compute(Op::not_equal, {column, k});
  const Value odd = b_.compute(Op::bit_xor, {moved, turned});
  b_.next(parity, b_.compute(Op::select, {odd, b_.compute(Op::neg, {parity}), parity}));
  const Value pivot = load(w, {k, k});
  store(d, {k}, pivot);
  each(next, n, 1, [&](Value r) {
    const Value factor = quotient(load(w, {r, k}), pivot);
    for (const Block2* m : {&w, &s})
      each_column(*m, [&](const At& c) {
        store(*m, behind(r, c), minus_product(load(*m, behind(r, c)), factor, load(*m, behind(k, c))));
      });
  });
  each(zero, n, 1, [&](Value r) {
    const Value from = load(t, {r, k});
    each(next, n, width_, [&](Value c) {
      store(t, {r, c}, minus_product(load(t, {r, c}), quotient(load(w, {k, c}), pivot), from));
    });
  });
  const Value result = b_.carried_result(parity);
  b_.end_for();
  store(sign, {}, result);
}

}  // namespace gradc::kernel
