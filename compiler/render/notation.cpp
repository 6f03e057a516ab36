// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/notation.h"

#include <algorithm>

#include "compiler/equations/walk.h"

namespace gradc {
namespace {

class FormBuilder {
 public:
  FormBuilder(const Context& context, const Notation& notation, Format format)
      : c_(context), notation_(notation), latex_(format == Format::latex) {}

  using Subscripts = std::vector<Expr>;

  AccessForm plain(TensorId t) {
    const std::string& name = c_.tensor(t).name;
    if (auto found = notation_.short_names.find(t); found != notation_.short_names.end()) {
      named(found->second.latex, found->second.text, c_.tensor(t).rank());
      form_.binds = found->second.binds;
      // δ^z_h squared would have two superscripts.
      if (latex_ && found->second.latex.base.find('^') != std::string::npos)
        form_.binds = std::min(form_.binds, Precedence::power);
    } else {
      named(latex_name(name), name, c_.tensor(t).rank());
    }
    return std::move(form_);
  }

  AccessForm derivative(TensorId t, const DerivativeOf& d) {
    if (!d.is_whole) {
      leibniz(d);
      return std::move(form_);
    }
    switch (notation_.derivatives) {
      case DerivativeNotation::leibniz: leibniz(d); break;
      case DerivativeNotation::lagrange: lagrange(t, d); break;
      case DerivativeNotation::nabla: nabla(t, d); break;
    }
    return std::move(form_);
  }

 private:
  void literal(std::string text) { form_.pieces.push_back({std::move(text), {}, {}, 0, 0, false}); }
  void named(LatexName latex, std::string text, std::size_t count) {
    form_.pieces.push_back({{}, std::move(latex), std::move(text), next_, count, true});
    next_ += count;
  }
  void element(TensorId t) {
    const auto inner = derivative_of(c_, t);
    if (!inner) return named(latex_name(c_.tensor(t).name), c_.tensor(t).name, c_.tensor(t).rank());
    const std::size_t first = next_;
    literal(latex_ ? "\\left(" : "(");
    leibniz(*inner);
    literal(latex_ ? "\\right)" : ")");
    next_ = first + c_.tensor(t).rank();
  }
  // The base of d, or what it is derived by. Subscripts that are no plain row of slots are said in the slots
  // from `first` on: those of an element that d names, or `at`, where d is itself an element.
  void operand(TensorId t, const DerivativeOf& d, std::size_t by, std::size_t first, const Subscripts* at) {
    if (d.is_whole && !at) return element(t);
    Subscripts own = !d.is_whole ? (by == of ? d.base_at : d.wrt_at[by]) : Subscripts();
    if (d.is_whole) {
      std::size_t before = by == of ? 0 : c_.tensor(d.base).rank();
      for (std::size_t k = 0; by != of && k < by; ++k) before += c_.tensor(d.wrt[k]).rank();
      const auto begin = at->begin() + static_cast<std::ptrdiff_t>(before);
      own.assign(begin, begin + static_cast<std::ptrdiff_t>(c_.tensor(t).rank()));
    } else if (at) {
      for (Expr& e : own) e = instantiate(e, *at);
    }
    if (const auto inner = derivative_of(c_, t)) {
      literal(latex_ ? "\\left(" : "(");
      leibniz(*inner, first, &own);
      return literal(latex_ ? "\\right)" : ")");
    }
    named(latex_name(c_.tensor(t).name), c_.tensor(t).name, 0);
    form_.pieces.back().at = std::move(own);
    form_.pieces.back().first = first;
  }
  static constexpr std::size_t of = ~std::size_t{0};
  // What is derived by may itself be a derivative that the file has no name for.
  std::optional<DerivativeOf> inner_derivative(TensorId t) const {
    auto inner = derivative_of(c_, t);
    if (inner && !inner->is_whole) inner.reset();
    return inner;
  }
  std::string name(TensorId t) const {
    if (const auto inner = inner_derivative(t)) return gradient_name(*inner);
    return latex_ ? latex_name(c_.tensor(t).name).whole() : c_.tensor(t).name;
  }
  std::string gradient_name(const DerivativeOf& d) const {
    std::string text;
    if (latex_) {
      const bool same = std::ranges::count(d.wrt, d.wrt[0]) == std::ssize(d.wrt);
      if (same && d.wrt.size() > 1)
        text = "\\nabla^{" + std::to_string(d.wrt.size()) + "}_{" + name(d.wrt[0]) + "}";
      else
        for (auto wrt = d.wrt.rbegin(); wrt != d.wrt.rend(); ++wrt) text += "\\nabla_{" + name(*wrt) + "}";
      append_latex(text, name(d.base));
      return text;
    }
    text = "grad(" + name(d.base);
    for (TensorId wrt : d.wrt) text += ", " + name(wrt);
    return text + ")";
  }
  bool repeats_a_scalar(const DerivativeOf& d) const {
    return d.is_whole && d.wrt.size() > 1 && c_.tensor(d.wrt[0]).rank() == 0 &&
           std::ranges::count(d.wrt, d.wrt[0]) == std::ssize(d.wrt);
  }

  // ∂²E / ∂w_h ∂w_k
  void leibniz(const DerivativeOf& d) { leibniz(d, next_, nullptr); }
  void leibniz(const DerivativeOf& d, std::size_t first, const Subscripts* at) {
    const std::string order = std::to_string(d.wrt.size());
    form_.binds = latex_ ? Precedence::unary : Precedence::product;
    if (latex_) {
      literal(d.wrt.size() == 1 ? "\\frac{\\partial " : "\\frac{\\partial^{" + order + "}");
      operand(d.base, d, of, first, at);
      literal("}{");
      if (repeats_a_scalar(d)) {
        literal("\\partial ");
        element(d.wrt[0]);
        literal("^{" + order + "}");
      } else {
        for (std::size_t k = 0; k < d.wrt.size(); ++k) {
          literal(k == 0 ? "\\partial " : "\\,\\partial ");
          operand(d.wrt[k], d, k, first, at);
        }
      }
      literal("}");
      return;
    }
    literal(d.wrt.size() == 1 ? "d" : "d" + order);
    operand(d.base, d, of, first, at);
    literal("/");
    if (repeats_a_scalar(d)) {
      literal("d");
      element(d.wrt[0]);
      literal("^" + order);
      return;
    }
    if (d.wrt.size() > 1) literal("(");
    for (std::size_t k = 0; k < d.wrt.size(); ++k) {
      literal(k == 0 ? "d" : " d");
      operand(d.wrt[k], d, k, first, at);
    }
    if (d.wrt.size() > 1) literal(")");
  }

  // f''(x), else E_{w_h w_k}
  void lagrange(TensorId t, const DerivativeOf& d) {
    if (notation_.primes.contains(t)) {
      form_.binds = Precedence::postfix;
      element(d.base);
      if (d.wrt.size() <= 3)
        literal(std::string(d.wrt.size(), '\''));
      else
        literal((latex_ ? "^{(" : "^(") + std::to_string(d.wrt.size()) + (latex_ ? ")}" : ")"));
      literal(latex_ ? "\\left(" : "(");
      literal(name(d.wrt[0]));
      literal(latex_ ? "\\right)" : ")");
      return;
    }
    if (!latex_) {
      element(d.base);
      for (TensorId wrt : d.wrt) {
        literal("_");
        element(wrt);
      }
      return;
    }
    const LatexName base = latex_name(c_.tensor(d.base).name);
    literal(base.base + "_{" + base.subscript);
    if (c_.tensor(d.base).rank() > 0) {
      if (!base.subscript.empty()) literal(",");
      named({}, {}, c_.tensor(d.base).rank());
    }
    if (!base.subscript.empty() || c_.tensor(d.base).rank() > 0) literal(";");
    for (TensorId wrt : d.wrt) element(wrt);
    literal("}");
  }

  // [∇_w ∇_w E]_{hk}
  void nabla(TensorId t, const DerivativeOf& d) {
    const std::size_t rank = c_.tensor(t).rank();
    const std::string text = gradient_name(d);
    if (!latex_) return named({}, text, rank);
    form_.binds = rank == 0 ? Precedence::unary : Precedence::atom;
    if (rank == 0) return literal(text);
    named({"\\left[" + text + "\\right]", "", false}, {}, rank);
  }

  const Context& c_;
  const Notation& notation_;
  bool latex_;
  AccessForm form_;
  std::size_t next_ = 0;
};

}  // namespace

std::optional<DerivativeOf> derivative_of(const Context& context, TensorId tensor) {
  DerivativeOf result;
  std::vector<Expr> here;
  for (TensorId t = tensor;;) {
    const Tensor& info = context.tensor(t);
    if (!info.of.valid() || !info.wrt.valid()) {
      if (result.wrt.empty()) return std::nullopt;
      result.base = t;
      result.base_at = std::move(here);
      std::ranges::reverse(result.wrt);
      std::ranges::reverse(result.wrt_at);
      return result;
    }
    const std::size_t of_rank = context.tensor(info.of).rank(), wrt_rank = context.tensor(info.wrt).rank();
    if (info.at.empty() && info.rank() != of_rank + wrt_rank) return std::nullopt;
    if (!info.at.empty()) {
      // A derivative of a derivative of elements is written by its name.
      if (!result.wrt.empty() || context.tensor(info.of).of.valid()) return std::nullopt;
      result.is_whole = false;
      const auto middle = info.at.begin() + static_cast<std::ptrdiff_t>(of_rank);
      here.assign(info.at.begin(), middle);
      result.wrt_at.emplace_back(middle, info.at.end());
    }
    result.wrt.push_back(info.wrt);
    t = info.of;
  }
}

AccessForm access_form(const Context& context, const Notation& notation, Format format, TensorId tensor) {
  FormBuilder builder(context, notation, format);
  if (!notation.short_names.contains(tensor))
    if (const auto derivative = derivative_of(context, tensor))
      return builder.derivative(tensor, *derivative);
  return builder.plain(tensor);
}

}  // namespace gradc
