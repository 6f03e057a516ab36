// The text of a Program: one statement a line, v7 for values, names for buffers and sizes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fmt/format.h>

#include <bit>
#include <iterator>

#include "compiler/equations/operator.h"
#include "compiler/kernel/program.h"
#include "compiler/support/overloaded.h"

namespace gradc::kernel {

namespace {

std::string_view text(Scalar s) { return gradc::name(s); }

const char* text(Buffer::Place place) {
  switch (place) {
    case Buffer::Place::argument: return "argument";
    case Buffer::Place::result: return "result";
    case Buffer::Place::workspace: return "workspace";
    case Buffer::Place::local: return "local";
  }
  return "?";
}

class Printer {
 public:
  explicit Printer(const Program& program) : program_(program) {}

  std::string run() {
    line("program {}", program_.name);
    for (std::size_t i = 0; i < program_.buffers.size(); ++i) {
      const Buffer& b = program_.buffers[i];
      std::string shape;
      for (SizeId extent : b.extents)
        shape += (shape.empty() ? "" : ", ") + program_.sizes.to_string(extent, program_.size_names);
      std::string where = text(b.place);
      if (b.array >= 0) where += fmt::format(" {}", b.array);
      if (b.slot >= 0) where += fmt::format(" slot {}", b.slot);
      line("{}[{}]: {}, {}", buffer(BufferId{static_cast<std::int32_t>(i)}), shape, text(b.element), where);
    }
    for (std::size_t i = 0; i < program_.slots.size(); ++i)
      line("slot {}: {} bytes", i, program_.sizes.to_string(program_.slots[i], program_.size_names));
    for (const Kernel& kernel : program_.kernels) {
      kernel_ = &kernel;
      line("");
      line("kernel {}{}", kernel.name, kernel.blocks ? blocks(*kernel.blocks) : "");
      block(kernel.body);
    }
    return std::move(text_);
  }

 private:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    text_.append(static_cast<std::size_t>(indent_) * 2, ' ');
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    text_ += '\n';
  }
  static std::string v(Value value) { return fmt::format("v{}", value.id); }
  static std::string list(const std::vector<Value>& values) {
    std::string result;
    for (Value value : values) result += (result.empty() ? "" : ", ") + v(value);
    return result;
  }
  static std::string factor(Value f) { return f.valid() ? "*" + v(f) : ""; }
  static std::string mask(Value m) { return m.valid() ? " where " + v(m) : ""; }
  // Names may be equal (x and x of another function); numbers are not.
  std::string buffer(BufferId id) const { return fmt::format("{}.{}", program_.buffer(id).name, id.value); }
  std::string element(BufferId id, const std::vector<Value>& at) const {
    return fmt::format("{}[{}]", buffer(id), list(at));
  }

  std::string size(SizeId id) const { return program_.sizes.to_string(id, program_.size_names); }
  std::string blocks(const Blocks& b) const {
    std::string text = fmt::format(" in {} blocks of {}", size(b.count), size(b.extent));
    for (const Blocks::Scratch& s : b.scratch) text += fmt::format(", {} for each", buffer(s.buffer));
    for (const Blocks::Sum& s : b.sums)
      text += fmt::format(", {} and then {}", buffer(s.total), buffer(s.parts));
    return text;
  }

  std::string constant(const Constant& c) const {
    switch (kernel_->type(c.result)) {
      case Scalar::f64: return fmt::format("{}", std::bit_cast<double>(c.bits));
      case Scalar::f32: return fmt::format("{}", std::bit_cast<float>(static_cast<std::uint32_t>(c.bits)));
      case Scalar::i64: return fmt::format("{}", static_cast<std::int64_t>(c.bits));
      case Scalar::i32: return fmt::format("{}", static_cast<std::int32_t>(c.bits));
      case Scalar::boolean: return c.bits ? "true" : "false";
    }
    return "?";
  }
  std::string defined(Value value) const {
    return fmt::format("v{}: {}", value.id, text(kernel_->type(value)));
  }

  void block(const Block& body) {
    ++indent_;
    for (const Statement& s : body) statement(s);
    --indent_;
  }

  std::string operand(const Gemm::Operand& o) const {
    return fmt::format("{}[{} + row*{} + column*{}]", buffer(o.buffer), v(o.offset), v(o.row_stride),
                       v(o.column_stride));
  }

  void statement(const Statement& s) {
    std::visit(overloaded{[&](const Constant& c) { line("{} = {}", defined(c.result), constant(c)); },
                          [&](const SizeOf& z) {
                            line("{} = size {}", defined(z.result),
                                 program_.sizes.to_string(z.size, program_.size_names));
                          },
                          [&](const Compute& c) {
                            std::string arguments;
                            for (int k = 0; k < operand_count(c.op); ++k)
                              arguments += " " + v(c.arguments[static_cast<std::size_t>(k)]);
                            line("{} = {}{}", defined(c.result), gradc::name(c.op), arguments);
                          },
                          [&](const Elementary& e) {
                            std::string arguments;
                            for (Value x : e.arguments)
                              if (x.valid()) arguments += " " + v(x);
                            line("{} = {}{}", defined(e.result), e.op->id, arguments);
                          },
                          [&](const MathCall& c) {
                            line("{} = call {} {}{}{}{}", defined(c.result), c.function, v(c.arguments[0]),
                                 c.arguments[1].valid() ? " " + v(c.arguments[1]) : "", mask(c.mask),
                                 c.otherwise.valid() ? " else " + v(c.otherwise) : "");
                          },
                          [&](const Load& l) {
                            line("{} = {}{}", defined(l.result), element(l.buffer, l.subscripts),
                                 mask(l.mask));
                          },
                          [&](const Store& l) {
                            line("{} = {}{}", element(l.buffer, l.subscripts), v(l.value), mask(l.mask));
                          },
                          [&](const Accumulate& l) {
                            line("{} += {}{}{}", element(l.buffer, l.subscripts), v(l.value),
                                 factor(l.factor), mask(l.mask));
                          },
                          [&](const Zero& z) { line("zero {}", element(z.buffer, z.leading)); },
                          [&](const Check& c) { line("status {} where {}", c.status, v(c.failed)); },
                          [&](const For& f) { loop(f); }, [&](const If& i) { branch(i); },
                          [&](const Gemm& g) {
                            line("{} {} {} @ {} for {}x{}x{}", operand(g.c), g.accumulate ? "+=" : "=",
                                 operand(g.a), operand(g.b), v(g.m), v(g.n), v(g.k));
                          }},
               s.node);
  }

  void loop(const For& f) {
    std::string lanes = f.lanes > 1 ? fmt::format(" in {} lanes", f.lanes) : "";
    for (const For::Carried& c : f.carried)
      lanes += fmt::format(", {} from {}", defined(c.inside), v(c.initial));
    line("for v{} in {} .. {}{}", f.index.id, v(f.lower), v(f.upper), lanes);
    block(f.body);
    if (f.stop.valid()) line("stop after {}", v(f.stop));
    for (const For::Carried& c : f.carried)
      line("next {} = {}, last {}", v(c.inside), v(c.next), v(c.result));
    for (const For::Reduction& r : f.reductions)
      line("{} = {} with {} of {}{}{}", defined(r.result), v(r.initial), name(r.combine), v(r.term),
           factor(r.factor), mask(r.mask));
  }

  void branch(const If& i) {
    line("if {}", v(i.condition));
    block(i.then);
    if (!i.otherwise.empty()) {
      line("else");
      block(i.otherwise);
    }
    for (const If::Merged& m : i.merged) line("{} = {} or {}", defined(m.result), v(m.then), v(m.otherwise));
  }

  const Program& program_;
  const Kernel* kernel_ = nullptr;
  std::string text_;
  int indent_ = 0;
};

}  // namespace

std::string print(const Program& program) { return Printer(program).run(); }

}  // namespace gradc::kernel
