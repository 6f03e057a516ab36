// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/c_header.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>
#include <map>

#include "compiler/codegen/c_names.h"
#include "compiler/codegen/shared_library.h"
#include "compiler/support/check.h"

namespace gradc::codegen {

namespace {

using kernel::Array;
using kernel::Program;
using kernel::Scalar;

const char* c_type(Scalar element) {
  switch (element) {
    case Scalar::f32: return "float";
    case Scalar::f64: return "double";
    case Scalar::i32: return "int32_t";
    case Scalar::i64:
    case Scalar::boolean: break;
  }
  GRADC_UNREACHABLE("the caller's arrays are f32, f64 or i32");
}

// One function of the model, and what its arguments are called.
class Function {
 public:
  Function(const Model& model, const Program& program, const FunctionSymbols& symbols)
      : model_(model), program_(program), symbols_(symbols) {
    CNames names{"sizes",  "arrays", "workspace", "bytes",  "room",
                 "status", "main",   "printf",    "calloc", "free"};
    for (const std::string& size : program.size_names) sizes_.push_back(names.pick(identifier(size)));
    for (const Array& array : program.arrays) arrays_.push_back(names.pick(identifier(array.name)));
  }

  std::string declarations(CNames& globals) const;
  std::string example(std::string_view file) const;

 private:
  const kernel::Buffer& buffer(const Array& array) const { return program_.buffer(array.buffer); }
  bool is_result(const Array& array) const { return buffer(array).place == kernel::Buffer::Place::result; }
  std::string extent(kernel::SizeId id) const;
  std::string shape(const Array& array) const;
  std::string describe(const Array& array) const;
  std::string count(const Array& array) const;
  const std::string& name(std::int32_t array) const {
    return program_.arrays[static_cast<std::size_t>(array)].name;
  }

  const Model& model_;
  const Program& program_;
  const FunctionSymbols& symbols_;
  std::vector<std::string> sizes_, arrays_;
};

std::string Function::extent(kernel::SizeId id) const {
  using Kind = kernel::Size::Kind;
  const kernel::Size& size = program_.sizes[id];
  const auto binary = [&](const char* sign) {
    return "(" + extent(size.left) + sign + extent(size.right) + ")";
  };
  switch (size.kind) {  // derived sizes are of axes, and not negative: C's division is ours
    case Kind::constant: return std::to_string(size.number);
    case Kind::argument: return sizes_[static_cast<std::size_t>(size.number)];
    case Kind::add: return binary(" + ");
    case Kind::sub: return binary(" - ");
    case Kind::mul: return binary(" * ");
    case Kind::floor_div: return binary(" / ");
    case Kind::floor_mod: return binary(" % ");
    case Kind::max:
    case Kind::min:
      return "(" + binary(size.kind == Kind::max ? " > " : " < ") + " ? " + extent(size.left) + " : " +
             extent(size.right) + ")";
  }
  GRADC_UNREACHABLE("a size of unknown kind");
}

// [batch, D = 3]
std::string Function::shape(const Array& array) const {
  std::vector<std::string> axes;
  const auto& extents = buffer(array).extents;
  for (std::size_t k = 0; k < extents.size(); ++k) {
    const bool named = k < array.axes.size() && !array.axes[k].empty();
    const bool fixed = program_.sizes[extents[k]].kind == kernel::Size::Kind::constant;
    axes.push_back(fixed && named ? array.axes[k] + " = " + extent(extents[k]) : extent(extents[k]));
  }
  return axes.empty() ? "one number" : fmt::format("[{}]", fmt::join(axes, ", "));
}

constexpr const char* distributions[] = {"normal", "uniform", "bernoulli"};  // by GRADC_NORMAL, …

std::string Function::describe(const Array& array) const {
  const auto role = [&]() -> std::string {
    switch (array.role) {
      case GRADC_INPUT: return "input";
      case GRADC_TARGET: return "target";
      case GRADC_NOISE:
        return fmt::format("noise ~ {}({})", distributions[array.noise->distribution],
                           array.noise->distribution == GRADC_BERNOULLI
                               ? fmt::format("{}", array.noise->a)
                               : fmt::format("{}, {}", array.noise->a, array.noise->b));
      case GRADC_LENGTH: return "how long each example is";
      case GRADC_STATISTIC: return "statistic: its mean over an epoch's steps";
      case GRADC_BATCH_VALUE: return "value across the batch";
      case GRADC_CONST: return "const";
      case GRADC_PARAM: return "param";
      case GRADC_LOSS: return program_.batch >= 0 ? "loss, summed over the examples" : "loss";
      case GRADC_METRIC: return program_.batch >= 0 ? "metric, summed over the examples" : "metric";
      case GRADC_PENALTY: return "penalty";
      case GRADC_GRADIENT:
        return fmt::format("gradient by {}{}", array.of >= 0 ? name(array.of) : "an argument",
                           program_.batch >= 0 ? ", summed over the examples" : "");
      case GRADC_VALUE: return "value";
    }
    GRADC_UNREACHABLE("an array of unknown role");
  };
  std::string text = fmt::format("{}: {}, {}", array.name, role(), shape(array));
  if (array.members)
    text += array.role == GRADC_LENGTH
                ? fmt::format(", at most {}", extent(*array.members))
                : fmt::format(", members of a dim of {}, from 0", extent(*array.members));
  return comment_text(text);
}

std::string Function::count(const Array& array) const {
  std::string product = "1";
  for (const kernel::SizeId id : buffer(array).extents) {
    const std::string factor = "(size_t)" + extent(id);
    product = product == "1" ? factor : product + " * " + factor;
  }
  return product;
}

std::string Function::declarations(CNames& globals) const {
  std::string text = fmt::format("/* ---- {} */\n\n/* Where each array stands among `arrays`. */\nenum {{\n",
                                 comment_text(program_.name));
  for (std::size_t k = 0; k < arrays_.size(); ++k)
    text += fmt::format("  {} = {},\n",
                        globals.pick(symbols_.stem + "_array_" + identifier(program_.arrays[k].name)), k);
  text += fmt::format("  {} = {}\n}};\n\n", globals.pick(symbols_.stem + "_arrays"), arrays_.size());

  std::vector<std::string> names;
  for (const std::string& size : program_.size_names) names.push_back(comment_text(size));
  text += fmt::format(
      "/* `sizes` {}. */\n",
      names.empty() ? "are none: NULL" : fmt::format("are, in this order, {}", fmt::join(names, ", ")));
  text += fmt::format(
      "int32_t {}(const int64_t* sizes, void* const* arrays, const int64_t* const* strides, void* "
      "workspace, const gradc_pool* pool);\n",
      symbols_.call);
  text += fmt::format("int64_t {}(const int64_t* sizes);\n\n", symbols_.workspace_bytes);

  text += fmt::format(
      "/* The same with typed arguments, in one thread; all arrays are contiguous, row-major. Returns "
      "GRADC_OK or another status. */\n"
      "static inline int32_t {}(\n",
      symbols_.stem);
  for (std::size_t k = 0; k < sizes_.size(); ++k)
    text += fmt::format("    int64_t {}, /* {} */\n", sizes_[k],
                        static_cast<std::int32_t>(k) == program_.batch
                            ? "the number of examples"
                            : "the size of " + comment_text(program_.size_names[k]));
  for (std::size_t k = 0; k < arrays_.size(); ++k) {
    const Array& array = program_.arrays[k];
    text += fmt::format("    {}{}* {}, /* {} */\n", is_result(array) ? "" : "const ",
                        c_type(buffer(array).element), arrays_[k], describe(array));
  }
  text += fmt::format("    void* workspace /* {} bytes, aligned to GRADC_WORKSPACE_ALIGNMENT */) {{\n",
                      symbols_.workspace_bytes);
  if (!sizes_.empty()) {
    text += fmt::format("  int64_t sizes[{}];\n", sizes_.size());
  }
  if (!arrays_.empty()) text += fmt::format("  void* arrays[{}];\n", arrays_.size());
  for (std::size_t k = 0; k < sizes_.size(); ++k) text += fmt::format("  sizes[{}] = {};\n", k, sizes_[k]);
  for (std::size_t k = 0; k < arrays_.size(); ++k)
    text += fmt::format("  arrays[{}] = (void*){};\n", k, arrays_[k]);
  text += fmt::format("  return {}({}, {}, 0, workspace, 0);\n}}\n\n", symbols_.call,
                      sizes_.empty() ? "0" : "sizes", arrays_.empty() ? "0" : "arrays");
  return text;
}

// A whole program, as lines of a comment.
std::string Function::example(std::string_view file) const {
  std::vector<std::string> lines = {"#include <stdio.h>", "#include <stdlib.h>",
                                    fmt::format("#include \"{}.h\"", comment_text(file)), "",
                                    "int main(void) {"};
  std::vector<std::string> arguments;
  for (const std::string& size : sizes_) {
    lines.push_back(fmt::format("  const int64_t {} = 10;", size));
    arguments.push_back(size);
  }
  if (!sizes_.empty())
    lines.push_back(fmt::format("  const int64_t sizes[] = {{{}}};", fmt::join(sizes_, ", ")));
  lines.push_back(fmt::format("  const size_t bytes = (size_t){}({});", symbols_.workspace_bytes,
                              sizes_.empty() ? "NULL" : "sizes"));
  lines.push_back("  char* room = (char*)calloc(bytes + GRADC_WORKSPACE_ALIGNMENT, 1);");
  lines.push_back(
      "  char* workspace = room + (GRADC_WORKSPACE_ALIGNMENT - (uintptr_t)room % "
      "GRADC_WORKSPACE_ALIGNMENT);");
  for (std::size_t k = 0; k < arrays_.size(); ++k) {
    const Array& array = program_.arrays[k];
    const char* type = c_type(buffer(array).element);
    lines.push_back(
        fmt::format("  {0}* {1} = ({0}*)calloc({2}, sizeof({0}));", type, arrays_[k], count(array)));
    arguments.push_back(arrays_[k]);
  }
  arguments.push_back("workspace");
  lines.push_back(fmt::format("  const int32_t status = {}({});", symbols_.stem, fmt::join(arguments, ", ")));
  for (std::size_t k = 0; k < arrays_.size(); ++k)
    if (const Array& array = program_.arrays[k]; is_result(array) && buffer(array).extents.empty())
      lines.push_back(
          fmt::format("  printf(\"{} = %.17g\\n\", (double)*{});", identifier(array.name), arrays_[k]));
  lines.push_back("  free(room);");
  for (const std::string& array : arrays_) lines.push_back(fmt::format("  free({});", array));
  lines.push_back("  return status;");
  lines.push_back("}");
  std::string text;
  for (const std::string& line : lines) text += line.empty() ? " *\n" : " *     " + line + "\n";
  return text;
}

// The dims of fixed size that bear names, where they are the same in all functions.
std::string constants(const Model& model, CNames& globals) {
  std::map<std::string, std::int64_t> sizes;
  for (const Program& program : model.functions)
    for (const Array& array : program.arrays) {
      const auto& extents = program.buffer(array.buffer).extents;
      for (std::size_t k = 0; k < extents.size() && k < array.axes.size(); ++k)
        if (const auto known = program.sizes.known(extents[k]); known && !array.axes[k].empty())
          sizes.emplace(array.axes[k], *known);
    }
  std::string text;
  for (const auto& [name, size] : sizes) {
    if (size > std::numeric_limits<std::int32_t>::max()) continue;  // enumerators are ints
    text += fmt::format("{}  {} = {}", text.empty() ? "" : ",\n",
                        globals.pick(identifier(model.name) + "_" + identifier(name)), size);
  }
  return text.empty() ? "" : "/* The dims whose sizes are fixed. */\nenum {\n" + text + "\n};\n\n";
}

}  // namespace

std::string c_header(const Model& model, std::string_view file) {
  const std::string guard = "GRADC_MODEL_" + identifier(model.name) + "_H";
  const std::vector<FunctionSymbols> symbols = function_symbols(model);
  CNames globals{model_symbol(model)};
  std::vector<Function> functions;
  for (const FunctionSymbols& s : symbols)
    for (const std::string& name : {s.stem, s.call, s.workspace_bytes}) globals.pick(name);
  for (std::size_t k = 0; k < symbols.size(); ++k)
    functions.emplace_back(model, model.functions[k], symbols[k]);
  std::string text = fmt::format(
      "/* The model {0}, compiled by gradc; reals are {1}. Link {2}.o with -lm, or {2}.so.\n"
      " * C99 and C++. Functions keep no state and allocate nothing: any of them may be called from several\n"
      " * threads at once, each call with a workspace of its own.",
      comment_text(model.name),
      model.precision == GRADC_F32 ? "float, but losses, metrics and penalties are double" : "double",
      comment_text(file));
  if (!functions.empty()) text += "\n *\n" + functions.front().example(file);
  text += " */\n";
  text += fmt::format(
      "#ifndef {0}\n#define {0}\n\n#include \"gradc_abi.h\"\n\n"
      "#ifdef __cplusplus\nextern \"C\" {{\n#endif\n\n",
      guard);
  text += fmt::format(
      "/* All of this as a table, for programs that read it. */\nextern const gradc_model_info {};\n\n",
      model_symbol(model));
  text += constants(model, globals);
  for (const Function& f : functions) text += f.declarations(globals);
  text += "#ifdef __cplusplus\n}\n#endif\n#endif\n";
  return text;
}

}  // namespace gradc::codegen
