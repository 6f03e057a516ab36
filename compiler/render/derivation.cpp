// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/derivation.h"

#include <algorithm>
#include <set>

#include "compiler/render/term_printer.h"
#include "compiler/support/check.h"
#include "compiler/support/overloaded.h"

namespace gradc {
namespace {

bool is_derivative_role(Role role) { return role == Role::adjoint || role == Role::tangent; }

// The given tensors that a value depends on; a value that is itself given depends on itself.
std::set<TensorId> given_below(const System& system, TensorId tensor) {
  std::set<TensorId> given, seen{tensor};
  std::vector<TensorId> pending{tensor};
  while (!pending.empty()) {
    const TensorId t = pending.back();
    pending.pop_back();
    const Definition* d = system.find(t);
    if (!d) {
      given.insert(t);
      continue;
    }
    for (TensorId read : reads(*d))
      if (seen.insert(read).second) pending.push_back(read);
  }
  return given;
}

class Lines {
 public:
  Lines(const System& system, Format format, const RenderOptions& options)
      : system_(system),
        c_(system.context()),
        latex_(format == Format::latex),
        notation_(choose_notation(system, options)),
        scope_(system.context(), format, notation_, IndexNames(system.context(), tensor_names(system))) {}

  std::vector<DerivationLine> print() {
    for (bool derivatives : {false, true})
      for (const Definition& d : system_.definitions())
        if (is_derivative_role(c_.tensor(d.tensor).role) == derivatives) definition(d);
    return std::move(lines_);
  }

 private:
  std::string spell(std::string_view in_latex, std::string_view in_text) const {
    return std::string(latex_ ? in_latex : in_text);
  }

  void enter(TensorId tensor, const Definition& d) {
    scope_.indices.begin(c_.tensor(tensor).dims, d.index_names);
  }

  void add(const Definition& d, TensorId tensor, std::string left, std::string relation, Printed right) {
    DerivationLine line;
    line.tensor = tensor;
    line.is_derivative = is_derivative_role(c_.tensor(tensor).role);
    line.left = std::move(left);
    line.relation = std::move(relation);
    line.right = std::move(right.pieces);
    line.rule = d.origin.rule;
    for (std::size_t k = 0; k < c_.tensor(tensor).rank(); ++k) line.indices.push_back(scope_.indices.slot(k));
    if (notation_.short_names.contains(tensor) && derivative_of(c_, tensor)) {
      line.name = line.left;
      line.left = long_name(tensor);
    }
    lines_.push_back(line);
    for (auto& [name, part] : right.where) {
      DerivationLine local;
      local.tensor = tensor;
      local.is_derivative = line.is_derivative;
      local.is_local = true;
      local.left = std::move(name);
      local.relation = spell("=", " = ");
      local.right = std::move(part.pieces);
      lines_.push_back(std::move(local));
    }
  }

  std::string long_name(TensorId tensor) {
    Notation plain = notation_;
    plain.short_names.erase(tensor);
    scope_.notation = &plain;
    std::string name = print_element(tensor, scope_);
    scope_.notation = &notation_;
    return name;
  }

  void definition(const Definition& d) {
    std::visit(
        overloaded{[&](const Define& define) {
                     enter(d.tensor, d);
                     std::string left = print_element(d.tensor, scope_);
                     add(d, d.tensor, std::move(left), spell("=", " = "), print_term(define.value, scope_));
                   },
                   [&](const Noise& noise) { random(d, noise); }, [&](const Iterate& i) { iterate(d, i); },
                   [&](const Call&) { GRADC_UNREACHABLE("calls are not printed yet"); }},
        d.rule);
  }

  void random(const Definition& d, const Noise& noise) {
    static constexpr std::string_view words[] = {"normal", "uniform", "bernoulli"};
    const std::string word(words[static_cast<int>(noise.distribution)]);
    enter(d.tensor, d);
    std::string left = print_element(d.tensor, scope_);
    Printed right;
    std::string term = spell("\\operatorname{" + word + "}\\left(", word + "(");
    for (std::size_t k = 0; k < noise.parameters.size(); ++k) {
      Printed parameter = print_term(noise.parameters[k], scope_);
      term += (k > 0 ? spell(",", ", ") : "") + parameter.term;
      std::ranges::move(parameter.where, std::back_inserter(right.where));
    }
    right.pieces = {term + spell("\\right)", ")")};
    add(d, d.tensor, std::move(left), spell("\\sim ", " ~ "), std::move(right));
  }

  // s^{(0)} = …, s^{(k+1)} = … s^{(k)} …, and the value is s^{(n)}.
  void iterate(const Definition& d, const Iterate& i) {
    const auto step = [&](const std::vector<TensorId>& tensors, std::string_view which) {
      for (std::size_t k = 0; k < tensors.size(); ++k) {
        const std::string& name = c_.tensor(i.states[k]).name;
        const LatexName latex = latex_name(name);
        notation_.short_names[tensors[k]] = {
            {latex.base + "^{(" + std::string(which) + ")}", latex.subscript, false},
            name + "(" + std::string(which) + ")"};
      }
    };
    const auto line = [&](std::size_t k, Expr e) {
      enter(i.states[k], d);
      std::string left = print_element(i.states[k], scope_);
      add(d, i.states[k], std::move(left), spell("=", " = "), print_term(e, scope_));
    };
    const Notation outside = notation_;
    for (std::size_t k = 0; k < i.states.size(); ++k) {
      step(i.states, "0");
      line(k, i.initial[k]);
      step(i.states, "k+1");
      step(i.current, "k");
      line(k, i.next[k]);
    }
    step(i.current, "n");
    step(i.previous, "n-1");
    enter(i.trip_count, d);
    const std::string until = print_term(i.until, scope_).term, cap = print_term(i.cap, scope_).term;
    for (std::size_t k = 0; k < i.states.size(); ++k) {
      step(i.states, "n");
      enter(i.states[k], d);
      const std::string last = print_element(i.states[k], scope_);
      notation_ = outside;
      std::string left = print_element(i.states[k], scope_);
      Printed right;
      right.pieces = {last + spell("\\text{ for the first }n\\text{ with }", " for the first n with ") +
                      until + spell(",\\ n\\le ", ", n <= ") + cap};
      add(d, i.states[k], std::move(left), spell("=", " = "), std::move(right));
      step(i.current, "n");
      step(i.previous, "n-1");
    }
    notation_ = outside;
  }

  const System& system_;
  const Context& c_;
  bool latex_;
  Notation notation_;
  PrintScope scope_;
  std::vector<DerivationLine> lines_;
};

}  // namespace

Notation choose_notation(const System& system, const RenderOptions& options) {
  const Context& c = system.context();
  Notation notation;
  notation.derivatives = options.notation;
  std::set<TensorId> used, bases;
  for (const Definition& d : system.definitions())
    for (TensorId t : reads(d))
      if (t != d.tensor) used.insert(t);
  for (const Definition& d : system.definitions())
    if (const auto derivative = derivative_of(c, d.tensor)) bases.insert(derivative->base);
  const std::unordered_set<std::string> taken = tensor_names(system);
  for (const Definition& d : system.definitions()) {
    const auto derivative = derivative_of(c, d.tensor);
    if (!derivative) continue;
    const TensorId base = derivative->base, wrt = derivative->wrt[0];
    const std::set<TensorId> given = given_below(system, base);
    const bool one_number =
        c.tensor(base).rank() == 0 && c.tensor(wrt).rank() == 0 && given.size() == 1 &&
        std::ranges::all_of(derivative->wrt, [&](TensorId t) { return given.contains(t); });
    if (options.notation == DerivativeNotation::lagrange && one_number) notation.primes.insert(d.tensor);
    const bool between = system.find(wrt) && used.contains(d.tensor) && derivative->wrt.size() == 1;
    std::string text = "delta_" + c.tensor(wrt).name;
    if (options.short_names && between && bases.size() == 1 && c.tensor(base).rank() == 0 &&
        !taken.contains(text))
      notation.short_names[d.tensor] = {
          {"\\delta^{" + latex_name(c.tensor(wrt).name).whole() + "}", "", false}, std::move(text)};
  }
  return notation;
}

std::vector<DerivationLine> derivation(const System& system, Format format, const RenderOptions& options) {
  return Lines(system, format, options).print();
}

}  // namespace gradc
