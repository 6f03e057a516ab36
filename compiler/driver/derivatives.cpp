// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/derivatives.h"

#include <algorithm>

#include "compiler/diff/derivative.h"
#include "compiler/equations/verify.h"
#include "compiler/support/check.h"

namespace gradc::driver {

Derivatives differentiate(const ModelFile& file, const Request& request) {
  set_current_pass("adjoint");
  Derivatives made{file.model.system, {}};
  for (TensorId of : request.of) {
    std::vector<Derivative> last{{of, {}, of}};
    made.wanted.push_back(last.front());
    const int order_at_most = file.tensor(of).type == Type::real && !request.wrt.empty() ? request.order : 0;
    for (int order = 1; order <= order_at_most; ++order) {
      std::vector<Derivative> next;
      if (order == 1) {
        const std::vector<TensorId> adjoints = add_adjoints(made.system, of, request.wrt);
        for (std::size_t k = 0; k < adjoints.size(); ++k) next.push_back({of, {request.wrt[k]}, adjoints[k]});
      } else {
        // By the last tensor and those behind it in the request: each mixture once.
        for (const Derivative& before : last) {
          const auto from = std::ranges::find(request.wrt, before.wrt.back());
          for (auto wrt = from; wrt != request.wrt.end(); ++wrt) {
            Derivative d{of, before.wrt, {}};
            d.wrt.push_back(*wrt);
            const bool plain = order == 2 && file.tensor(of).rank() == 0;
            d.tensor = plain ? add_hessian(made.system, of, before.wrt.front(), *wrt)
                             : add_jacobian(made.system, before.tensor, *wrt);
            next.push_back(std::move(d));
          }
        }
      }
      made.wanted.insert(made.wanted.end(), next.begin(), next.end());
      last = std::move(next);
    }
  }
  std::vector<TensorId> outputs;
  for (const Derivative& d : made.wanted)
    if (std::ranges::find(outputs, d.tensor) == outputs.end()) outputs.push_back(d.tensor);
  made.system.set_outputs(std::move(outputs));
  made.system = reachable(made.system);
  const std::string broken = verify(made.system);
  GRADC_CHECK(broken.empty(), broken);
  return made;
}

}  // namespace gradc::driver
