// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/term_printer.h"

#include <algorithm>
#include <utility>

#include "compiler/equations/walk.h"
#include "compiler/render/term_printer_class.h"
#include "compiler/support/check.h"

namespace gradc {
namespace {

// How many examples a batch has: B, as in books, unless the model has a B of its own.
std::string batch_letter(const Context& c) {
  bool taken = false;
  for (std::size_t k = 0; k < c.dim_count(); ++k)
    taken = taken || c.dim(DimId{static_cast<std::int32_t>(k)}).name == "B";
  for (std::size_t k = 0; k < c.tensor_count(); ++k)
    taken = taken || c.tensor(TensorId{static_cast<std::int32_t>(k)}).name == "B";
  return taken ? "batch" : "B";
}

constexpr std::int64_t long_term = 250;  // nodes as a tree, from which on repeated terms get names
constexpr std::int64_t named_term = 12;  // the least that is worth a name
constexpr int deepest = 40;              // TeX itself nests no deeper than about 250 brackets

}  // namespace

Printed TermPrinter::print(Expr root) {
  choose_named_terms(root);
  const IndexNames::Scope outside = scope_.indices.scope();
  Printed printed = print_one(root);
  for (std::size_t k = 0; k < met_.size(); ++k) {  // a named term may bring in more of them
    const NamedTerm named = met_[k];
    scope_.indices.restore(named.indices);
    std::string left = occurrence(named.e);
    const std::string name = *arranger_.name_of(named.e);
    arranger_.forget(named.e);
    printed.where.emplace_back(std::move(left), print_one(named.e));
    arranger_.name(named.e, name);
  }
  scope_.indices.restore(outside);
  return printed;
}

Printed TermPrinter::print_one(Expr e) {
  whole_ = without_conversion(e);
  Printed printed;
  const std::string marked = run_all(Term{e, Precedence::lowest});
  for (std::string_view rest = marked; !rest.empty();) {
    const std::size_t end = std::min(rest.find(line_break), rest.size());
    printed.pieces.emplace_back(rest.substr(0, end));
    printed.term += printed.pieces.back();
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return printed;
}

std::string TermPrinter::element(TensorId tensor) {
  const Expr e = scope_.context->access_by_slots(tensor);
  access(tensor, e->arguments());
  return run_all(std::string());
}

std::string TermPrinter::run_all(Task first) {
  out_.clear();
  batch_.insert(batch_.begin(), std::move(first));
  do {
    for (auto next = batch_.rbegin(); next != batch_.rend(); ++next) tasks_.push_back(std::move(*next));
    batch_.clear();
    Task task = std::move(tasks_.back());
    tasks_.pop_back();
    std::visit([this](auto& t) { run(t); }, task);
  } while (!tasks_.empty() || !batch_.empty());
  return std::move(out_);
}

void TermPrinter::run(std::string& text) {
  if (latex_)
    append_latex(out_, text);
  else
    out_ += text;
}

void TermPrinter::run(Term& term) {
  const Expr e = readable_condition(without_conversion(term.e));
  if (arranger_.name_of(e)) {
    if (seen_.insert(e).second) met_.push_back({e, scope_.indices.scope()});
    then(occurrence(e));
    return;
  }
  const bool bracket = binds(e, term.without_sign) < term.hole;
  if (bracket) then("\\left(", "(");
  switch (arranger_.shape(e)) {
    case Shape::number:
      if (e->type == Type::boolean)
        then(e->value->is_zero() ? "\\text{false}" : "\\text{true}", e->value->is_zero() ? "false" : "true");
      else
        then((e->value->sign() < 0 && !term.without_sign ? "-" : "") +
             number(e->value->sign() < 0 ? -*e->value : *e->value));
      break;
    case Shape::name:
      if (e->kind == ExprKind::position) {
        position(e->index);
      } else if (e->kind == ExprKind::access) {
        access(e->tensor, e->arguments());
      } else {
        const Dim& dim = scope_.context->dim(e->dim);
        if (dim.anonymous && dim.size)
          then(Term{dim.size, term.hole});
        else {
          const std::string name = dim.is_batch ? batch_letter(*scope_.context) : dim.name;
          then(latex_name(name).whole(), name);
        }
      }
      break;
    case Shape::sum: sum(e); break;
    case Shape::product: product(arranger_.product(e), term.without_sign); break;
    case Shape::power: power(e->operands[0], e->operands[1]); break;
    case Shape::root:
      root(e->operands[0], e->operands.size() == 1 ? Rational(2) : literal(e->operands[1])->denominator());
      break;
    case Shape::call: form(e); break;
    case Shape::choice:
    case Shape::bracket: choice(e); break;
    case Shape::reduction: reduction(e); break;
  }
  if (bracket) then("\\right)", ")");
}

// A large term is a graph whose parts are used again and again; as a tree it might fill books. Parts that
// occur more than once are then printed by a name and written out once.
void TermPrinter::choose_named_terms(Expr root) {
  const std::vector<Expr> nodes = reachable_nodes(root);
  struct Size {
    std::int64_t tree = 1;
    int depth = 0, uses = 0;
  };
  std::unordered_map<Expr, Size> sizes;
  for (Expr e : nodes) {
    Size size;
    for (Expr operand : e->operands) {
      Size& below = sizes[operand];
      ++below.uses;
      size.tree = std::min<std::int64_t>(size.tree + below.tree, 1'000'000'000);
      size.depth = std::max(size.depth, below.depth + 1);
    }
    // A chain of sums or products is one row on paper, however long.
    const Shape shape = arranger_.shape(e);
    if (shape == Shape::sum || shape == Shape::product) --size.depth;
    sizes[e] = size;
  }
  const bool is_long = sizes[root].tree >= long_term;
  if (!is_long && sizes[root].depth < deepest) return;
  std::string letter = "u";
  for (const char* candidate : {"u", "v", "s", "q", "r", "aux"})
    if (letter = candidate; scope_.indices.is_free(letter) && scope_.indices.is_free(letter + "1") &&
                            scope_.indices.is_free(letter + "_1"))
      break;
  for (Expr e : nodes) {
    const Size& size = sizes[e];
    const bool often = is_long && size.uses > 1 && size.tree >= named_term;
    const bool deep = size.depth > 0 && size.depth % deepest == 0 && size.tree >= named_term;
    if ((often || deep) && e != root && e->type != Type::boolean && e == without_conversion(e))
      arranger_.name(e, letter);
  }
}

// u_1, or u_{1,d} inside the reduction over d whose index the term depends on.
std::string TermPrinter::occurrence(Expr e) {
  std::string name = *arranger_.name_of(e);
  if (name.find('_') == std::string::npos) {
    name += "_" + std::to_string(++scope_.named_terms);
    arranger_.name(e, name);
  }
  std::string indices;
  for (Index index : e->free) {
    if (index.kind != Index::Kind::bound) continue;
    indices += indices.empty() && !latex_ ? "" : ",";
    indices += latex_ ? latex_name(scope_.indices.of(index)).whole() : scope_.indices.of(index);
  }
  if (!latex_) return indices.empty() ? name : name + "[" + indices + "]";
  const std::size_t underscore = name.find('_');
  return latex_name(name.substr(0, underscore)).whole() + "_{" + name.substr(underscore + 1) + indices + "}";
}

Printed print_term(Expr e, PrintScope& scope) { return TermPrinter(scope).print(e); }
std::string print_element(TensorId tensor, PrintScope& scope) { return TermPrinter(scope).element(tensor); }
std::string print_whole(TensorId tensor, std::size_t lead, PrintScope& scope) {
  return TermPrinter(scope).whole(tensor, lead);
}
std::string print_call(const Call& call, PrintScope& scope) { return TermPrinter(scope).call(call); }

namespace {

std::string alone(Expr e, Format format, const Notation& notation) {
  std::unordered_set<std::string> taken;
  for (Expr node : reachable_nodes(e))
    if (node->kind == ExprKind::access) taken.insert(e->context->tensor(node->tensor).name);
  std::vector<DimId> dims;
  std::vector<std::string> hints;  // slots that do not occur take no letter from the others
  for (Index index : e->free) {
    if (index.kind != Index::Kind::slot) continue;
    const auto slot = static_cast<std::size_t>(index.number);
    while (dims.size() <= slot) {
      hints.push_back(" " + std::to_string(dims.size()));
      dims.emplace_back();
    }
    dims[slot] = index.dim;
    hints[slot].clear();
  }
  PrintScope scope(*e->context, format, notation, IndexNames(*e->context, std::move(taken)));
  scope.indices.begin(dims, hints);
  const Printed printed = print_term(e, scope);
  std::string out = printed.term;
  const bool is_latex = format == Format::latex;
  for (std::size_t k = 0; k < printed.where.size(); ++k) {
    out += k > 0 ? (is_latex ? ",\\ " : ", ") : (is_latex ? "\\quad\\text{where }" : " where ");
    out += printed.where[k].first + (is_latex ? "=" : " = ") + printed.where[k].second.term;
  }
  return out;
}

}  // namespace

std::string latex(Expr e, const Notation& notation) { return alone(e, Format::latex, notation); }
std::string text(Expr e, const Notation& notation) { return alone(e, Format::text, notation); }

}  // namespace gradc
