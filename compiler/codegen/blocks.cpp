// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/blocks.h"

#include "compiler/codegen/function_writer.h"

namespace gradc::codegen {

using kernel::Blocks;
using llvm::Value;

namespace {

llvm::StructType* pool_type(llvm::LLVMContext& context) {
  return llvm::StructType::get(context,
                               {llvm::Type::getInt32Ty(context), llvm::PointerType::get(context, 0)});
}

// The first fields of a frame; then a pointer for each buffer that the kernel takes, and, of each that blocks
// have copies of, where these are and how many bytes apart.
enum Field : unsigned { extent_at, count_at, sizes_at, statuses_at, buffers_at };

class BlocksWriter : FunctionWriter {
 public:
  explicit BlocksWriter(llvm::Module& module) : FunctionWriter(module) {}

  // void (ptr pool, ptr task, ptr frame, i64 count, ptr statuses, ptr status): all blocks, in the order of
  // their numbers if there is no pool. The status is that of the last block that has one.
  llvm::Function* run() {
    begin("gradc.blocks", ir_.getVoidTy(), {pointer_, pointer_, pointer_, integer_, pointer_, pointer_});
    Value *pool = argument(0), *task = argument(1), *frame = argument(2), *blocks = argument(3),
          *statuses = argument(4), *status = argument(5);
    where(
        ir_.CreateAnd(ir_.CreateICmpSGT(blocks, number(1)),
                      ir_.CreateICmpNE(pool, llvm::ConstantPointerNull::get(pointer_))),
        [&] { run_in_pool(ir_, pool, task, frame, blocks); },
        [&] {
          auto* type = llvm::FunctionType::get(ir_.getVoidTy(), {pointer_, integer_}, false);
          count(blocks, false, {}, [&](Value* b, const Values&) {
            ir_.CreateCall(type, task, {frame, b});
            return Values{};
          });
        });
    count(blocks, false, {}, [&](Value* b, const Values&) {
      Value* own = load(ir_.getInt32Ty(), statuses, b);
      where(ir_.CreateICmpNE(own, ir_.getInt32(GRADC_OK)), [&] { ir_.CreateStore(own, status); });
      return Values{};
    });
    ir_.CreateRetVoid();
    return function_;
  }
};

}  // namespace

Value* threads_of(llvm::IRBuilder<>& ir, Value* pool) {
  // Where there is none, what is read is the constant 1.
  llvm::Module& module = *ir.GetInsertBlock()->getModule();
  llvm::GlobalVariable* one = module.getGlobalVariable("gradc.one", true);
  if (!one)
    one = new llvm::GlobalVariable(module, ir.getInt32Ty(), true, llvm::GlobalValue::PrivateLinkage,
                                   ir.getInt32(1), "gradc.one");
  Value* none = ir.CreateICmpEQ(pool, llvm::ConstantPointerNull::get(ir.getPtrTy()));
  return ir.CreateLoad(ir.getInt32Ty(), ir.CreateSelect(none, one, pool));
}

void run_in_pool(llvm::IRBuilder<>& ir, Value* pool, Value* task, Value* data, Value* parts) {
  llvm::Type *pointer = ir.getPtrTy(), *integer = ir.getInt64Ty();
  auto* type = llvm::FunctionType::get(ir.getVoidTy(), {pointer, pointer, pointer, integer}, false);
  Value* run = ir.CreateLoad(pointer, ir.CreateStructGEP(pool_type(ir.getContext()), pool, 1));
  ir.CreateCall(type, run, {pool, task, data, parts});
}

BlockedKernel::BlockedKernel(llvm::Module& module, const Blocks& blocks, const KernelParameters& parameters,
                             llvm::Function* function)
    : module_(module), blocks_(blocks), parameters_(parameters), function_(function) {
  llvm::LLVMContext& context = module.getContext();
  llvm::Type *pointer = llvm::PointerType::get(context, 0), *integer = llvm::Type::getInt64Ty(context);
  std::vector<llvm::Type*> fields{integer, integer, pointer, pointer};
  fields.insert(fields.end(), parameters_.buffers.size(), pointer);
  fields.insert(fields.end(), blocks_.scratch.size(), integer);
  for (std::size_t k = 0; k < blocks_.sums.size(); ++k) fields.insert(fields.end(), {pointer, integer});
  frame_ = llvm::StructType::get(context, fields);
}

// void (ptr frame, i64 block)
llvm::Function* BlockedKernel::task() const {
  llvm::LLVMContext& context = module_.getContext();
  llvm::IRBuilder<> ir(context);
  llvm::Type* integer = ir.getInt64Ty();
  auto* task =
      llvm::Function::Create(llvm::FunctionType::get(ir.getVoidTy(), {ir.getPtrTy(), integer}, false),
                             llvm::GlobalValue::InternalLinkage, function_->getName() + ".block", module_);
  task->setDoesNotThrow();
  task->addFnAttr(llvm::Attribute::NoInline);
  task->addFnAttr(llvm::Attribute::OptimizeNone);  // a block is much longer than what leads to it
  ir.SetInsertPoint(llvm::BasicBlock::Create(context, "entry", task));
  Value *frame = task->getArg(0), *block = task->getArg(1);
  const auto field = [&](std::size_t k) {
    const auto at = static_cast<unsigned>(k);
    return ir.CreateLoad(frame_->getElementType(at), ir.CreateStructGEP(frame_, frame, at));
  };
  Value *extent = field(extent_at), *count = field(count_at), *next = ir.CreateAdd(block, ir.getInt64(1));
  const auto bound = [&](Value* of) { return ir.CreateUDiv(ir.CreateMul(of, extent), count); };
  const std::size_t copies_at = buffers_at + parameters_.buffers.size();
  std::vector<Value*> arguments;
  for (std::size_t k = 0; k < parameters_.buffers.size(); ++k) {
    const kernel::BufferId id = parameters_.buffers[k];
    Value* pointer = field(buffers_at + k);
    for (std::size_t s = 0; s < blocks_.scratch.size(); ++s)
      if (blocks_.scratch[s].buffer == id)
        pointer = ir.CreateGEP(ir.getInt8Ty(), pointer, ir.CreateMul(block, field(copies_at + s)));
    for (std::size_t s = 0; s < blocks_.sums.size(); ++s) {
      if (blocks_.sums[s].total != id) continue;
      const std::size_t at = copies_at + blocks_.scratch.size() + 2 * s;
      Value* part = ir.CreateGEP(ir.getInt8Ty(), field(at),
                                 ir.CreateMul(ir.CreateSub(block, ir.getInt64(1)), field(at + 1)));
      pointer = ir.CreateSelect(ir.CreateICmpEQ(block, ir.getInt64(0)), pointer, part);
    }
    arguments.push_back(pointer);
  }
  Value* status = ir.CreateGEP(ir.getInt32Ty(), field(statuses_at), block);
  ir.CreateStore(ir.getInt32(GRADC_OK), status);
  arguments.insert(arguments.end(), {field(sizes_at), status, bound(block), bound(next)});
  ir.CreateCall(function_, arguments);
  ir.CreateRetVoid();
  return task;
}

void BlockedKernel::call(llvm::IRBuilder<>& ir, const Given& given) const {
  llvm::Function* caller = ir.GetInsertBlock()->getParent();
  llvm::IRBuilder<> top(&caller->getEntryBlock(), caller->getEntryBlock().begin());
  Value* frame = top.CreateAlloca(frame_);
  Value* statuses = top.CreateAlloca(llvm::ArrayType::get(ir.getInt32Ty(), Blocks::most));
  Value* count = given.size(blocks_.count);
  // Without sums it makes no difference to the bits how many there are: one for each thread.
  if (blocks_.sums.empty())
    count = ir.CreateBinaryIntrinsic(llvm::Intrinsic::smin, count,
                                     ir.CreateSExt(threads_of(ir, given.pool), ir.getInt64Ty()));
  unsigned at = 0;
  const auto add = [&](Value* value) { ir.CreateStore(value, ir.CreateStructGEP(frame_, frame, at++)); };
  for (Value* value : {given.size(blocks_.extent), count, given.sizes, statuses}) add(value);
  const auto pointer = [&](kernel::BufferId id) {
    return given.pointers[static_cast<std::size_t>(id.value)];
  };
  for (kernel::BufferId id : parameters_.buffers) add(pointer(id));
  for (const Blocks::Scratch& s : blocks_.scratch) add(given.size(s.bytes));
  for (const Blocks::Sum& s : blocks_.sums) add(pointer(s.parts)), add(given.size(s.bytes));
  llvm::Function* run = module_.getFunction("gradc.blocks");
  if (!run) run = BlocksWriter(module_).run();
  ir.CreateCall(run, {given.pool, task(), frame, count, statuses, given.status});
}

}  // namespace gradc::codegen
