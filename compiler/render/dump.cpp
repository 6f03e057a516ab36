// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/dump.h"

#include <set>

#include "compiler/equations/call_operator.h"
#include "compiler/equations/definition.h"
#include "compiler/equations/walk.h"
#include "compiler/operators/noise.h"
#include "compiler/render/dump_syntax.h"
#include "compiler/render/dump_term.h"
#include "compiler/support/check.h"
#include "compiler/support/overloaded.h"

namespace gradc {
namespace {

class SystemDump {
 public:
  explicit SystemDump(const System& system)
      : system_(system), context_(system.context()), names_{&context_, IndexNames(context_, {}), {}, {}} {
    collect();
    name_all();
  }

  std::string print() {
    for (DimId d : dims_) dim(d);
    for (TensorId t : tensors_)
      if (!system_.find(t)) given(t);
    for (const Definition& d : system_.definitions()) definition(d);
    if (!system_.outputs().empty()) {
      out_ += "output ";
      for (std::size_t k = 0; k < system_.outputs().size(); ++k)
        out_ += (k ? ", " : "") + tensor(system_.outputs()[k]);
      out_ += "\n";
    }
    return std::move(out_);
  }

 private:
  // ---- what occurs
  void collect() {
    for (const Definition& d : system_.definitions()) {
      for (TensorId t : tensors_defined_by(d)) add(t);
      for (TensorId t : reads(d)) add(t);
      for (Expr e : reachable_nodes(expressions(d))) {
        for (Index i : e->binders) add(i.dim);
        if (e->kind == ExprKind::size) add(e->dim);
      }
    }
    for (TensorId t : system_.outputs()) add(t);
  }
  void add(TensorId t) {
    if (!t.valid() || !tensors_.insert(t).second) return;
    const Tensor& info = context_.tensor(t);
    for (DimId d : info.dims) add(d);
    add(info.member_of);
    add(info.of);
    add(info.wrt);
    add(info.counted_by);
    add(info.held_of);
  }
  void add(DimId d) {
    if (!d.valid() || !dims_.insert(d).second) return;
    if (const Expr size = context_.dim(d).size)
      for (Expr e : reachable_nodes(size)) {
        if (e->kind == ExprKind::size) add(e->dim);
        for (Index i : e->binders) add(i.dim);
      }
  }

  // Names are unique in the text, even where two dims of a context bear the same.
  void name_all() {
    std::unordered_set<std::string> taken;
    const auto unique = [&](const std::string& stem) {
      std::string name = stem;
      for (int k = 2; !taken.insert(name).second; ++k) name = stem + "_" + std::to_string(k);
      return name;
    };
    names_.tensors.resize(context_.tensor_count());
    names_.dims.resize(context_.dim_count());
    for (TensorId t : tensors_) names_.tensors[index(t)] = quoted_name(unique(context_.tensor(t).name));
    names_.indices = IndexNames(context_, taken);
    taken.clear();
    for (DimId d : dims_) names_.dims[index(d)] = quoted_name(unique(context_.dim(d).name));
  }
  template <class T>
  static std::size_t index(T id) {
    return static_cast<std::size_t>(id.value);
  }
  const std::string& tensor(TensorId t) const { return names_.tensors[index(t)]; }
  const std::string& dim_name(DimId d) const { return names_.dims[index(d)]; }

  // ---- lines
  void dim(DimId id) {
    const Dim& d = context_.dim(id);
    out_ += "dim " + dim_name(id);
    if (d.is_batch) out_ += " batch";
    if (d.is_sequence) out_ += " sequence";
    if (d.anonymous) out_ += " anonymous";
    if (d.of_steps) out_ += " steps";
    names_.indices.begin({}, {});
    if (d.kind != Dim::Kind::run_time) out_ += " = " + dump_term(d.size, names_);
    out_ += "\n";
  }

  void given(TensorId id) {
    const Tensor& t = context_.tensor(id);
    out_ += std::string(role_word(t.role)) + " " + tensor(id);
    for (std::size_t k = 0; k < t.dims.size(); ++k) out_ += (k ? ", " : "[") + dim_name(t.dims[k]);
    if (!t.dims.empty()) out_ += "]";
    type(t);
    out_ += "\n";
  }

  void type(const Tensor& t) {
    if (t.member_of.valid())
      out_ += " in " + dim_name(t.member_of);
    else if (t.type == Type::integer)
      out_ += ": integer";
    else if (t.type == Type::boolean)
      out_ += ": boolean";
    if (t.counted_by.valid()) out_ += " counted " + tensor(t.counted_by);
    if (t.held_of.valid()) out_ += " copies " + tensor(t.held_of) + " for " + std::to_string(t.held_for);
    if (!t.at.empty()) return;  // of which elements, is a matter of how it is printed for people
    if (t.of.valid()) out_ += " of " + tensor(t.of);
    if (t.wrt.valid()) out_ += " wrt " + tensor(t.wrt);
  }

  // `z0[h in H]`, and enters the scope of these indices.
  void head(TensorId id, const std::vector<std::string>& hints) {
    const Tensor& t = context_.tensor(id);
    names_.indices.begin(t.dims, hints);
    if (t.role != Role::derived) out_ += std::string(role_word(t.role)) + " ";
    out_ += tensor(id);
    for (std::size_t k = 0; k < t.dims.size(); ++k)
      out_ += (k ? ", " : "[") + quoted_name(names_.indices.slot(k)) + " in " + dim_name(t.dims[k]);
    if (!t.dims.empty()) out_ += "]";
    type(t);
  }

  void definition(const Definition& d) {
    names_.terms = 0;
    std::visit(overloaded{[&](const Define& define) {
                            head(d.tensor, d.index_names);
                            out_ += " = " + dump_term(define.value, names_);
                          },
                          [&](const Noise& noise) {
                            head(d.tensor, d.index_names);
                            out_ += " ~ " + std::string(name_of(noise.distribution)) + "(";
                            for (std::size_t k = 0; k < noise.parameters.size(); ++k)
                              out_ += (k ? ", " : "") + dump_term(noise.parameters[k], names_);
                            out_ += ")";
                          },
                          [&](const Call& call) {
                            head(d.tensor, d.index_names);
                            out_ += " = call " + std::string(call.op->id) + "(";
                            for (std::size_t k = 0; k < call.arguments.size(); ++k)
                              out_ += (k ? ", " : "") + tensor(call.arguments[k]);
                            out_ += ")";
                          }},
               d.rule);
    if (!d.origin.rule.empty()) {
      out_ += "  # ";
      for (char c : d.origin.rule) out_ += c == '\n' ? ' ' : c;
    }
    out_ += "\n";
  }

  const System& system_;
  const Context& context_;
  DumpNames names_;
  std::set<TensorId> tensors_;  // by id: in the order of their declaration
  std::set<DimId> dims_;
  std::string out_;
};

}  // namespace

std::string dump(const System& system) { return SystemDump(system).print(); }

}  // namespace gradc
