// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <regex>

#include "tests/random/generator.h"

namespace gradc::test {

RandomProgram Generator::program() {
  declare();
  const int equations = policy_ == Policy::wide ? 8 : 2 + pick(4);
  functions();
  if (policy_ == Policy::matrices) matrices();
  if (policy_ == Policy::recurrences || policy_ == Policy::sequences) recurrences();
  for (int k = 0; k < equations; ++k) equation(k);
  objective();
  return {text_, functions_};
}

void Generator::declare() {
  const int dims = 2 + pick(2);
  for (int d = 0; d < dims; ++d) {
    const bool large = policy_ == Policy::large && d == 0;
    dims_.push_back({std::string(1, static_cast<char>('A' + d)), large ? 40 + pick(61) : 1 + pick(4)});
    text_ += "dim " + dims_.back().name + " = " + std::to_string(dims_.back().size) + "\n";
  }
  const char* roles[] = {"input", "param", "const", "param"};
  for (int k = 0; k < 5; ++k) {
    Tensor t{std::string(k < 2 ? "x" : "w") + std::to_string(k), {}, -1};
    for (int r = pick(3); r > 0; --r) t.dims.push_back(pick(dims));
    if (policy_ == Policy::large && t.dims.size() == 2 && is_large(t.dims[0])) t.dims[1] = dims - 1;
    if (k == 1) t.dims = {pick(dims)};
    text_ += std::string(roles[std::min(k, 3)]) + " " + t.name + brackets(t.dims) +
             (std::min(k, 3) % 2 ? " init 0" : "") + "\n";
    tensors_.push_back(std::move(t));
  }
  if (policy_ != Policy::sequences) noise(dims);
  Tensor m{"member", {}, pick(dims)};
  if (chance(60)) m.dims = {pick(dims)};
  text_ +=
      "input member" + brackets(m.dims) + " in " + dims_[static_cast<std::size_t>(m.member_of)].name + "\n";
  members_.push_back(std::move(m));
}

// Drawn by numbers, or by what is declared above.
void Generator::noise(int dims) {
  std::mt19937_64 own(random_);  // programs without noise are those that they were
  const auto choose = [&](int n) { return static_cast<int>(own() % static_cast<std::uint64_t>(n)); };
  if (choose(3) != 0) return;
  Tensor t{"n0", {}, -1};
  if (choose(2) == 0) t.dims.push_back(choose(dims));
  std::string scalar = "3/2";
  for (const Tensor& declared : tensors_)
    if (declared.dims.empty()) scalar = declared.name;
  const std::string distributions[] = {"normal(0, 1)", "uniform(-1, 2)", "bernoulli(1/3)",
                                       "normal(" + scalar + ", 2)", "uniform(-1, " + scalar + ")"};
  text_ += "noise " + t.name + brackets(t.dims) + " ~ " + distributions[choose(5)] + "\n";
  tensors_.push_back(std::move(t));
}

std::string Generator::brackets(const std::vector<int>& dims) {
  std::string out;
  for (int d : dims) out += (out.empty() ? "[" : ", ") + dims_[static_cast<std::size_t>(d)].name;
  return out.empty() ? "" : out + "]";
}

void Generator::equation(int k) {
  if (policy_ == Policy::derivatives && k > 0 && chance(50) && operators(k)) return;
  const bool takes_derivatives =
      policy_ != Policy::batches && policy_ != Policy::large && policy_ != Policy::sequences;
  if (takes_derivatives && k > 0 && chance(20) && derivative(k)) return;
  Tensor t{"y" + std::to_string(k), {}, -1};
  indices_.clear();
  std::string left;
  for (int r = pick(3); r > 0; --r) {
    t.dims.push_back(pick(static_cast<int>(dims_.size())));
    if (policy_ == Policy::large && t.dims.size() == 2 && is_large(t.dims[0])) t.dims[1] = 1;
    indices_.push_back({index_name(indices_.size()), t.dims.back()});
    left += (left.empty() ? "[" : ", ") + indices_.back().name + " in " +
            dims_[static_cast<std::size_t>(t.dims.back())].name;
  }
  if (!left.empty()) left += "]";
  if (policy_ == Policy::iterates && !left.empty() && chance(30)) {
    recurrence(t, left);
    tensors_.push_back(std::move(t));
    return;
  }
  const bool across = policy_ == Policy::batches && chance(40);
  text_ += t.name + left + " = " +
           (across ? across_batch(3)
                   : real(policy_ == Policy::deep    ? 6
                          : policy_ == Policy::large ? 3
                                                     : 4)) +
           "\n";
  tensors_.push_back(std::move(t));
}

// Along its first axis, by a part that has a name, and may read the circle itself.
void Generator::recurrence(const Tensor& t, const std::string& left) {
  std::string before = t.name + "[" + indices_[0].name + " - 1";
  for (std::size_t r = 1; r < t.dims.size(); ++r) before += ", " + indices_[r].name;
  before += "]";
  text_ += t.name + left + " = if " + indices_[0].name + " == 0 then " + real(3) + " else sin(q)/2 + " +
           before + "/2  where q = " + real(3) + (chance(50) ? " + " + before + "/3" : "") + "\n";
}

// An element of an earlier equation by an element of what is given, or of a state, with an index for each
// axis: one that is there already, where the dims allow and chance has it.
bool Generator::derivative(int k) {
  const Tensor of = tensors_[static_cast<std::size_t>(pick(static_cast<int>(tensors_.size())))];
  const Tensor wrt = !moved_.empty() && chance(60)
                         ? moved_[static_cast<std::size_t>(pick(static_cast<int>(moved_.size())))]
                         : tensors_[static_cast<std::size_t>(pick(5))];
  if (of.name[0] != 'y' || of.name[1] == '_') return false;
  Tensor t{"y_" + std::to_string(k), {}, -1};
  std::string left;
  const auto element = [&](const Tensor& tensor) {
    std::string subscripts;
    for (int dim : tensor.dims) {
      std::size_t at = t.dims.size();
      for (std::size_t other = 0; other < t.dims.size(); ++other)
        if (t.dims[other] == dim && chance(60)) at = other;
      if (at == t.dims.size()) {
        left +=
            (left.empty() ? "[" : ", ") + index_name(at) + " in " + dims_[static_cast<std::size_t>(dim)].name;
        t.dims.push_back(dim);
      }
      subscripts += (subscripts.empty() ? "[" : ", ") + index_name(at);
    }
    return tensor.name + (subscripts.empty() ? "" : subscripts + "]");
  };
  const std::string from = element(of), by = element(wrt);
  static const char* const modes[] = {"", ", mode = forward", ", mode = reverse"};
  text_ += t.name + left + (left.empty() ? "" : "]") + " = diff(" + from + ", " + by + modes[pick(3)] + ")\n";
  tensors_.push_back(std::move(t));
  return true;
}

// Products with Jacobians and Hessians, or these themselves, of an earlier equation by what is given.
bool Generator::operators(int k) {
  std::vector<Tensor> equations;
  std::ranges::copy_if(tensors_, std::back_inserter(equations),
                       [](const Tensor& y) { return y.name[0] == 'y' && y.name[1] != '_'; });
  if (equations.empty()) return false;
  const Tensor of = equations[static_cast<std::size_t>(pick(static_cast<int>(equations.size())))];
  const Tensor by = tensors_[static_cast<std::size_t>(pick(5))];
  Tensor t{"y_" + std::to_string(k), by.dims, -1};
  std::string how;
  const bool second = of.dims.empty() && chance(60);
  const auto all = [](std::vector<int> dims, const std::vector<int>& more) {
    dims.insert(dims.end(), more.begin(), more.end());
    return dims;
  };
  switch (pick(3)) {
    case 0:
      how = second ? "hvp" : "jvp";
      if (!second) t.dims = of.dims;
      how += "(" + of.name + ", " + by.name + ", " + by.name + ")";
      break;
    case 1: how = "vjp(" + of.name + ", " + by.name + ", " + of.name + ")"; break;
    default:
      static const char* const modes[] = {"", ", mode = forward", ", mode = reverse"};
      t.dims = all(second ? by.dims : of.dims, by.dims);
      if (t.dims.size() > 3) return false;
      how = std::string(second ? "hessian(" : "jacobian(") + of.name + ", " + by.name + modes[pick(3)] + ")";
  }
  text_ += t.name + " = " + how + "\n";
  tensors_.push_back(std::move(t));
  return true;
}

// Everything defined enters E once more, so that no equation goes unused.
void Generator::objective() {
  indices_.clear();
  std::string sum;
  for (const Tensor& t : tensors_) {
    if (t.name[0] != 'y') continue;
    std::string inside = t.name, binders;
    for (std::size_t r = 0; r < t.dims.size(); ++r) {
      inside += (r == 0 ? "[" : ", ") + index_name(r);
      binders += (r == 0 ? "" : ", ") + index_name(r);
    }
    if (!t.dims.empty()) inside += "]";
    sum += (sum.empty() ? "" : " + ") + (binders.empty() ? "" : "(sum(" + binders + ") ") + "sin(" + inside +
           ")" + (binders.empty() ? "" : ")");
  }
  text_ += "minimize E = " + sum + " + " + real(2) + "\n";
}

std::string RandomProgram::whole() const {
  static const std::string use = "use \"functions.grad\"\n";
  std::string result = text;
  if (const std::size_t at = result.find(use); at != std::string::npos)
    result.replace(at, use.size(), functions);
  return result;
}

RandomProgram random_program(std::uint64_t seed, Policy policy) { return Generator(seed, policy).program(); }

}  // namespace gradc::test
