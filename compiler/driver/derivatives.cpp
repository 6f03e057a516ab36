// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/derivatives.h"

#include <algorithm>

#include "compiler/diff/derivative.h"
#include "compiler/equations/verify.h"
#include "compiler/operators/build.h"
#include "compiler/support/check.h"

namespace gradc::driver {

namespace {

class Differentiation {
 public:
  Differentiation(const System& system, const Request& request)
      : c_(system.context()), request_(request), made_{system, {}} {}

  Derivatives run() {
    for (TensorId of : request_.of) {
      std::vector<Derivative> last{{of, {}, of}};
      made_.wanted.push_back(last.front());
      const int order = c_.tensor(of).type == Type::real && !request_.wrt.empty() ? request_.order : 0;
      for (int k = 1; k <= order; ++k) {
        last = k == 1 ? first(of) : next(last, k == 2 && c_.tensor(of).rank() == 0);
        made_.wanted.insert(made_.wanted.end(), last.begin(), last.end());
      }
    }
    return std::move(made_);
  }

 private:
  // What is had in reverse comes from one sweep.
  std::vector<Derivative> first(TensorId of) {
    const bool is_scalar = c_.tensor(of).rank() == 0;
    std::vector<TensorId> together;
    std::vector<Derivative> result;
    for (TensorId wrt : request_.wrt) {
      result.push_back({of, {wrt}, {}});
      if (request_.sparse && !is_scalar) {
        sparse(result.back(), of, wrt);
      } else if (mode(of, wrt) == Mode::forward) {
        result.back().tensor = add_jacobian(made_.system, of, wrt, Mode::forward);
      } else {
        together.push_back(wrt);
      }
    }
    const std::vector<TensorId> adjoints =
        together.empty() ? std::vector<TensorId>{} : add_adjoints(made_.system, of, together);
    for (Derivative& d : result)
      for (std::size_t k = 0; k < together.size(); ++k)
        if (d.wrt[0] == together[k]) d.tensor = adjoints[k];
    return result;
  }

  Mode mode(TensorId of, TensorId wrt) {
    if (request_.mode != Mode::cheapest) return request_.mode;
    return c_.tensor(of).rank() == 0 ? Mode::reverse : cheaper_mode(made_.system, of, wrt);
  }

  // By the last tensor and those behind it in the request: each mixture once.
  std::vector<Derivative> next(const std::vector<Derivative>& last, bool is_hessian) {
    std::vector<Derivative> result;
    for (const Derivative& before : last) {
      const auto from = std::ranges::find(request_.wrt, before.wrt.back());
      for (auto wrt = from; wrt != request_.wrt.end(); ++wrt) {
        Derivative d{before.of, before.wrt, {}};
        d.wrt.push_back(*wrt);
        if (request_.sparse && is_hessian)
          sparse(d, before.tensor, *wrt);
        else
          d.tensor = add_jacobian(made_.system, before.tensor, *wrt, request_.mode);
        result.push_back(std::move(d));
      }
    }
    return result;
  }

  void sparse(Derivative& d, TensorId of, TensorId wrt) {
    d.entries = add_sparse_jacobian(made_.system, of, wrt);
    d.rows = count(of);
    d.columns = count(wrt);
    d.tensor = d.rows;
  }

  // How many elements a tensor has, as a scalar.
  TensorId count(TensorId t) {
    Context& c = made_.system.context();
    Expr product = c.integer(1);
    for (DimId dim : c.tensor(t).dims) product = product * c.size(dim);
    const TensorId result = c.add_tensor({.name = c.unused_name(c.tensor(t).name + "_elements")});
    made_.system.add({result, Define{to_real(product)}, {{}, "count"}, {}});
    return result;
  }

  Context& c_;
  const Request& request_;
  Derivatives made_;
};

}  // namespace

Derivatives differentiate(const System& system, const Request& request) {
  set_current_pass("adjoint");
  Derivatives made = Differentiation(system, request).run();
  std::vector<TensorId> outputs;
  const auto want = [&](TensorId t) {
    if (std::ranges::find(outputs, t) == outputs.end()) outputs.push_back(t);
  };
  for (const Derivative& d : made.wanted) {
    want(d.tensor);
    if (d.is_sparse()) want(d.columns);
    for (const SparseEntries& entries : d.entries) want(entries.columns), want(entries.values);
  }
  made.system.set_outputs(std::move(outputs));
  made.system = reachable(made.system);
  const std::string broken = verify(made.system);
  GRADC_CHECK(broken.empty(), broken);
  return made;
}

}  // namespace gradc::driver
