// Names in place of what they stand for, and how long a term is on paper.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/matrix_terms.h"

namespace gradc::matrix {

TermId Terms::with_names(TermId a, const Names& names) {
  if (const auto found = names.find(a); found != names.end()) return found->second;
  const Term t = (*this)[a];
  if (t.operands.empty()) return a;
  std::vector<TermId> operands;
  for (TermId o : t.operands) operands.push_back(with_names(o, names));
  if (operands == t.operands) return a;
  TermId result = a;
  switch (t.kind) {
    case Kind::sum: {
      for (std::size_t k = 0; k < operands.size(); ++k) operands[k] = scaled(t.factors[k], operands[k]);
      result = sum(operands);
      break;
    }
    case Kind::product: result = scaled(t.value, product(operands)); break;
    case Kind::hadamard: result = hadamard(operands); break;
    case Kind::quotient: result = quotient(operands[0], operands[1]); break;
    case Kind::transpose: result = transpose(operands[0]); break;
    case Kind::inverse: result = inverse(operands[0]); break;
    case Kind::diagonal: result = diagonal(operands[0]); break;
    case Kind::trace: result = trace(operands[0]); break;
    default: {
      Term renamed = t;
      renamed.operands = operands;
      result = intern(std::move(renamed));
    }
  }
  const auto found = names.find(result);
  return found == names.end() ? result : found->second;
}

int Terms::length(TermId a) const {
  const Term& t = (*this)[a];
  int total = 0;
  for (TermId o : t.operands) total += length(o);
  const auto brackets = [&](auto needs) {
    int count = 0;
    for (TermId o : t.operands) count += needs(o) ? 2 : 0;
    return count;
  };
  const auto is_sum = [&](TermId o) { return is(o, Kind::sum); };
  const auto is_row = [&](TermId o) {
    return is(o, Kind::sum) || is(o, Kind::product) || is(o, Kind::hadamard);
  };
  switch (t.kind) {
    case Kind::sum: return total + static_cast<int>(t.operands.size()) - 1;
    case Kind::product: return total + brackets([&](TermId o) { return is_sum(o) || is(o, Kind::hadamard); });
    case Kind::hadamard: return total + static_cast<int>(t.operands.size()) - 1 + brackets(is_row);
    case Kind::transpose: return total + 2 + brackets(is_row);
    case Kind::inverse: return total + 3 + brackets(is_row);
    case Kind::quotient: return total + 1;
    case Kind::number:
    case Kind::scalar:
    case Kind::name:
    case Kind::ones:
    case Kind::identity: return 1;
    default: return total + 3;
  }
}

}  // namespace gradc::matrix
