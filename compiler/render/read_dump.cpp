// In two rounds, because definitions may stand in any order: names and shapes first, then terms.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/read_dump.h"

#include <charconv>

#include "compiler/operators/noise.h"
#include "compiler/operators/table.h"
#include "compiler/render/dump_syntax.h"
#include "compiler/render/read_term.h"

namespace gradc {
namespace {

struct Head {
  TensorId tensor;
  std::vector<std::string> indices;
  std::string counted_by, held_of, of, wrt;
  std::size_t names_at = 0;  // where these stand
};

class SystemReader {
 public:
  SystemReader(Context& context, const Source& source)
      : c_(context), at_(lex_dump(source)), system_(context) {}

  Result<System> read() {
    statements([this] { declare(); });
    at_.move_to(0);
    for (const Head& head : heads_) resolve(head);
    at_.move_to(0);
    statements([this] { define(); });
    if (at_.failed()) return at_.error();
    return std::move(system_);
  }

 private:
  using Kind = DumpToken::Kind;

  template <class Step>
  void statements(Step step) {
    while (!at_.failed() && at_.token().kind != Kind::end)
      if (at_.token().kind == Kind::line_end)
        at_.take();
      else
        step();
  }
  void skip_line() {
    while (at_.token().kind != Kind::line_end && at_.token().kind != Kind::end) at_.take();
  }
  void end_of_line() {
    if (!at_.failed() && at_.token().kind != Kind::line_end) at_.fail("expected the end of the line");
  }

  // ---- first round
  void declare() {
    if (at_.accept("dim")) {
      Dim dim;
      dim.name = at_.name("a dim's name");
      for (bool more = true; more;) {
        more = true;
        if (at_.accept("batch"))
          dim.is_batch = true;
        else if (at_.accept("sequence"))
          dim.is_sequence = true;
        else if (at_.accept("anonymous"))
          dim.anonymous = true;
        else if (at_.accept("steps"))
          dim.of_steps = true;
        else
          more = false;
      }
      if (scope_.dims.contains(dim.name)) at_.fail("the dim `" + dim.name + "` is declared twice");
      if (!at_.failed()) scope_.dims.emplace(dim.name, c_.add_dim(dim));
    } else if (at_.is("output")) {
      // in the second round
    } else {
      declare_head();
    }
    if (!at_.failed()) skip_line();
  }

  TensorId add(Tensor tensor) {
    const std::string name = tensor.name;
    if (scope_.tensors.contains(name)) at_.fail("the tensor `" + name + "` is declared twice");
    if (at_.failed()) return {};
    return scope_.tensors.emplace(name, c_.add_tensor(std::move(tensor))).first->second;
  }

  DimId dim() {
    const std::string name = at_.name("a dim");
    auto found = scope_.dims.find(name);
    if (found != scope_.dims.end()) return found->second;
    at_.fail("no dim is called `" + name + "`");
    return {};
  }

  // [role] name [indices] [in dim | : type] [counted …] [copies …] [of …] [wrt …]
  Head declare_head() {
    Head head;
    Tensor tensor;
    if (!at_.token().quoted)
      if (const Role* role = role_of(at_.token().text)) {
        tensor.role = *role;
        at_.take();
      }
    tensor.name = at_.name("a tensor's name");
    if (at_.accept("[")) {
      do {
        if (at_.next().text == "in") {
          head.indices.push_back(at_.name("an index"));
          at_.take();
        }
        tensor.dims.push_back(dim());
      } while (at_.accept(","));
      at_.expect("]");
    }
    if (at_.accept("in")) {
      tensor.member_of = dim();
      tensor.type = Type::integer;
    } else if (at_.accept(":")) {
      if (at_.accept("integer"))
        tensor.type = Type::integer;
      else if (at_.accept("boolean"))
        tensor.type = Type::boolean;
      else
        at_.expect("integer");
    }
    head.names_at = at_.place();
    if (at_.accept("counted")) head.counted_by = at_.name("a tensor");
    if (at_.accept("copies")) {
      head.held_of = at_.name("a tensor");
      at_.expect("for");
      tensor.held_for = number();
    }
    if (at_.accept("of")) head.of = at_.name("a tensor");
    if (at_.accept("wrt")) head.wrt = at_.name("a tensor");
    head.tensor = add(std::move(tensor));
    if (!at_.failed()) heads_.push_back(head);
    return head;
  }

  int number() {
    int value = 0;
    const std::string text = at_.take().text;
    if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc())
      at_.fail("expected a number");
    return value;
  }

  void resolve(const Head& head) {
    const auto set = [&](const std::string& name, TensorId Tensor::*member) {
      if (name.empty() || at_.failed()) return;
      auto found = scope_.tensors.find(name);
      at_.move_to(head.names_at);
      if (found == scope_.tensors.end())
        at_.fail("no tensor is called `" + name + "`");
      else
        c_.tensor(head.tensor).*member = found->second;
    };
    set(head.counted_by, &Tensor::counted_by);
    set(head.held_of, &Tensor::held_of);
    set(head.of, &Tensor::of);
    set(head.wrt, &Tensor::wrt);
  }

  // ---- second round
  void define() {
    Definition definition;
    if (at_.accept("dim")) return size();
    if (at_.accept("output")) {
      do {
        const std::string name = at_.name("a tensor");
        if (auto found = scope_.tensors.find(name); found != scope_.tensors.end())
          system_.add_output(found->second);
        else
          at_.fail("no tensor is called `" + name + "`");
      } while (at_.accept(","));
      return end_of_line();
    }
    const Head& head = enter_next_head();
    definition.tensor = head.tensor;
    definition.index_names = head.indices;
    const Tensor& tensor = c_.tensor(head.tensor);
    if (at_.accept("=")) {
      if (at_.accept("call")) {
        call(definition);
        return finish(std::move(definition));
      }
      const Expr value = term(tensor.type);
      definition.rule = Define{value};
    } else if (at_.accept("~")) {
      definition.rule = noise();
    } else {
      return end_of_line();
    }
    finish(std::move(definition));
  }
  void finish(Definition definition) {
    if (at_.token().kind == Kind::comment) definition.origin.rule = at_.take().text;
    end_of_line();
    if (!at_.failed()) system_.add(std::move(definition));
  }

  // call solve(A, b)
  void call(Definition& definition) {
    Call call{nullptr, {}, {definition.tensor}};
    const std::string op = at_.name("a function of matrices");
    call.op = find_call(op);
    if (!call.op || call.op->id != op) return at_.fail("no function of matrices is called `" + op + "`");
    at_.expect("(");
    do {
      const std::string name = at_.name("a tensor");
      if (auto found = scope_.tensors.find(name); found != scope_.tensors.end())
        call.arguments.push_back(found->second);
      else
        return at_.fail("no tensor is called `" + name + "`");
    } while (at_.accept(","));
    at_.expect(")");
    if (at_.failed()) return;
    if (const std::string wrong = check_call(c_, call); !wrong.empty()) return at_.fail(wrong);
    definition.rule = std::move(call);
  }

  void size() {
    const DimId id = scope_.dims.at(at_.name("a dim"));
    while (!at_.failed() && at_.token().kind == Kind::name) at_.take();
    if (at_.accept("=")) {
      const Expr size = term(Type::integer);
      if (at_.failed()) return;
      c_.dim(id).size = size;
      c_.dim(id).kind = size->is_constant() ? Dim::Kind::fixed : Dim::Kind::computed;
    }
    end_of_line();
  }

  // Passes over the head that the first round has read, and enters the scope of its indices.
  const Head& enter_next_head() {
    const Head& head = heads_[next_head_++];
    at_.move_to(head.names_at);
    if (at_.accept("counted")) at_.take();
    if (at_.accept("copies")) at_.take(), at_.take(), at_.take();
    if (at_.accept("of")) at_.take();
    if (at_.accept("wrt")) at_.take();
    enter(head);
    return head;
  }
  void enter(const Head& head) {
    scope_.indices.clear();
    const std::vector<DimId>& dims = c_.tensor(head.tensor).dims;
    if (head.indices.size() != dims.size()) {
      const bool defines = at_.is("=") || at_.is("~");
      if (defines)
        at_.fail("`" + c_.tensor(head.tensor).name + "` is defined, so each of its axes needs an index");
      return;
    }
    for (std::size_t k = 0; k < dims.size(); ++k)
      scope_.indices.emplace_back(head.indices[k], Index::slot(static_cast<std::int32_t>(k), dims[k]));
  }

  Expr term(Type type) {
    scope_.terms.clear();
    const Expr e = read_term(c_, at_, scope_, type);
    if (e && e->type != type) at_.fail("the term has the wrong type");
    return at_.failed() ? Expr() : e;
  }

  Noise noise() {
    Noise noise{Noise::Distribution::normal, {}};
    if (const auto distribution = distribution_named(at_.take().text))
      noise.distribution = *distribution;
    else
      at_.fail("a distribution is expected");
    at_.expect("(");
    do noise.parameters.push_back(term(Type::real));
    while (at_.accept(","));
    at_.expect(")");
    return noise;
  }

  Context& c_;
  DumpCursor at_;
  DumpScope scope_;
  System system_;
  std::vector<Head> heads_;
  std::size_t next_head_ = 0;
};

}  // namespace

Result<System> read_dump(Context& context, const Source& source) {
  return SystemReader(context, source).read();
}

}  // namespace gradc
