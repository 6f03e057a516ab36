// Functions said in different ways and in files of their own, matrices that have inverses, states that go
// through time. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <regex>

#include "tests/random/generator.h"

namespace gradc::test {

// The same two functions, said in different ways.
void Generator::functions() {
  const std::size_t before = text_.size();
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
      return;  // it reads what is declared
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
  if (own() % 3 != 0) return;
  functions_ = text_.substr(before);
  text_.replace(before, std::string::npos, "use \"functions.grad\"\n");
}

// A matrix that can be inverted, and one that is positive definite, over the first dim.
void Generator::matrices() {
  text_ += "param mat[A, A] init 0\n";
  text_ += "regular[i, j] = sin(mat[i, j])/8 + (if i == j then 1 else 0)\n";
  text_ += "definite[i, j] = sum(k) regular[i, k]*regular[j, k] + (if i == j then 1/2 else 0)\n";
  // All of them are used in the objective.
  text_ += "y_used = trace(regular) + trace(definite)\n";
  tensors_.push_back({"y_used", {}, -1});
}

// A function of matrices that moves with the running indices, which then are leading axes.
std::string Generator::of_matrices(int depth) {
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

// States that go through time, up or down, one or two of them, alone or over a dim; and what is read of
// them on the way. The equations behind read all of it.
void Generator::recurrences() {
  const int time = static_cast<int>(dims_.size());
  const bool sequence = policy_ == Policy::sequences;
  dims_.push_back({"T", 5 + pick(9), sequence});
  text_ += sequence ? "seq T\ninput drive[T]\n"
                    : "dim T = " + std::to_string(dims_.back().size) + "\nconst drive[T]\n";
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
           (gated && chance(50) ? through(state(states - 1, "t"), std::to_string(sequence ? 0 : pick(5)))
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

}  // namespace gradc::test
