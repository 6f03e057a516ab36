// Recipes of operators: in place, or, in a program that has many, as one function per operator, type and
// number of lanes; the operations are the same, and so are the bits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/kernel_emitter.h"
#include "compiler/operators/emitter.h"
#include "compiler/support/check.h"

namespace gradc::codegen {

// What a recipe writes, as LLVM's values: scalars, or vectors of all lanes where one of the operands is one.
class KernelEmitter::RecipeCode : public Emitter {
 public:
  RecipeCode(KernelEmitter& code, kernel::Scalar real) : code_(code), real_(real) {}

  EmitValue keep(V value, MachineType type) {
    values_.push_back({value, type});
    return {static_cast<std::int32_t>(values_.size()) - 1};
  }
  V value(EmitValue v) const { return values_[static_cast<std::size_t>(v.id)].first; }

  MachineType type(EmitValue v) const override { return values_[static_cast<std::size_t>(v.id)].second; }
  EmitValue constant(MachineType type, double number) override {
    if (!is_float(type)) return constant(type, static_cast<std::int64_t>(number));
    return keep(code_.constant(MachineValue::real(type, number)), type);
  }
  EmitValue constant(MachineType type, std::int64_t number) override {
    MachineValue value = MachineValue::i64(number);
    if (is_float(type)) value = MachineValue::real(type, static_cast<double>(number));
    if (type == MachineType::i32) value = MachineValue::i32(static_cast<std::int32_t>(number));
    if (type == MachineType::boolean) value = MachineValue::boolean(number != 0);
    return keep(code_.constant(value), type);
  }
  using Emitter::op;
  EmitValue op(MachineOp which, std::span<const EmitValue> operands) override {
    const std::vector<V> x = alike(operands);
    const MachineType last = type(operands.back());
    return keep(code_.operation(which, last, x.data()), result_type(which, last));
  }
  EmitValue call_where(EmitValue mask, std::string_view function, std::span<const EmitValue> arguments,
                       EmitValue otherwise) override {
    std::vector<EmitValue> all(arguments.begin(), arguments.end());
    all.push_back(mask);
    all.push_back(otherwise);
    const std::vector<V> x = alike(all);
    const llvm::ArrayRef<V> given(x.data(), arguments.size());
    return keep(code_.library(function, given, x[x.size() - 2], x.back(), x[0]->getType()->isVectorTy()),
                MachineType::f64);
  }
  EmitValue call(std::string_view function, std::span<const EmitValue> arguments) override {
    const std::vector<V> x = alike(arguments);
    return keep(code_.library(function, x, nullptr, nullptr, x[0]->getType()->isVectorTy()),
                MachineType::f64);
  }
  std::optional<Rational> literal(EmitValue) const override { return std::nullopt; }
  bool is_f32() const override { return real_ == MachineType::f32; }

 private:
  // All scalars, or all vectors.
  std::vector<V> alike(std::span<const EmitValue> operands) {
    std::vector<V> x;
    bool wide = false;
    for (EmitValue v : operands) wide = wide || value(v)->getType()->isVectorTy();
    for (EmitValue v : operands)
      x.push_back(wide && !value(v)->getType()->isVectorTy()
                      ? code_.ir_.CreateVectorSplat(code_.lanes_, value(v))
                      : value(v));
    return x;
  }

  KernelEmitter& code_;
  kernel::Scalar real_;
  std::vector<std::pair<V, MachineType>> values_;
};

void KernelEmitter::elementary(const kernel::Elementary& e) {
  bool varying = false;
  for (kernel::Value v : e.arguments) varying = varying || varies(v);
  std::vector<V> x;
  for (kernel::Value v : e.arguments)
    if (v.valid()) x.push_back(varying ? vector(v) : scalar(v));
  const kernel::Scalar real = kernel_.type(e.result);
  hold(e.result,
       outline_ ? ir_.CreateCall(outlined(*e.op, real, x.size(), varying), x)
                : expanded(*e.op, real, x, varying),
       varying);
}

llvm::Value* KernelEmitter::expanded(const Operator& op, kernel::Scalar real, llvm::ArrayRef<V> x,
                                     bool varying) {
  RecipeCode code(*this, real);
  EmitValue arguments[3];
  for (std::size_t k = 0; k < x.size(); ++k) arguments[k] = code.keep(x[k], real);
  V result = code.value(op.emit(code, arguments));
  return varying && !result->getType()->isVectorTy() ? ir_.CreateVectorSplat(lanes_, result) : result;
}

llvm::Function* KernelEmitter::outlined(const Operator& op, kernel::Scalar real, std::size_t arity,
                                        bool varying) {
  std::string symbol = "gradc." + std::string(op.id) + "." + std::string(gradc::name(real));
  if (varying) symbol += "x" + std::to_string(lanes_);
  if (llvm::Function* known = module_.getFunction(symbol)) return known;
  llvm::Type* type = varying ? widened(register_type(real)) : register_type(real);
  auto* function =
      llvm::Function::Create(llvm::FunctionType::get(type, std::vector<llvm::Type*>(arity, type), false),
                             llvm::GlobalValue::InternalLinkage, symbol, module_);
  function->setDoesNotThrow();
  function->addFnAttr(llvm::Attribute::NoInline);
  const llvm::IRBuilder<>::InsertPointGuard guard(ir_);
  llvm::Function* outer = std::exchange(function_, function);
  V active = std::exchange(active_, nullptr);
  ir_.SetInsertPoint(llvm::BasicBlock::Create(context_, "entry", function));
  std::vector<V> x;
  for (llvm::Argument& argument : function->args()) x.push_back(&argument);
  ir_.CreateRet(expanded(op, real, x, varying));
  function_ = outer;
  active_ = active;
  return function;
}

}  // namespace gradc::codegen
