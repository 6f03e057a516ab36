// Expressions in which the running indices may stand.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <regex>

#include "tests/random/generator.h"

namespace gradc::test {

// An expression in which the running indices may stand.
std::string Generator::real(int depth) {
  if (depth <= 0 || chance(8)) return leaf();
  const int kind = pick(100);
  const int choices = policy_ == Policy::choices ? 25 : 8,
            reductions = policy_ == Policy::reductions ? 30 : 15;
  const int kinks = policy_ == Policy::kinky ? 25 : 8;
  if (kind < choices)
    return "(if " + condition(depth - 1) + " then " + real(depth - 1) + " else " + real(depth - 1) + ")";
  if (kind < choices + reductions) return reduction(depth);
  if (kind < choices + reductions + kinks) return kink(depth);
  return smooth(depth);
}

// Rarely chosen, and by numbers of its own: programs without them are those that they were.
std::string Generator::special(const std::string& a) {
  std::mt19937_64 own(random_);
  switch (own() % 12) {
    case 0: return "besselj0(" + a + ")";
    case 1: return "besselj(2, " + a + ")";
    case 2: return "gammainc(3/2, 1 + (" + a + ")^2)";
    case 3: return "gammaincc(4, 1/2 + (" + a + ")^2)";
    default: return "sin(" + a + ")";
  }
}

std::string Generator::smooth(int depth) {
  if (policy_ == Policy::matrices && chance(20)) return of_matrices(depth);
  if (policy_ == Policy::iterates && chance(states_.empty() ? 30 : 10)) return iterate(depth);
  const std::string a = real(depth - 1);
  switch (pick(20)) {
    case 0: return "tanh(" + a + ")";
    case 1: return "sigmoid(" + a + ")";
    case 2: return "exp(-(" + a + ")^2)";
    case 3: return "log(1 + (" + a + ")^2)";
    case 4: return "sqrt(1 + (" + a + ")^2)";
    case 5: return special(a);
    case 6: return "cos(" + a + ")";
    case 7: return "f(" + a + ")";
    case 8: return "g(" + a + ", " + real(depth - 1) + ")";
    case 9: return "atan(" + a + ")";
    case 10: return "softplus(" + a + ")";
    case 11: return "(" + a + ")/(2 + cos(" + real(depth - 1) + "))";
    case 12: return "1/4*(" + a + ")^2";
    case 13: return "erf(" + a + ")";
    case 14: return "(-(" + a + "))";
    case 15: return "((" + a + ") - (" + real(depth - 1) + "))";
    case 16:
    case 17: return "((" + a + ")*sin(" + real(depth - 1) + "))";
    default: return "((" + a + ") + (" + real(depth - 1) + "))";
  }
}

// A state that depends on itself and on what else there is, for one to three steps.
std::string Generator::iterate(int depth) {
  const std::string number = std::to_string(states_.size()), state = "s" + number, count = "c" + number;
  const std::string first = real(depth - 1);
  // One that converges, and so has the derivatives of its equation.
  if (chance(25))
    return "(iterate implicit " + state + " = " + first + " to " + real(depth - 1) + " + sin(" + state +
           ")*cos(" + real(depth - 1) + ")/4 until abs(" + state + " - prev(" + state +
           ")) < 1e-14*(1 + abs(" + state + ")) at most 60)";
  states_.push_back(state);
  const std::string next = "sin(" + real(depth - 1) + ") + " + state + "/2";
  const std::string condition = chance(50) ? state + " < prev(" + state + ")" : state + " > " + leaf();
  states_.pop_back();
  return "(iterate " + state + " = " + first + " to " + next + ", " + count + " = 0 to " + count +
         " + 1 until " + count + " >= 3 or " + condition + " at most 4)";
}

std::string Generator::kink(int depth) {
  const std::string a = real(depth - 1);
  switch (pick(7)) {
    case 0: return "abs(" + a + ")";
    case 1: return "relu(" + a + ")";
    case 2: return "max(" + a + ", " + real(depth - 1) + ")";
    case 3: return "min(" + a + ", 1/3)";
    case 4: return "clamp(" + a + ", -1, 1)";
    case 5: return "sign(" + a + ")";
    default: return "stop(" + a + ")";
  }
}

std::string Generator::reduction(int depth) {
  if (policy_ == Policy::batches && !across_ && chance(25)) return "(" + across_batch(depth) + ")";
  int dim = pick(static_cast<int>(dims_.size()));
  const bool many = is_large(dim);
  if (many && many_) dim = 1;  // the work would be that of a matrix
  many_ = many_ || many;
  const std::string name = index_name(indices_.size());
  indices_.push_back({name, dim});
  static const char* const operators[] = {"sum", "sum", "sum", "mean", "max", "min", "logsumexp", "prod"};
  const std::string op = operators[pick(8)];
  std::string filter;
  if (op == "sum" && chance(25)) filter = " if " + condition(1);
  if (op == "sum" && filter.empty()) filter = ranked(name, dim);
  std::string body = op == "prod" ? "sin(" + real(depth - 1) + ")" : "(" + real(depth - 1) + ")";
  indices_.pop_back();
  if (is_large(dim)) many_ = false;
  // An index that is bound and not used is an error.
  if (!std::regex_search(body + filter, std::regex("\\b" + name + "\\b")))
    body = "(" + body + " + " + name + "/5)";
  return "(" + op + "(" + name + " in " + dims_[static_cast<std::size_t>(dim)].name + filter + ") " + body +
         ")";
}

// Those that are less than the one at hand; rarely, by numbers of its own.
std::string Generator::ranked(const std::string& name, int dim) {
  std::mt19937_64 own(random_);
  if (own() % 3 != 0) return "";
  for (std::size_t k = 0; k + 1 < indices_.size(); ++k)
    for (const Tensor& t : tensors_)
      if (indices_[k].dim == dim && t.dims == std::vector<int>{dim} && t.member_of < 0)
        return " if " + t.name + "[" + name + "] < " + t.name + "[" + indices_[k].name + "]";
  return "";
}

// Of something that an input reaches.
std::string Generator::across_batch(int depth) {
  static const char* const operators[] = {"mean", "mean", "sum", "max", "logsumexp"};
  const std::string op = operators[pick(5)];
  across_ = true;  // `batch` cannot be bound twice
  const std::string filter = op == "sum" && chance(40) ? " if " + condition(1) : "";
  const std::string body = real(depth - 1) + " + " + element(tensors_[0]);
  across_ = false;
  return op + "(batch" + filter + ") (" + body + ")";
}

std::string Generator::condition(int depth) {
  const std::string a = real(depth - 1), b = real(depth - 1);
  switch (pick(5)) {
    case 0: return a + " < " + b;
    case 1: return a + " >= 1/5";
    case 2: return "(" + a + " > 0 and " + b + " < 1)";
    case 3:
      if (indices_.size() > 1) return indices_[0].name + " <= " + indices_[1].name;
      return "not (" + a + " > " + b + ")";
    default: return "(" + a + " > 1 or " + b + " > 0)";
  }
}

std::string Generator::leaf() {
  if (!states_.empty() && chance(40))
    return states_[static_cast<std::size_t>(pick(static_cast<int>(states_.size())))];
  if (chance(15))
    return std::vector<std::string>{"1", "2", "1/3", "0.7", "-1"}[static_cast<std::size_t>(pick(5))].insert(
               0, "(") +
           ")";
  if (!indices_.empty() && chance(8))
    return "(" + indices_[static_cast<std::size_t>(pick(static_cast<int>(indices_.size())))].name + "/3)";
  const Tensor& t = tensors_[static_cast<std::size_t>(pick(static_cast<int>(tensors_.size())))];
  return policy_ == Policy::large && !t.dims.empty() && is_large(t.dims[0]) && chance(50) ? neighbour(t)
                                                                                          : element(t);
}

// The element before, or behind, or some places on, where there is one: what a stencil reads.
std::string Generator::neighbour(const Tensor& t) {
  for (const BoundIndex& b : indices_)
    if (b.dim == t.dims[0]) {
      const int by = 1 + pick(3);
      const bool back = chance(50);
      const std::string at = b.name + (back ? " - " : " + ") + std::to_string(by);
      const std::string rest = t.dims.size() > 1 ? ", " + subscript(t.dims[1]) : "";
      return "(if " + (back ? at + " >= 0" : at + " < " + dim(b.dim).name) + " then " + t.name + "[" + at +
             rest + "] else " + (chance(50) ? "0" : element(t)) + ")";
    }
  return element(t);
}

std::string Generator::element(const Tensor& t) {
  std::string out = t.name;
  for (std::size_t r = 0; r < t.dims.size(); ++r) out += (r == 0 ? "[" : ", ") + subscript(t.dims[r]);
  return t.dims.empty() ? out : out + "]";
}

// A running index of the dim, a member, or a stated position.
std::string Generator::subscript(int dim) {
  std::vector<std::string> candidates;
  for (const BoundIndex& b : indices_)
    if (b.dim == dim) candidates.insert(candidates.end(), 3, b.name);
  for (const Tensor& m : members_)
    if (m.member_of == dim) {
      if (m.dims.empty()) candidates.push_back(m.name);
      for (const BoundIndex& b : indices_)
        if (!m.dims.empty() && b.dim == m.dims[0]) candidates.push_back(m.name + "[" + b.name + "]");
    }
  if (this->dim(dim).sequence)
    candidates.push_back(chance(50) ? "0" : dims_[static_cast<std::size_t>(dim)].name + " - 1");
  else
    candidates.push_back(std::to_string(pick(this->dim(dim).size)));
  return candidates[static_cast<std::size_t>(pick(static_cast<int>(candidates.size())))];
}

}  // namespace gradc::test
