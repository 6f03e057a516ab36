// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <string>

#include "compiler/kernel/operand.h"
#include "compiler/kernel/program.h"
#include "compiler/support/check.h"

namespace gradc::kernel {

namespace {

class Verifier {
 public:
  Verifier(const Program& program, const Kernel& kernel)
      : program_(program),
        kernel_(kernel),
        visible_(kernel.types.size(), false),
        defined_(kernel.types.size(), false),
        varying_(kernel.types.size(), false) {}

  void run() { block(kernel_.body); }

 private:
  std::string what(const char* problem, Value v) const {
    return "kernel " + kernel_.name + ": v" + std::to_string(v.id) + " " + problem;
  }

  void define(Value v, bool varying) {
    const auto i = static_cast<std::size_t>(v.id);
    GRADC_CHECK(v.valid() && i < kernel_.types.size(), what("has no type", v));
    GRADC_CHECK(!defined_[i], what("is defined twice", v));
    defined_[i] = visible_[i] = true;
    varying_[i] = varying;
    scope_.push_back(v);
  }
  void use(Value v) const {
    GRADC_CHECK(v.valid() && static_cast<std::size_t>(v.id) < visible_.size() &&
                    visible_[static_cast<std::size_t>(v.id)],
                what("is used where it is not visible", v));
  }
  bool varies(Value v) const { return v.valid() && varying_[static_cast<std::size_t>(v.id)]; }
  void expect(Value v, bool holds, const char* problem) const { GRADC_CHECK(holds, what(problem, v)); }
  Scalar type(Value v) const { return kernel_.type(v); }

  void block(const Block& body) {
    const std::size_t before = scope_.size();
    open(body);
    close(before);
  }
  void open(const Block& body) {
    for (const Statement& s : body) statement(s);
  }
  void close(std::size_t before) {
    while (scope_.size() > before) {
      visible_[static_cast<std::size_t>(scope_.back().id)] = false;
      scope_.pop_back();
    }
  }

  void statement(const Statement& s) {
    bool varying = false;
    each_use(s, [&](Value v) {
      use(v);
      varying = varying || varies(v);
    });
    if (const For* f = std::get_if<For>(&s.node)) return loop(*f);
    if (const If* i = std::get_if<If>(&s.node)) return branch(*i);
    if (const Compute* c = std::get_if<Compute>(&s.node)) types(*c);
    if (const Elementary* e = std::get_if<Elementary>(&s.node))
      for (Value v : e->arguments)
        if (v.valid())
          expect(v, is_real(type(v)) && type(v) == type(e->result), "is no number of the recipe's type");
    if (const Load* l = std::get_if<Load>(&s.node)) place(l->buffer, l->subscripts, l->mask);
    if (const Store* l = std::get_if<Store>(&s.node)) write(l->buffer, l->subscripts, l->mask, l->value);
    if (const Accumulate* l = std::get_if<Accumulate>(&s.node); l && l->factor.valid())
      expect(l->factor, is_real(type(l->value)) && type(l->factor) == type(l->value),
             "is a factor of another type");
    if (const Accumulate* l = std::get_if<Accumulate>(&s.node))
      write(l->buffer, l->subscripts, l->mask, l->value);
    if (const Check* c = std::get_if<Check>(&s.node))
      expect(c->failed, type(c->failed) == Scalar::boolean, "is no condition");
    if (std::holds_alternative<Gemm>(s.node) || std::holds_alternative<Zero>(s.node))
      GRADC_CHECK(!in_lanes_, "kernel " + kernel_.name + ": a block operation in lanes");
    each_definition(s, [&](Value v) { define(v, varying); });
  }

  // What the operations take, machine.h says and checks when it computes; here, that the types fit together.
  void types(const Compute& c) {
    const auto& x = c.arguments;
    const auto count = static_cast<std::size_t>(operand_count(c.op));
    for (std::size_t k = 0; k < 3; ++k)
      GRADC_CHECK(x[k].valid() == (k < count), what("has a wrong number of operands", c.result));
    const Scalar last = type(x[count - 1]);
    for (std::size_t k = c.op == Op::select ? 1 : 0; k < count; ++k)
      expect(x[k], type(x[k]) == last, "has another type than its fellow operands");
    if (c.op == Op::select) expect(x[0], type(x[0]) == Scalar::boolean, "is no condition");
    expect(c.result, type(c.result) == result_type(c.op, last), "has operands of the wrong type");
  }

  void place(BufferId id, const std::vector<Value>& subscripts, Value mask) const {
    const Buffer& buffer = program_.buffer(id);
    GRADC_CHECK(subscripts.size() == buffer.extents.size(),
                "kernel " + kernel_.name + ": wrong rank of " + buffer.name);
    for (Value v : subscripts) expect(v, type(v) == Scalar::i64, "is a subscript and no integer");
    if (mask.valid()) expect(mask, type(mask) == Scalar::boolean, "is a mask and no condition");
  }
  void write(BufferId id, const std::vector<Value>& subscripts, Value mask, Value value) const {
    place(id, subscripts, mask);
    const Buffer& buffer = program_.buffer(id);
    GRADC_CHECK(buffer.place != Buffer::Place::argument,
                "kernel " + kernel_.name + " writes the argument " + buffer.name);
    const Scalar stored = type(value) == Scalar::i64 ? Scalar::i32 : type(value);
    expect(value, stored == buffer.element || type(value) == buffer.element,
           "has not the type of the buffer it is stored to");
    bool varies_in_lanes = false;
    for (Value v : subscripts) varies_in_lanes = varies_in_lanes || varies(v);
    GRADC_CHECK(!in_lanes_ || varies_in_lanes,
                "kernel " + kernel_.name + ": all lanes write one element of " + buffer.name);
  }

  void loop(const For& f) {
    GRADC_CHECK(!in_lanes_ || f.lanes == 1, "kernel " + kernel_.name + ": lanes inside lanes");
    GRADC_CHECK(f.lanes >= 1 && (f.lanes & (f.lanes - 1)) == 0,
                "kernel " + kernel_.name + ": lanes are a power of two");
    GRADC_CHECK(f.lanes == 1 || f.carried.empty(),
                "kernel " + kernel_.name + ": lanes reduce, and carry nothing");
    GRADC_CHECK(!varies(f.lower) && !varies(f.upper),
                "kernel " + kernel_.name + ": a loop whose range differs between lanes");
    const std::size_t before = scope_.size();
    const bool outer = in_lanes_;
    if (f.lanes > 1) in_lanes_ = true;
    define(f.index, f.lanes > 1);
    // A carried value may become varying inside; taking it so from the start is only more cautious.
    for (const For::Carried& c : f.carried) define(c.inside, in_lanes_);
    open(f.body);
    for (const For::Carried& c : f.carried) {
      use(c.next);
      expect(c.next,
             type(c.next) == type(c.inside) && type(c.inside) == type(c.initial) &&
                 type(c.result) == type(c.inside),
             "changes its type from one iteration to the next");
    }
    if (f.stop.valid()) {
      use(f.stop);
      expect(f.stop, type(f.stop) == Scalar::boolean && f.lanes == 1 && !varies(f.stop),
             "ends a loop, and is no condition of all lanes");
    }
    for (const For::Reduction& r : f.reductions) {
      use(r.term);
      if (r.mask.valid()) use(r.mask);
      if (r.factor.valid()) {
        use(r.factor);
        expect(r.factor, r.combine == Combine::add && is_real(type(r.term)) && type(r.factor) == type(r.term),
               "is a factor of what is no sum of its type");
      }
      expect(r.term, type(r.term) == type(r.initial) && type(r.result) == type(r.term),
             "is reduced to another type");
    }
    close(before);
    in_lanes_ = outer;
    for (const For::Carried& c : f.carried) define(c.result, in_lanes_);
    for (const For::Reduction& r : f.reductions) define(r.result, in_lanes_);
  }

  void branch(const If& i) {
    expect(i.condition, type(i.condition) == Scalar::boolean, "is no condition");
    GRADC_CHECK(!varies(i.condition), "kernel " + kernel_.name + ": a branch that differs between lanes");
    const std::size_t before = scope_.size();
    open(i.then);
    for (const If::Merged& m : i.merged) use(m.then);
    close(before);
    open(i.otherwise);
    for (const If::Merged& m : i.merged) use(m.otherwise);
    close(before);
    for (const If::Merged& m : i.merged) {
      expect(m.result, type(m.then) == type(m.result) && type(m.otherwise) == type(m.result),
             "merges two types");
      define(m.result, in_lanes_);
    }
  }

  const Program& program_;
  const Kernel& kernel_;
  std::vector<bool> visible_, defined_, varying_;
  std::vector<Value> scope_;
  bool in_lanes_ = false;
};

}  // namespace

void verify(const Program& program) {
  for (const Kernel& kernel : program.kernels) Verifier(program, kernel).run();
  for (const Array& array : program.arrays)
    GRADC_CHECK(program.buffer(array.buffer).place == Buffer::Place::argument ||
                    program.buffer(array.buffer).place == Buffer::Place::result,
                "the array " + array.name + " is not the caller's");
}

}  // namespace gradc::kernel
