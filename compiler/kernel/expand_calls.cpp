// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <map>
#include <numeric>

#include "compiler/kernel/routines.h"
#include "compiler/operators/build.h"
#include "compiler/operators/table.h"
#include "compiler/support/check.h"

namespace gradc::kernel {

constinit const CallOperator routine_lu = {.id = "lu"};
constinit const CallOperator routine_lu_solve = {.id = "lu_solve"};
constinit const CallOperator routine_lu_solve_transposed = {.id = "lu_solve_transposed"};
constinit const CallOperator routine_lower = {.id = "lower"};
constinit const CallOperator routine_lower_transposed = {.id = "lower_transposed"};
constinit const CallOperator routine_upper = {.id = "upper"};
constinit const CallOperator routine_upper_transposed = {.id = "upper_transposed"};
constinit const CallOperator routine_cholesky = {.id = "cholesky"};
constinit const CallOperator routine_diagonal = {.id = "diagonal"};

namespace {

class Expander {
 public:
  explicit Expander(const System& system) : c_(system.context()), result_(c_) {}

  System run(const System& system) {
    for (const Definition& d : system.definitions())
      if (const Call* call = std::get_if<Call>(&d.rule))
        expand(d, *call);
      else
        result_.add(d);
    result_.set_outputs(system.outputs());
    return std::move(result_);
  }

 private:
  void expand(const Definition& d, const Call& call) {
    static const std::map<std::string_view, const CallOperator*> triangles = {
        {"solve_lower", &routine_lower},
        {"solve_lower_transposed", &routine_lower_transposed},
        {"solve_upper", &routine_upper},
        {"solve_upper_transposed", &routine_upper_transposed},
        {"cholesky", &routine_cholesky}};
    name_ = c_.tensor(d.tensor).name;
    lead_ = leading_axes(c_, call);
    const std::string_view id = call.op->id;
    if (auto found = triangles.find(id); found != triangles.end())
      add(*found->second, call.arguments, {d.tensor});
    else if (id == "solve" || id == "solve_transposed")
      solve(id == "solve" ? routine_lu_solve : routine_lu_solve_transposed, call.arguments[0],
            call.arguments[1], d.tensor);
    else if (id == "inverse")
      inverse(call.arguments[0], d.tensor);
    else if (id == "det")
      define(d.tensor, signed_product(call.arguments[0]));
    else if (id == "logdet")
      logdet(call.arguments[0], d.tensor);
    else if (id == "cofactors")
      cofactors(call.arguments, d.tensor);
    else
      GRADC_UNREACHABLE("a function of matrices without routines");
  }

  // ---- what equations are made of
  TensorId tensor(std::string_view stem, std::vector<DimId> behind, Type type = Type::real) {
    Tensor made{.name = c_.unused_name(name_ + "_" + std::string(stem)), .type = type, .dims = leading_};
    made.dims.insert(made.dims.end(), behind.begin(), behind.end());
    return c_.add_tensor(std::move(made));
  }
  void define(TensorId t, Expr value) { result_.add({t, Define{value}, {{}, "matrices"}, {}}); }
  void add(const CallOperator& op, std::vector<TensorId> arguments, std::vector<TensorId> results) {
    Definition d{.tensor = results[0], .rule = Call{&op, std::move(arguments), results}};
    result_.add(std::move(d));
  }
  // The dim of a matrix, and of all that belongs to it.
  DimId enter(TensorId matrix) {
    const std::vector<DimId>& dims = c_.tensor(matrix).dims;
    leading_.assign(dims.begin(), dims.begin() + static_cast<std::ptrdiff_t>(lead_));
    return dims[lead_];
  }
  Expr slot(std::size_t k, DimId dim) {
    return c_.position(Index::slot(static_cast<std::int32_t>(lead_ + k), dim));
  }
  Expr at(TensorId t, std::initializer_list<Expr> behind) {
    std::vector<Expr> subscripts;
    for (std::size_t k = 0; k < lead_; ++k)
      subscripts.push_back(c_.position(Index::slot(static_cast<std::int32_t>(k), leading_[k])));
    subscripts.insert(subscripts.end(), behind.begin(), behind.end());
    return c_.access(t, subscripts);
  }
  Expr product(const Binder& k, Expr guard, Expr body) {
    return c_.reduce(reduce_prod, std::span(&k, 1), guard, body);
  }

  // ---- one function each
  // The same matrix is taken apart once.
  std::pair<TensorId, TensorId> lu(TensorId a) {
    const DimId n = enter(a);
    auto [found, is_new] = factored_.try_emplace({a, lead_});
    if (is_new) {
      found->second = {tensor("lu", {n, n}), tensor("rows", {n}, Type::integer)};
      add(routine_lu, {a}, {found->second.first, found->second.second});
    }
    return found->second;
  }

  void solve(const CallOperator& routine, TensorId a, TensorId b, TensorId x) {
    const auto [factors, rows] = lu(a);
    add(routine, {factors, rows, b}, {x});
  }

  void inverse(TensorId a, TensorId value) {
    const DimId n = enter(a);
    const TensorId identity = tensor("identity", {n, n});
    define(identity, choose(equal(slot(0, n), slot(1, n)), c_.real(1), c_.real(0)));
    solve(routine_lu_solve, a, identity, value);
  }

  // A row that was exchanged with another changes the sign.
  Expr signed_product(TensorId a, Expr (*of)(Expr) = nullptr) {
    const auto [factors, rows] = lu(a);
    const DimId n = enter(a);
    const Binder k = c_.over(n);
    const Expr i = c_.position(k.index);
    Expr pivot = at(factors, {i, i});
    if (of) pivot = of(pivot);
    return product(k, c_.boolean(true), choose(equal(at(rows, {i}), i), pivot, -pivot));
  }

  void logdet(TensorId a, TensorId value) {
    const TensorId sign = (enter(a), tensor("sign", {}));
    define(sign, signed_product(a, gradc::sign));
    const Binder k = c_.over(enter(a));
    const Expr i = c_.position(k.index);
    const Expr logs = sum({k}, log(abs(at(lu(a).first, {i, i}))));
    define(value, choose(less(c_.real(0), at(sign, {})), logs, log(c_.real(-1))));
  }

  TensorId product(std::string_view stem, DimId n, const std::function<Expr(Expr i, Expr j, Expr k)>& term) {
    const TensorId t = tensor(stem, {n, n});
    const Binder k = c_.over(n);
    define(t, sum({k}, term(slot(0, n), slot(1, n), c_.position(k.index))));
    return t;
  }

  // As compiler/operators/matrix/cofactors.cpp explains.
  void cofactors(const std::vector<TensorId>& arguments, TensorId value) {
    const DimId n = enter(arguments[0]);
    const TensorId s = tensor("left", {n, n}), d = tensor("diagonal", {n}), t = tensor("right", {n, n}),
                   sign = tensor("sign", {}), work = tensor("work", {n, n});
    add(routine_diagonal, {arguments[0]}, {s, d, t, sign, work});
    std::vector<TensorId> along;
    for (std::size_t k = 1; k < arguments.size(); ++k) {
      const TensorId half = product("half", n, [&](Expr i, Expr j, Expr m) {
        return at(s, {i, m}) * at(arguments[k], {m, j});
      });
      along.push_back(product("turned", n, [&](Expr i, Expr j, Expr m) {
        return at(half, {i, m}) * at(t, {m, j});
      }));
    }
    const TensorId gradient = tensor("gradient", {n, n});
    define(gradient, gradient_at_diagonal(n, d, along));
    const TensorId half = product("half", n, [&](Expr i, Expr j, Expr m) {
      return at(s, {m, i}) * at(gradient, {m, j});
    });
    const Binder m = c_.over(n);
    const Expr k = c_.position(m.index);
    define(value, at(sign, {}) * sum({m}, at(half, {slot(0, n), k}) * at(t, {slot(1, n), k})));
  }

  Expr gradient_at_diagonal(DimId n, TensorId d, const std::vector<TensorId>& along) {
    const Expr p = slot(0, n), q = slot(1, n);
    std::vector<Expr> rows{p};
    std::vector<Binder> binders;
    Expr distinct = c_.boolean(true);
    const auto differ = [&](Expr a, Expr b) {
      distinct = distinct->is_constant(1) ? not_equal(a, b) : both(distinct, not_equal(a, b));
    };
    for (std::size_t k = 0; k < along.size(); ++k) {
      binders.push_back(c_.over(n));
      const Expr row = c_.position(binders.back().index);
      for (Expr other : rows) differ(row, other);
      rows.push_back(row);
    }
    const Expr guard = distinct;
    distinct = c_.boolean(true);
    const Binder l = c_.over(n);
    for (Expr row : rows) differ(c_.position(l.index), row);
    const Expr others = product(l, distinct, at(d, {c_.position(l.index)}));
    Expr total;
    std::vector<std::size_t> columns(rows.size());
    std::iota(columns.begin(), columns.end(), std::size_t{0});
    do {
      Expr term = others;
      bool odd = false;
      for (std::size_t a = 0; a < columns.size(); ++a)
        for (std::size_t b = 0; b < a; ++b) odd = odd != (columns[b] > columns[a]);
      for (std::size_t k = 1; k < rows.size(); ++k)
        term = term * at(along[k - 1], {rows[k], rows[columns[k]]});
      term = choose(equal(q, rows[columns[0]]), odd ? -term : term, c_.real(0));
      total = total ? total + term : term;
    } while (std::ranges::next_permutation(columns).found);
    return binders.empty() ? total : sum(binders, guard, total);
  }

  Context& c_;
  System result_;
  std::string name_;
  std::size_t lead_ = 0;
  std::vector<DimId> leading_;
  std::map<std::pair<TensorId, std::size_t>, std::pair<TensorId, TensorId>> factored_;
};

}  // namespace

System expand_calls(const System& system) {
  const bool any = std::ranges::any_of(
      system.definitions(), [](const Definition& d) { return std::holds_alternative<Call>(d.rule); });
  return any ? Expander(system).run(system) : system;
}

}  // namespace gradc::kernel
