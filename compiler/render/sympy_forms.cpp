// What SymPy calls our operators and functions of matrices.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <utility>

#include "compiler/render/sympy_forms.h"

namespace gradc {
namespace {

// What SymPy calls otherwise, or spells out.
constexpr std::pair<std::string_view, std::string_view> forms[] = {
    {"pi", "sp.pi"},
    {"to_real", "#1"},
    {"stop", "#1"},
    {"abs", "sp.Abs(#1)"},
    {"ceil", "sp.ceiling(#1)"},
    {"exp2", "2**#1"},
    {"log2", "sp.log(#1, 2)"},
    {"log10", "sp.log(#1, 10)"},
    {"log1p", "sp.log(1 + #1)"},
    {"expm1", "sp.exp(#1) - 1"},
    {"exp_difference", "sp.exp(#1 - #2)"},
    {"hypot", "sp.sqrt(#1**2 + #2**2)"},
    {"sigmoid", "1/(1 + sp.exp(-#1))"},
    {"log_sigmoid", "-sp.log(1 + sp.exp(-#1))"},
    {"softplus", "sp.log(1 + sp.exp(#1))"},
    {"silu", "#1/(1 + sp.exp(-#1))"},
    {"gelu", "#1*(1 + sp.erf(#1/sp.sqrt(2)))/2"},
    {"relu", "sp.Max(0, #1)"},
    {"clamp", "sp.Min(sp.Max(#1, #2), #3)"},
    {"max", "sp.Max(#1, #2)"},
    {"min", "sp.Min(#1, #2)"},
    {"lgamma", "sp.loggamma(#1)"},
    {"besselj0", "sp.besselj(0, #1)"},
    {"besselj1", "sp.besselj(1, #1)"},
    {"gammainc", "sp.lowergamma(#1, #2)/sp.gamma(#1)"},
    {"gamma_density", "#2**(#1 - 1)*sp.exp(-#2)/sp.gamma(#1)"},
    {"gammaincc", "sp.uppergamma(#1, #2)/sp.gamma(#1)"},
    {"xlogy", "sp.Piecewise((0, sp.Eq(#1, 0)), (#1*sp.log(#2), True))"},
    {"sinc", "sp.Piecewise((1, sp.Eq(#1, 0)), (sp.sin(#1)/#1, True))"},
    {"cbrt", "sp.real_root(#1, 3)"},
    {"root", "sp.sqrt(#1)"},
    {"max_const", "sp.Max(#1, #2)"},
    {"min_const", "sp.Min(#1, #2)"},
    {"leaky_relu", "sp.Piecewise((#1/100, #1 <= 0), (#1, True))"},
    {"elu", "sp.Piecewise((#1, #1 > 0), (sp.exp(#1) - 1, True))"},
    {"floor_div", "#1//#2"},
    {"exact_div", "#1//#2"},
    {"mod", "#1 % #2"},
    {"integer_pow", "#1**#2"},
    {"equal", "sp.Eq(#1, #2)"},
    {"not_equal", "sp.Ne(#1, #2)"},
    {"less", "(#1 < #2)"},
    {"less_equal", "(#1 <= #2)"},
    {"and", "sp.And(#1, #2)"},
    {"or", "sp.Or(#1, #2)"},
    {"not", "sp.Not(#1)"},
};
constexpr std::string_view same_name[] = {"sin",   "cos",   "tan",     "asin",     "acos",      "atan",
                                          "atan2", "sinh",  "cosh",    "tanh",     "asinh",     "acosh",
                                          "atanh", "exp",   "log",     "sqrt",     "erf",       "erfc",
                                          "sign",  "floor", "digamma", "trigamma", "polygamma", "besselj"};

constexpr std::string_view keywords[] = {
    "False",  "None",        "True",     "and",          "as",        "assert", "async",  "await",
    "break",  "class",       "continue", "def",          "del",       "elif",   "else",   "except",
    "for",    "from",        "global",   "finally",      "if",        "import", "in",     "is",
    "lambda", "nonlocal",    "not",      "or",           "pass",      "raise",  "return", "try",
    "while",  "with",        "yield",    "sp",           "cache",     "choose", "range",  "sum",
    "zip",    "determinant", "inverse",  "lower_factor", "cofactors", "row",    "column"};

// Determinants without divisions: SymPy need not know which of them would be by 0.
constexpr std::pair<std::string_view, std::string_view> call_forms[] = {
    {"cholesky", "lower_factor(#1)"},
    {"cofactors", "cofactors(#1)"},
    {"det", "determinant(#1)"},
    {"inverse", "inverse(#1)"},
    {"logdet", "sp.log(determinant(#1))"},
    {"solve", "inverse(#1)*#2"},
    {"solve_transposed", "inverse(#1).T*#2"},
    {"solve_lower", "#1.lower_triangular().lower_triangular_solve(#2)"},
    {"solve_lower_transposed", "#1.lower_triangular().T.upper_triangular_solve(#2)"},
    {"solve_upper", "#1.upper_triangular().upper_triangular_solve(#2)"},
    {"solve_upper_transposed", "#1.upper_triangular().T.lower_triangular_solve(#2)"},
};

}  // namespace

std::string sympy_form(const Operator& op) {
  for (const auto& [id, form] : forms)
    if (op.id == id) return std::string(form);
  if (std::ranges::find(same_name, op.id) == std::end(same_name)) return "";
  std::string form = "sp." + std::string(op.id) + "(";
  for (int k = 1; k <= op.arity; ++k) form += (k > 1 ? ", #" : "#") + std::to_string(k);
  return form + ")";
}

std::span<const std::string_view> sympy_keywords() { return keywords; }

std::string sympy_call(const CallOperator& op, const std::vector<std::string>& arguments) {
  const auto found = std::ranges::find(call_forms, op.id, [](const auto& form) { return form.first; });
  if (found == std::end(call_forms)) return "";
  const std::string_view form = found->second;
  std::string out;
  for (std::size_t k = 0; k < form.size(); ++k)
    if (form[k] == '#')
      out += arguments[static_cast<std::size_t>(form[++k] - '1')];
    else
      out += form[k];
  for (std::size_t k = 1; op.more_squares && k < arguments.size(); ++k)
    out.insert(out.size() - 1, ", " + arguments[k]);
  return out;
}

std::string sympy_matrix(const std::string& name, bool is_function, const std::string& before,
                         const std::vector<std::string>& sizes) {
  std::string element = before + (before.empty() ? "row" : ", row"), columns;
  for (std::size_t k = 1; k < sizes.size(); ++k) {
    columns += (columns.empty() ? "" : "*") + sizes[k];
    std::string behind;
    for (std::size_t next = k + 1; next < sizes.size(); ++next)
      behind += (behind.empty() ? "" : "*") + sizes[next];
    if (behind.find('*') != behind.npos) behind = "(" + behind + ")";
    element += behind.empty() ? ", column" : ", column//" + behind;
    if (sizes.size() > 2) element += " % " + sizes[k];
  }
  return "sp.Matrix(" + sizes[0] + ", " + (columns.empty() ? "1" : columns) +
         ", lambda row, column: " + name + (is_function ? "(" : "[") + element + (is_function ? "))" : "])");
}

std::string sympy_element(const std::string& matrix, const std::vector<std::string>& positions,
                          const std::vector<std::string>& columns) {
  std::string column;
  for (std::size_t k = 1; k < positions.size(); ++k)
    column = k == 1   ? positions[k]
             : k == 2 ? column + "*" + columns[k - 1] + " + " + positions[k]
                      : "(" + column + ")*" + columns[k - 1] + " + " + positions[k];
  return matrix + "[" + positions[0] + ", " + (column.empty() ? "0" : column) + "]";
}

std::string_view sympy_matrix_functions() {
  return "# Matrices are written out in their elements, which is for small ones.\n"
         "def determinant(A):\n"
         "    return A.det(method=\"berkowitz\")\n\n"
         "def inverse(A):\n"
         "    return A.adjugate(method=\"berkowitz\")/determinant(A)\n\n"
         "def lower_factor(A):\n"
         "    return ((A + A.T)/2).cholesky(hermitian=False)\n\n"
         "def cofactors(A, *along):\n"
         "    # Their derivative along all further matrices, one after the other.\n"
         "    steps = sp.symbols(\"step:%d\" % len(along), cls=sp.Dummy)\n"
         "    result = sum((t*E for t, E in zip(steps, along)), A).adjugate(method=\"berkowitz\").T\n"
         "    for t in steps:\n"
         "        result = result.diff(t).subs(t, 0)\n"
         "    return result\n\n";
}

}  // namespace gradc
