// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/property/random_program.h"

#include <algorithm>
#include <random>
#include <regex>
#include <vector>

namespace gradc::test {
namespace {

struct Dim {
  std::string name;
  int size;
};

struct Tensor {
  std::string name;
  std::vector<int> dims;
  int member_of = -1;  // an integer tensor, if >= 0
};

struct BoundIndex {
  std::string name;
  int dim;
};

class Generator {
 public:
  Generator(std::uint64_t seed, Policy policy) : random_(seed), policy_(policy) {}

  std::string program() {
    declare();
    const int equations = policy_ == Policy::wide ? 8 : 2 + pick(4);
    functions();
    if (policy_ == Policy::matrices) matrices();
    if (policy_ == Policy::recurrences) recurrences();
    for (int k = 0; k < equations; ++k) equation(k);
    objective();
    return text_;
  }

 private:
  int pick(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  bool chance(int percent) { return pick(100) < percent; }
  std::string index_name(std::size_t k) { return std::string(1, "ijklmnopqrs"[k % 11]); }

  void declare() {
    const int dims = 2 + pick(2);
    for (int d = 0; d < dims; ++d) {
      dims_.push_back({std::string(1, static_cast<char>('A' + d)), 1 + pick(4)});
      text_ += "dim " + dims_.back().name + " = " + std::to_string(dims_.back().size) + "\n";
    }
    const char* roles[] = {"input", "param", "const", "param"};
    for (int k = 0; k < 5; ++k) {
      Tensor t{std::string(k < 2 ? "x" : "w") + std::to_string(k), {}, -1};
      for (int r = pick(3); r > 0; --r) t.dims.push_back(pick(dims));
      if (k == 1) t.dims = {pick(dims)};
      text_ += std::string(roles[std::min(k, 3)]) + " " + t.name + brackets(t.dims) +
               (std::min(k, 3) % 2 ? " init 0" : "") + "\n";
      tensors_.push_back(std::move(t));
    }
    noise(dims);
    Tensor m{"member", {}, pick(dims)};
    if (chance(60)) m.dims = {pick(dims)};
    text_ +=
        "input member" + brackets(m.dims) + " in " + dims_[static_cast<std::size_t>(m.member_of)].name + "\n";
    members_.push_back(std::move(m));
  }

  // Drawn by numbers, or by what is declared above.
  void noise(int dims) {
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

  std::string brackets(const std::vector<int>& dims) {
    std::string out;
    for (int d : dims) out += (out.empty() ? "[" : ", ") + dims_[static_cast<std::size_t>(d)].name;
    return out.empty() ? "" : out + "]";
  }

  // The same two functions, said in different ways.
  void functions() {
    std::mt19937_64 own(random_);  // the rest of the program does not depend on the way
    const bool iterates = policy_ == Policy::iterates || own() % 3 == 0;
    switch (own() % 6) {
      case 0:
        text_ += "f(u) = u / d  where d = 1 + s, s = u^2\n";
        text_ += "g(u, v) = if u < v then t*v else v - u/3  where t = tanh(u)\n";
        break;
      case 1:
        text_ += iterates ? "f(u) = u/d  where d = iterate t = 1 + u^2 to t until t > 0 at most 2\n"
                          : "f(u) = u/d  where d = 1 + u^2\n";
        text_ += "  deriv u: (1 - 2*u*f(u))/(1 + u^2)\n";
        text_ += "g(u, v) = if u < v then tanh(u)*v else v - u/3\n  deriv v: if u < v then tanh(u) else 1\n";
        break;
      case 2:
        text_ += "around(h, u) = h(u)\nshare(s, t) = s/(t + s^2)\nf(u) = around(share(_, 1), u)\n";
        text_ += "mixed(h, u, v) = if u < v then h(u)*v else v - u/3\ng(u, v) = mixed(tanh, u, v)\n";
        break;
      case 3:
        text_ += "two(u, v)[i in 0..1] = if i == 0 then u*v else u - v\n  deriv u: if i == 0 then v else 1\n";
        text_ += "f(u) = two(u, 1/(1 + u^2))[0]\n";
        text_ += "size(v[N]) = sum(k) v[k]^2/4\n  deriv v[k]: v[k]/2\n";
        text_ += "g(u, v) = (if u < v then tanh(u)*v else two(v, u/3)[1]) + size(x1)*u\n";
        break;
      case 4:
        text_ += "both(u, v) = (u/d, if u < v then t*v else v - u/3)  where d = 1 + u^2, t = tanh(u)\n";
        text_ += "f(u) = a + c/2 - q  where (a, b) = both(u, 0), (c, d) = halves(b), q = d/2\n";
        text_ += iterates ? "halves(u) = (t, c)  where (s, c, t, k) = iterate s = sin(u) to s/2, "
                            "c = u to s + sin(c)/2, t = 1 to t*c + s, k = 0 to k + 1 "
                            "until k >= 3 or s > 1/4 at most 4\n"
                          : "halves(u) = (s*c, c)  where c = u + sin(s)/2, s = sin(u)/2\n";
        text_ += "g(u, v) = c  where (a, c) = both(u, v)\n";
        break;
      default: text_ += "f(u) = u / (1 + u^2)\n"; text_ += "g(u, v) = if u < v then tanh(u)*v else v - u/3\n";
    }
  }

  // An element of an earlier equation by an element of what is given, or of a state, with an index for each
  // axis: one that is there already, where the dims allow and chance has it.
  bool derivative(int k) {
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
          left += (left.empty() ? "[" : ", ") + index_name(at) + " in " +
                  dims_[static_cast<std::size_t>(dim)].name;
          t.dims.push_back(dim);
        }
        subscripts += (subscripts.empty() ? "[" : ", ") + index_name(at);
      }
      return tensor.name + (subscripts.empty() ? "" : subscripts + "]");
    };
    const std::string from = element(of), by = element(wrt);
    static const char* const modes[] = {"", ", mode = forward", ", mode = reverse"};
    text_ +=
        t.name + left + (left.empty() ? "" : "]") + " = diff(" + from + ", " + by + modes[pick(3)] + ")\n";
    tensors_.push_back(std::move(t));
    return true;
  }

  // Products with Jacobians and Hessians, or these themselves, of an earlier equation by what is given.
  bool operators(int k) {
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
        how =
            std::string(second ? "hessian(" : "jacobian(") + of.name + ", " + by.name + modes[pick(3)] + ")";
    }
    text_ += t.name + " = " + how + "\n";
    tensors_.push_back(std::move(t));
    return true;
  }

  // A matrix that can be inverted, and one that is positive definite, over the first dim.
  void matrices() {
    text_ += "param mat[A, A] init 0\n";
    text_ += "regular[i, j] = sin(mat[i, j])/8 + (if i == j then 1 else 0)\n";
    text_ += "definite[i, j] = sum(k) regular[i, k]*regular[j, k] + (if i == j then 1/2 else 0)\n";
    // All of them are used in the objective.
    text_ += "y_used = trace(regular) + trace(definite)\n";
    tensors_.push_back({"y_used", {}, -1});
  }

  // States that go through time, up or down, one or two of them, alone or over a dim; and what is read of
  // them on the way. The equations behind read all of it.
  void recurrences() {
    const int time = static_cast<int>(dims_.size());
    dims_.push_back({"T", 5 + pick(9)});
    text_ += "dim T = " + std::to_string(dims_.back().size) + "\nconst drive[T]\n";
    tensors_.push_back({"drive", {time}, -1});
    const bool down = chance(25), wide = chance(50), far = !down && chance(30);  // far: two steps back
    const int states = 1 + pick(2);
    const std::string axis = wide ? ", i" : "",
                      made = down  ? "t"
                             : far ? "t + 2"
                                   : "t + 1",
                      before = down || far ? "t + 1" : "t";
    const auto state = [&](int k, const std::string& at) {
      return "y_h" + std::to_string(k) + "[" + at + axis + "]";
    };
    const auto defined = [&](int k, const std::string& at) {
      return "y_h" + std::to_string(k) + "[" + at + (wide ? ", i in A" : "") + "]";
    };
    // A condition that goes along, and what it lets through.
    const bool gated = !far && chance(40);
    const auto through = [&](const std::string& value, const std::string& at) {
      return gated ? "(if open[" + at + "] then " + value + " else " + leaf() + ")" : value;
    };
    if (gated) {
      indices_.clear();
      text_ += std::string("open[") + (down ? "T" : "0") + "] = " + leaf() + " > -1\n";
      indices_.push_back({"t", time});
      text_ += "open[" + made + "] = (if open[" + before + "] then y_h0[" + before + (wide ? ", 0" : "") +
               "] > " + leaf() + " else " + leaf() + " < 1) for t in T\n";
    }
    for (int k = 0; k < states; ++k) {
      indices_.clear();
      if (wide) indices_.push_back({"i", 0});
      text_ += defined(k, down ? "T" : "0") + " = " + leaf() + "\n";
      if (far) text_ += defined(k, "1") + " = " + leaf() + "\n";
      indices_.push_back({"t", time});
      for (int other = 0; other < states; ++other) states_.push_back(state(other, other < k ? made : before));
      if (far) states_.push_back(state(pick(states), "t"));
      text_ += defined(k, made) + " = " + through("sin(" + real(3) + ")", before) + " + " + state(k, before) +
               "/2 for t in T\n";
      states_.clear();
    }
    indices_ = {{"t", time}};
    if (wide) indices_.push_back({"i", 0});
    for (const char* at : {"t", "t + 1"}) states_.push_back(state(0, at));
    text_ += std::string("y_r[t in T") + (wide ? ", i in A" : "") + "] = " + through(real(3), "t") + " + " +
             (gated && chance(50) ? through(state(states - 1, "t"), std::to_string(pick(5)))
                                  : state(states - 1, "t")) +
             "\n";
    states_.clear();
    std::vector<int> dims{time};
    if (wide) dims.push_back(0);
    tensors_.push_back({"y_r", dims, -1});
    for (int k = 0; k < states; ++k) {
      tensors_.push_back({"y_h" + std::to_string(k), dims, -1});
      moved_.push_back(tensors_.back());
    }
  }

  // A function of matrices that moves with the running indices, which then are leading axes.
  std::string of_matrices(int depth) {
    const std::string some = "(2 + sin(" + real(depth - 1) + "))", at = "[" + subscript(0) + "]",
                      both = "[" + subscript(0) + ", " + subscript(0) + "]";
    switch (pick(8)) {
      case 0: return "det(" + some + "*regular)";
      case 1: return "logdet(" + some + "*definite)";
      case 2: return "inv(" + some + "*regular)" + both;
      case 3: return "cholesky(" + some + "*definite)" + both;
      case 4: return "solve(regular, " + some + "*definite)" + both;
      case 5: return "solve(" + some + "*definite, diag(regular))" + at;
      case 6: return "solve_lower(" + some + "*regular, definite)" + both;
      default: return "solve_upper(regular', " + some + "*diag(definite))" + at;
    }
  }

  void equation(int k) {
    if (policy_ == Policy::derivatives && k > 0 && chance(50) && operators(k)) return;
    if (policy_ != Policy::batches && k > 0 && chance(20) && derivative(k)) return;
    Tensor t{"y" + std::to_string(k), {}, -1};
    indices_.clear();
    std::string left;
    for (int r = pick(3); r > 0; --r) {
      t.dims.push_back(pick(static_cast<int>(dims_.size())));
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
    text_ +=
        t.name + left + " = " + (across ? across_batch(3) : real(policy_ == Policy::deep ? 6 : 4)) + "\n";
    tensors_.push_back(std::move(t));
  }

  // Along its first axis, by a part that has a name, and may read the circle itself.
  void recurrence(const Tensor& t, const std::string& left) {
    std::string before = t.name + "[" + indices_[0].name + " - 1";
    for (std::size_t r = 1; r < t.dims.size(); ++r) before += ", " + indices_[r].name;
    before += "]";
    text_ += t.name + left + " = if " + indices_[0].name + " == 0 then " + real(3) + " else sin(q)/2 + " +
             before + "/2  where q = " + real(3) + (chance(50) ? " + " + before + "/3" : "") + "\n";
  }

  // Everything defined enters E once more, so that no equation goes unused.
  void objective() {
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
      sum += (sum.empty() ? "" : " + ") + (binders.empty() ? "" : "(sum(" + binders + ") ") + "sin(" +
             inside + ")" + (binders.empty() ? "" : ")");
    }
    text_ += "minimize E = " + sum + " + " + real(2) + "\n";
  }

  // An expression in which the running indices may stand.
  std::string real(int depth) {
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
  std::string special(const std::string& a) {
    std::mt19937_64 own(random_);
    switch (own() % 12) {
      case 0: return "besselj0(" + a + ")";
      case 1: return "besselj(2, " + a + ")";
      case 2: return "gammainc(3/2, 1 + (" + a + ")^2)";
      case 3: return "gammaincc(4, 1/2 + (" + a + ")^2)";
      default: return "sin(" + a + ")";
    }
  }

  std::string smooth(int depth) {
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
  std::string iterate(int depth) {
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

  std::string kink(int depth) {
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

  std::string reduction(int depth) {
    if (policy_ == Policy::batches && !across_ && chance(25)) return "(" + across_batch(depth) + ")";
    const int dim = pick(static_cast<int>(dims_.size()));
    const std::string name = index_name(indices_.size());
    indices_.push_back({name, dim});
    static const char* const operators[] = {"sum", "sum", "sum", "mean", "max", "min", "logsumexp", "prod"};
    const std::string op = operators[pick(8)];
    std::string filter;
    if (op == "sum" && chance(25)) filter = " if " + condition(1);
    if (op == "sum" && filter.empty()) filter = ranked(name, dim);
    std::string body = op == "prod" ? "sin(" + real(depth - 1) + ")" : "(" + real(depth - 1) + ")";
    indices_.pop_back();
    // An index that is bound and not used is an error.
    if (!std::regex_search(body + filter, std::regex("\\b" + name + "\\b")))
      body = "(" + body + " + " + name + "/5)";
    return "(" + op + "(" + name + " in " + dims_[static_cast<std::size_t>(dim)].name + filter + ") " + body +
           ")";
  }

  // Those that are less than the one at hand; rarely, by numbers of its own.
  std::string ranked(const std::string& name, int dim) {
    std::mt19937_64 own(random_);
    if (own() % 3 != 0) return "";
    for (std::size_t k = 0; k + 1 < indices_.size(); ++k)
      for (const Tensor& t : tensors_)
        if (indices_[k].dim == dim && t.dims == std::vector<int>{dim} && t.member_of < 0)
          return " if " + t.name + "[" + name + "] < " + t.name + "[" + indices_[k].name + "]";
    return "";
  }

  // Of something that an input reaches.
  std::string across_batch(int depth) {
    static const char* const operators[] = {"mean", "mean", "sum", "max", "logsumexp"};
    const std::string op = operators[pick(5)];
    across_ = true;  // `batch` cannot be bound twice
    const std::string filter = op == "sum" && chance(40) ? " if " + condition(1) : "";
    const std::string body = real(depth - 1) + " + " + element(tensors_[0]);
    across_ = false;
    return op + "(batch" + filter + ") (" + body + ")";
  }

  std::string condition(int depth) {
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

  std::string leaf() {
    if (!states_.empty() && chance(40))
      return states_[static_cast<std::size_t>(pick(static_cast<int>(states_.size())))];
    if (chance(15))
      return std::vector<std::string>{"1", "2", "1/3", "0.7", "-1"}[static_cast<std::size_t>(pick(5))].insert(
                 0, "(") +
             ")";
    if (!indices_.empty() && chance(8))
      return "(" + indices_[static_cast<std::size_t>(pick(static_cast<int>(indices_.size())))].name + "/3)";
    return element(tensors_[static_cast<std::size_t>(pick(static_cast<int>(tensors_.size())))]);
  }

  std::string element(const Tensor& t) {
    std::string out = t.name;
    for (std::size_t r = 0; r < t.dims.size(); ++r) out += (r == 0 ? "[" : ", ") + subscript(t.dims[r]);
    return t.dims.empty() ? out : out + "]";
  }

  // A running index of the dim, a member, or a stated position.
  std::string subscript(int dim) {
    std::vector<std::string> candidates;
    for (const BoundIndex& b : indices_)
      if (b.dim == dim) candidates.insert(candidates.end(), 3, b.name);
    for (const Tensor& m : members_)
      if (m.member_of == dim) {
        if (m.dims.empty()) candidates.push_back(m.name);
        for (const BoundIndex& b : indices_)
          if (!m.dims.empty() && b.dim == m.dims[0]) candidates.push_back(m.name + "[" + b.name + "]");
      }
    candidates.push_back(std::to_string(pick(dims_[static_cast<std::size_t>(dim)].size)));
    return candidates[static_cast<std::size_t>(pick(static_cast<int>(candidates.size())))];
  }

  std::mt19937_64 random_;
  Policy policy_;
  bool across_ = false;  // inside a reduction over the batch
  std::string text_;
  std::vector<Dim> dims_;
  std::vector<Tensor> tensors_, members_;
  std::vector<Tensor> moved_;  // states of recurrences, by which there are derivatives
  std::vector<BoundIndex> indices_;
  std::vector<std::string> states_;  // of the iterates around
};

}  // namespace

std::string random_program(std::uint64_t seed, Policy policy) { return Generator(seed, policy).program(); }

}  // namespace gradc::test
