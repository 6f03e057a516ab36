// The tables of abi.h as constant data, laid out as C lays out its structs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <llvm/IR/IRBuilder.h>

#include "compiler/codegen/module.h"
#include "compiler/support/check.h"

namespace gradc::codegen {

namespace {

class Tables {
 public:
  explicit Tables(llvm::Module& module) : module_(module), context_(module.getContext()), ir_(context_) {
    llvm::Type *i32 = ir_.getInt32Ty(), *i64 = ir_.getInt64Ty(), *pointer = ir_.getPtrTy();
    extent_ = llvm::StructType::get(context_, {i64, i32});
    array_ =
        llvm::StructType::get(context_, {pointer, pointer, i32, i32, i32, pointer, extent_, i32, pointer});
    noise_ = llvm::StructType::get(context_, {i32, ir_.getDoubleTy(), ir_.getDoubleTy()});
    function_ = llvm::StructType::get(
        context_, {pointer, pointer, pointer, i32, pointer, i32, i32, pointer, i32, pointer});
    model_ = llvm::StructType::get(context_, {i32, pointer, i32, i32, pointer});
    const llvm::DataLayout& layout = module.getDataLayout();
    GRADC_CHECK(layout.getTypeAllocSize(array_) == sizeof(gradc_array_info) &&
                    layout.getTypeAllocSize(noise_) == sizeof(gradc_noise_info) &&
                    layout.getTypeAllocSize(function_) == sizeof(gradc_function_info) &&
                    layout.getTypeAllocSize(model_) == sizeof(gradc_model_info),
                "the target lays out the tables of abi.h in another way");
  }

  llvm::Constant* run(const Model& model, llvm::ArrayRef<llvm::Function*> calls,
                      llvm::ArrayRef<llvm::Function*> workspaces) {
    std::vector<llvm::Constant*> functions;
    for (std::size_t k = 0; k < model.functions.size(); ++k)
      functions.push_back(function(model.functions[k], calls[k], workspaces[k]));
    llvm::Constant* value = llvm::ConstantStruct::get(
        model_, {number(GRADC_ABI_VERSION), text(model.name), number(model.precision),
                 number(static_cast<std::int64_t>(functions.size())), table(function_, functions)});
    auto* global = new llvm::GlobalVariable(module_, model_, true, llvm::GlobalValue::ExternalLinkage, value,
                                            model_symbol(model));
    // The same under a name that who opens a shared library need not guess; weak, so that models can be
    // linked together.
    llvm::GlobalAlias::create(model_, 0, llvm::GlobalValue::WeakAnyLinkage, "gradc_model", global, &module_);
    return global;
  }

 private:
  llvm::Constant* number(std::int64_t value) { return llvm::ConstantInt::getSigned(ir_.getInt32Ty(), value); }
  llvm::Constant* text(const std::string& s) {
    auto [entry, inserted] = texts_.try_emplace(s, nullptr);
    if (inserted) entry->second = ir_.CreateGlobalString(s, "", 0, &module_);
    return entry->second;
  }
  llvm::Constant* table(llvm::Type* element, llvm::ArrayRef<llvm::Constant*> values) {
    if (values.empty()) return llvm::ConstantPointerNull::get(ir_.getPtrTy());
    auto* type = llvm::ArrayType::get(element, values.size());
    return new llvm::GlobalVariable(module_, type, true, llvm::GlobalValue::PrivateLinkage,
                                    llvm::ConstantArray::get(type, values), "");
  }
  llvm::Constant* extent(std::int64_t fixed, std::int32_t size) {
    return llvm::ConstantStruct::get(extent_,
                                     {llvm::ConstantInt::getSigned(ir_.getInt64Ty(), fixed), number(size)});
  }
  llvm::Constant* extent(const kernel::Program& program, kernel::SizeId id) {
    if (const auto known = program.sizes.known(id)) return extent(*known, -1);
    return extent(-1, static_cast<std::int32_t>(size_number(program, id)));
  }
  static std::int64_t scalar(kernel::Scalar element) {
    switch (element) {
      case kernel::Scalar::f32: return GRADC_F32;
      case kernel::Scalar::f64: return GRADC_F64;
      case kernel::Scalar::i32: return GRADC_I32;
      case kernel::Scalar::i64:
      case kernel::Scalar::boolean: break;
    }
    GRADC_UNREACHABLE("the caller's arrays are f32, f64 or i32");
  }

  llvm::Constant* noise(const kernel::Array& array) {
    if (!array.noise) return llvm::ConstantPointerNull::get(ir_.getPtrTy());
    const auto real = [&](double x) { return llvm::ConstantFP::get(ir_.getDoubleTy(), x); };
    return table(noise_, {llvm::ConstantStruct::get(noise_, {number(array.noise->distribution),
                                                             real(array.noise->a), real(array.noise->b)})});
  }

  llvm::Constant* function(const kernel::Program& program, llvm::Function* call, llvm::Function* workspace) {
    std::vector<llvm::Constant*> sizes, arrays;
    for (const std::string& name : program.size_names) sizes.push_back(text(name));
    for (const kernel::Array& a : program.arrays) {
      const kernel::Buffer& buffer = program.buffer(a.buffer);
      std::vector<llvm::Constant*> extents;
      for (kernel::SizeId id : buffer.extents) extents.push_back(extent(program, id));
      arrays.push_back(llvm::ConstantStruct::get(
          array_, {text(a.name), text(identifier(a.name)), number(a.role), number(scalar(buffer.element)),
                   number(static_cast<std::int64_t>(extents.size())), table(extent_, extents),
                   a.members ? extent(program, *a.members) : extent(0, -1), number(a.of), noise(a)}));
    }
    return llvm::ConstantStruct::get(
        function_, {text(program.name), call, workspace, number(static_cast<std::int64_t>(sizes.size())),
                    table(ir_.getPtrTy(), sizes), number(program.batch),
                    number(static_cast<std::int64_t>(arrays.size())), table(array_, arrays),
                    number(std::ssize(derived_sizes(program))), emit_derived_sizes(module_, program)});
  }

  llvm::Module& module_;
  llvm::LLVMContext& context_;
  llvm::IRBuilder<> ir_;
  llvm::StructType *extent_, *noise_, *array_, *function_, *model_;
  std::map<std::string, llvm::Constant*> texts_;
};

}  // namespace

llvm::Constant* emit_tables(llvm::Module& module, const Model& model, llvm::ArrayRef<llvm::Function*> calls,
                            llvm::ArrayRef<llvm::Function*> workspaces) {
  return Tables(module).run(model, calls, workspaces);
}

}  // namespace gradc::codegen
