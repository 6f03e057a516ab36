// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/derivation.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "compiler/equations/definition.h"
#include "compiler/operators/build.h"
#include "compiler/operators/noise.h"
#include "compiler/render/matrix_form.h"
#include "compiler/render/matrix_print.h"
#include "compiler/render/numbers.h"
#include "compiler/render/recurrence.h"
#include "compiler/render/term_printer.h"
#include "compiler/render/without_auxiliaries.h"
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
        circles_(circles_of(system)),
        scope_(system.context(), format, notation_, IndexNames(system.context(), tensor_names(system))),
        terms_(system.context()),
        numbers_(options.numbers) {
    for (const Definition& d : system.definitions())
      if (const auto* noise = std::get_if<Noise>(&d.rule); noise && is_compared(*noise))
        drawn_for_comparison_.insert(noise->parameters[1]->tensor);
    if (!options.matrix) return;
    matrix_.emplace(terms_, system);
    for (const Definition& d : system.definitions())
      if (const Call* call = std::get_if<Call>(&d.rule))
        called_.insert(call->arguments.begin(), call->arguments.end());
    for (const Definition& d : system.definitions())
      if (c_.tensor(d.tensor).role == Role::derived) remember(d);
    if (options.further.definitions().empty()) return;
    const System further = without_auxiliaries(options.further);
    for (const Definition& d : further.definitions())
      if (!system.find(d.tensor) && c_.tensor(d.tensor).role == Role::derived && remember(d))
        further_.push_back(d);
  }

  std::vector<DerivationLine> print() {
    for (bool derivatives : {false, true})
      for (const Definition& d : system_.definitions())
        if (is_derivative_role(c_.tensor(d.tensor).role) == derivatives) definition(d);
    std::vector<DerivationLine> lines = std::exchange(lines_, {});
    for (const Definition& d : further_)
      if (used_.contains(d.tensor)) definition(d);
    if (matrix_) drop_unread_auxiliaries(lines);
    const auto place = std::ranges::find_if(lines, [](const DerivationLine& l) { return l.is_derivative; });
    lines.insert(place, std::make_move_iterator(lines_.begin()), std::make_move_iterator(lines_.end()));
    return lines;
  }

 private:
  // Lines of tensors that the file does not name, and no other line does either.
  void drop_unread_auxiliaries(std::vector<DerivationLine>& lines) {
    for (bool more = true; more;) {
      std::set<TensorId> read(system_.outputs().begin(), system_.outputs().end());
      for (const DerivationLine& line : lines) read.insert(line.reads.begin(), line.reads.end());
      more = std::erase_if(lines, [&](const DerivationLine& line) {
               return c_.tensor(line.tensor).auxiliary && !read.contains(line.tensor);
             }) > 0;
    }
  }

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
    line.reads = gradc::reads(d);
    std::erase(line.reads, tensor);
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
    const auto whole =
        matrix_ ? matrix_->of(scope_.context->access_by_slots(tensor), axes_of(tensor)) : std::nullopt;
    std::string name = whole ? matrix::print(terms_, *whole, scope_) : print_element(tensor, scope_);
    scope_.notation = &notation_;
    return name;
  }

  void definition(const Definition& d) {
    line_of(d);
    if (!numbers_) return;
    for (TensorId t : tensors_defined_by(d))
      for (NumberLine& numbers : number_lines(system_, t, d.define() ? d.define()->value : Expr(), *numbers_,
                                              latex_ ? Format::latex : Format::text, notation_)) {
        DerivationLine line;
        line.tensor = t;
        line.is_derivative = is_derivative_role(c_.tensor(t).role);
        line.is_numbers = true;
        line.left = std::move(numbers.left);
        line.right = std::move(numbers.right);
        if (!line.right.empty()) line.right.front().insert(0, spell("=", " = "));
        if (!numbers.value.empty()) line.right.push_back(spell("=", " = ") + numbers.value);
        lines_.push_back(std::move(line));
      }
  }

  void line_of(const Definition& d) {
    std::visit(
        overloaded{[&](const Define& define) {
                     if (recurrence(d, define)) return;
                     enter(d.tensor, d);
                     if (matrix_ && matrix_line(d)) return;
                     std::string left = print_element(d.tensor, scope_);
                     add(d, d.tensor, std::move(left), spell("=", " = "), print_term(define.value, scope_));
                   },
                   [&](const Noise& noise) { random(d, noise); },
                   [&](const Call& call) {
                     enter(d.tensor, d);
                     if (matrix_ && matrix_line(d)) return;
                     Printed right;
                     right.term = print_call(call, scope_);
                     right.pieces = {right.term};
                     std::string left = print_whole(d.tensor, leading_axes(c_, call), scope_);
                     add(d, d.tensor, std::move(left), spell("=", " = "), std::move(right));
                   }},
        d.rule);
  }

  // The indices of its rows and columns.
  std::vector<Index> axes_of(TensorId tensor) const {
    std::vector<Index> axes;
    const std::vector<DimId>& dims = c_.tensor(tensor).dims;
    for (std::size_t k = 0; k < dims.size(); ++k)
      if (const Index slot = Index::slot(static_cast<std::int32_t>(k), dims[k]); !matrix_->is_label(slot))
        axes.push_back(slot);
    return axes;
  }

  // The name may stand for the value in other formulas, if it is the whole of it and worth one.
  bool remember(const Definition& d) {
    const std::vector<Index> axes = axes_of(d.tensor);
    if (!d.define() || axes.size() != c_.tensor(d.tensor).rank() || c_.tensor(d.tensor).auxiliary)
      return false;
    for (TensorId t : reads(d))
      if (is_derivative_role(c_.tensor(t).role)) return false;
    const auto name = matrix_->of(system_.context().access_by_slots(d.tensor), axes);
    const auto value = name ? matrix_->of(d.define()->value, axes) : std::nullopt;
    if (!value || terms_.length(*value) < 3) return false;
    return names_.emplace(terms_.with_names(*value, names_), *name).second;
  }

  // The definition as a formula of matrices; false if it is none.
  bool matrix_line(const Definition& d) {
    const std::vector<Index> axes = axes_of(d.tensor);
    const auto left = matrix_->of(system_.context().access_by_slots(d.tensor), axes);
    const Call* call = std::get_if<Call>(&d.rule);
    const auto whole = !left  ? std::nullopt
                       : call ? matrix_->of(*call)
                              : matrix_->of(d.define()->value, axes);
    if (!whole || *whole == *left) return false;
    matrix::Terms::Names others = names_;  // a value is not its own name
    std::erase_if(others, [&](const auto& entry) { return entry.second == *left; });
    if (c_.tensor(d.tensor).role == Role::derived)
      std::erase_if(others, [&](const auto& entry) {
        return terms_.is(entry.second, matrix::Kind::name) && is_further(terms_[entry.second].expr->tensor);
      });
    const matrix::TermId right = terms_.with_names(*whole, others);
    // An adjoint that is another value, or its negative, needs no name of its own.
    const bool wanted = std::ranges::find(system_.outputs(), d.tensor) != system_.outputs().end();
    if (is_derivative_role(c_.tensor(d.tensor).role) && !wanted && !called_.contains(d.tensor) &&
        terms_.is_signed_name(right)) {
      names_.emplace(*left, right);
      return true;
    }
    terms_.each(right, [&](const matrix::Term& t) {
      if (t.kind == matrix::Kind::name) used_.insert(t.expr->tensor);
    });
    Printed printed;
    printed.pieces = {matrix::print(terms_, right, scope_)};
    add(d, d.tensor, matrix::print(terms_, *left, scope_), spell("=", " = "), std::move(printed));
    lines_.back().reads.clear();
    terms_.each(right, [&](const matrix::Term& t) {
      if (t.kind == matrix::Kind::name) lines_.back().reads.push_back(t.expr->tensor);
    });
    return true;
  }
  bool is_further(TensorId t) const {
    return std::ranges::any_of(further_, [&](const Definition& d) { return d.tensor == t; });
  }

  // h_0 = …, then h_{t+1} = … for t = 0, …, T-1; an adjoint in the order in which it is computed.
  bool recurrence(const Definition& d, const Define& define) {
    std::vector<RecurrenceLine> lines = recurrence_lines(system_.context(), circles_, d.tensor, define.value);
    if (lines.size() < 2) return false;
    if (std::ranges::any_of(lines, &RecurrenceLine::down)) std::ranges::reverse(lines);
    for (const RecurrenceLine& line : lines) {
      enter(d.tensor, d);
      const Expr element = system_.context().access(d.tensor, line.subscripts);
      std::string left = print_term(element, scope_).term;
      Printed right = print_term(line.value, scope_);
      if (line.first) {
        const std::string index =
            print_term(line.subscripts[line.axis]->context->position(Index::slot(
                           static_cast<std::int32_t>(line.axis), c_.tensor(d.tensor).dims[line.axis])),
                       scope_)
                .term;
        std::string from = print_term(line.first, scope_).term, to = print_term(line.last, scope_).term;
        if (line.down) std::swap(from, to);
        right.pieces.push_back(spell("\\qquad " + index + "=" + from + ",\\dots," + to,
                                     "  for " + index + " = " + from + ", ..., " + to));
      }
      const bool named = notation_.short_names.contains(d.tensor);
      const std::size_t at = lines_.size();
      add(d, d.tensor, std::move(left), spell("=", " = "), std::move(right));
      if (!named) continue;
      // Only the first line says what the short name stands for.
      lines_[at].name = &line == &lines.front() ? lines_[at].name : "";
      if (lines_[at].name.empty())
        lines_[at].left = print_term(element, scope_).term;
      else
        lines_[at].left = long_name(element);
    }
    return true;
  }

  std::string long_name(Expr element) {
    Notation plain = notation_;
    plain.short_names.erase(element->tensor);
    scope_.notation = &plain;
    std::string name = print_term(element, scope_).term;
    scope_.notation = &notation_;
    return name;
  }

  // Each element x ~ N(m, s²): where normal has a symbol, its second parameter is the variance.
  void random(const Definition& d, const Noise& noise) {
    if (drawn_for_comparison_.contains(d.tensor)) return;
    const bool normal = noise.distribution == Noise::Distribution::normal;
    enter(d.tensor, d);
    Printed right;
    std::string term =
        spell(symbol(noise.distribution) + "\\left(", std::string(name_of(noise.distribution)) + "(");
    const std::size_t shown = is_compared(noise) ? 1 : noise.parameters.size();
    for (std::size_t k = 0; k < shown; ++k) {
      const Expr value = noise.parameters[k];
      Printed parameter = print_term(latex_ && normal && k == 1 ? squared(value) : value, scope_);
      term += (k > 0 ? spell(",", ", ") : "") + parameter.term;
      std::ranges::move(parameter.where, std::back_inserter(right.where));
    }
    right.pieces = {term + spell("\\right)", ")")};
    std::string left = print_element(d.tensor, scope_);
    add(d, d.tensor, std::move(left), spell("\\sim ", " ~ "), std::move(right));
  }

  static std::string symbol(Noise::Distribution distribution) {
    switch (distribution) {
      case Noise::Distribution::normal: return "\\mathcal{N}";
      case Noise::Distribution::uniform: return "\\mathcal{U}";
      case Noise::Distribution::bernoulli: return "\\operatorname{Bernoulli}";
    }
    GRADC_UNREACHABLE("a distribution without a symbol");
  }

  static Expr squared(Expr e) {
    return e->is_constant() ? e->context->real(*e->value * *e->value) : pow(e, Rational(2));
  }

  const System& system_;
  const Context& c_;
  bool latex_;
  Notation notation_;
  Circles circles_;
  PrintScope scope_;
  matrix::Terms terms_;
  const Point<double>* numbers_;
  std::optional<matrix::MatrixForm> matrix_;
  matrix::Terms::Names names_;       // values that have names
  std::vector<Definition> further_;  // shown if they are used
  std::set<TensorId> used_;
  std::set<TensorId> called_;                // arguments of calls, which need their names
  std::set<TensorId> drawn_for_comparison_;  // what a Bernoulli sample is made of: not shown
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
  if (options.matrix) return Lines(without_auxiliaries(system), format, options).print();
  return Lines(system, format, options).print();
}

}  // namespace gradc
