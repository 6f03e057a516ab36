// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/simplify/own_value.h"

#include <algorithm>

#include "compiler/operators/build.h"
#include "compiler/simplify/polynomial.h"

namespace gradc {

void OwnValues::add(const Definition& definition) {
  const Define* define = definition.define();
  if (!define || define->value->type != Type::real) return;
  const Expr value = define->value;
  const bool function = value->kind == ExprKind::apply && !value->operands.empty() && !is_sum(value) &&
                        !is_product(value) && !value->is(op_to_real) && !value->is(op_stop);
  if (!function && value->kind != ExprKind::reduce) return;
  for (std::size_t k = 0; k < c_.tensor(definition.tensor).rank();
       ++k)  // which element, if k does not occur?
    if (!value->depends_on(Index::slot(static_cast<std::int32_t>(k), c_.tensor(definition.tensor).dims[k])))
      return;
  std::vector<Named>& entry = named_[shapes_(value)];
  for (const Named& known : entry)
    if (known.value == value) return;
  entry.push_back({definition.tensor, value});
}

Expr OwnValues::name_of(Expr e, const Ranges& ranges) {
  if (e->type != Type::real || e->operands.empty() || e->kind == ExprKind::access) return Expr();
  const auto found = named_.find(shapes_(e));
  if (found == named_.end()) return Expr();
  for (const Named& named : found->second) {
    const std::vector<DimId>& dims = c_.tensor(named.tensor).dims;
    const auto subscripts = instance_of(named.value, dims.size(), e);
    if (!subscripts) continue;
    bool fits = true;
    for (std::size_t k = 0; k < dims.size(); ++k)
      fits = fits && ranges.fits((*subscripts)[k], c_.integer(0), c_.size(dims[k]));
    if (fits) return c_.access(named.tensor, *subscripts);
  }
  return Expr();
}

}  // namespace gradc
