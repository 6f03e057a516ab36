// A product of matrices for several threads: each computes some of the rows or columns of C, with the same
// product function and so to the same bits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/blocks.h"
#include "compiler/codegen/function_writer.h"
#include "compiler/codegen/products.h"

namespace gradc::codegen {

namespace {

// What a thread has at least to do, in multiplications: twenty times what it costs to tell it so.
constexpr std::uint64_t least_work = std::uint64_t{1} << 17;
// Threads take whole tiles, and whole lines of the cache: multiples of what every machine's tiles have.
constexpr std::uint64_t columns_at_once = 32, rows_at_once = 24;

class SharedProductWriter : FunctionWriter {
 public:
  SharedProductWriter(llvm::Module& module, ProductKind kind)
      : FunctionWriter(module),
        product_(product_function(module, kind)),
        real_(kind.f32 ? ir_.getFloatTy() : ir_.getDoubleTy()) {
    std::vector<llvm::Type*> fields(product_->getFunctionType()->params());
    fields.insert(fields.end(), {integer_, integer_, integer_});
    frame_ = llvm::StructType::get(module.getContext(), fields);
  }

  void run(llvm::Function* shared) {
    llvm::Function *by_rows = task(false), *by_columns = task(true);
    begin(shared);
    shared->setLinkage(llvm::GlobalValue::InternalLinkage);
    Values given;
    for (unsigned k = 0; k < product_->arg_size(); ++k) given.push_back(argument(k + 1));
    Value *pool = argument(0), *m = given[rows_of_c], *n = given[columns_of_c];
    Value* frame = ir_.CreateAlloca(frame_);
    Value* work = ir_.CreateMul(ir_.CreateMul(m, n), given[inner]);
    Value* parts =
        smaller(ir_.CreateSExt(threads_of(ir_, pool), integer_), ir_.CreateUDiv(work, number(least_work)));
    where(
        ir_.CreateICmpSGT(parts, number(1)),
        [&] {
          for (unsigned k = 0; k < given.size(); ++k) store(given[k], frame, k);
          store(parts, frame, parts_at);
          Value *wide = units(n, columns_at_once), *high = units(m, rows_at_once);
          // All threads read the other matrix: the smaller one. And rows of C are often made by the thread
          // that has made them in A.
          Value* columns = ir_.CreateICmpSGT(n, m);
          store(ir_.CreateSelect(columns, wide, high), frame, units_at);
          run_in_pool(ir_, pool, ir_.CreateSelect(columns, by_columns, by_rows), frame, parts);
        },
        [&] { ir_.CreateCall(product_, given); });
    ir_.CreateRetVoid();
  }

 private:
  // Of the product's parameters (products.h); behind them, in a frame, what all parts share.
  enum : unsigned {
    a,
    a_row,
    b = 3,
    b_column = 5,
    c,
    c_row,
    rows_of_c,
    columns_of_c,
    inner,
    parts_at = 12,
    units_at
  };

  void store(Value* value, Value* frame, unsigned field) {
    ir_.CreateStore(value, ir_.CreateStructGEP(frame_, frame, field));
  }
  Value* units(Value* extent, std::uint64_t at_once) {
    return ir_.CreateUDiv(ir_.CreateAdd(extent, number(at_once - 1)), number(at_once));
  }

  // void (ptr frame, i64 part)
  llvm::Function* task(bool columns) {
    begin((product_->getName() + (columns ? ".columns" : ".rows")).str().c_str(), ir_.getVoidTy(),
          {pointer_, integer_});
    Value *frame = argument(0), *part = argument(1);
    Values now;
    for (unsigned k = 0; k < frame_->getNumElements(); ++k)
      now.push_back(ir_.CreateLoad(frame_->getElementType(k), ir_.CreateStructGEP(frame_, frame, k)));
    Value*& extent = now[columns ? columns_of_c : rows_of_c];
    const auto bound = [&](Value* p) {
      Value* unit = ir_.CreateUDiv(ir_.CreateMul(p, now[units_at]), now[parts_at]);
      return smaller(extent, ir_.CreateMul(unit, number(columns ? columns_at_once : rows_at_once)));
    };
    Value *first = bound(part), *end = bound(ir_.CreateAdd(part, number(1)));
    extent = ir_.CreateSub(end, first);
    const auto move = [&](unsigned matrix, Value* step) {
      now[matrix] = ir_.CreateGEP(real_, now[matrix], ir_.CreateMul(first, step));
    };
    move(columns ? b : a, now[columns ? b_column : a_row]);
    move(c, columns ? number(1) : now[c_row]);
    ir_.CreateCall(product_, llvm::ArrayRef<Value*>(now).take_front(product_->arg_size()));
    ir_.CreateRetVoid();
    return function_;
  }

  llvm::Function* product_;
  llvm::Type* real_;
  llvm::StructType* frame_;
};

std::string shared_name(llvm::Module& module, ProductKind kind) {
  return (product_function(module, kind)->getName() + ".shared").str();
}

}  // namespace

llvm::Function* shared_product_function(llvm::Module& module, ProductKind kind) {
  const std::string name = shared_name(module, kind);
  if (llvm::Function* there = module.getFunction(name)) return there;
  const llvm::FunctionType* type = product_function(module, kind)->getFunctionType();
  std::vector<llvm::Type*> parameters{llvm::PointerType::getUnqual(module.getContext())};
  parameters.insert(parameters.end(), type->param_begin(), type->param_end());
  auto* shared = llvm::Function::Create(llvm::FunctionType::get(type->getReturnType(), parameters, false),
                                        llvm::GlobalValue::InternalLinkage, name, module);
  SharedProductWriter(module, kind).run(shared);
  return shared;
}

}  // namespace gradc::codegen
