// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/strided.h"

#include "compiler/codegen/function_writer.h"
#include "compiler/support/check.h"
#include "runtime/abi.h"

namespace gradc::codegen {

namespace {

enum : std::uint64_t { rank_at, width_at, result_at, extents_at };

class StridedEmitter : FunctionWriter {
 public:
  explicit StridedEmitter(llvm::Module& module) : FunctionWriter(module) {}

  llvm::Function* run() {
    llvm::Function* stage = stage_function();
    stage->addFnAttr(
        llvm::Attribute::OptimizeNone);  // copies wait for memory, and everybody for the compiler
    begin("gradc.strided", ir_.getInt32Ty(),
          {pointer_, pointer_, pointer_, pointer_, pointer_, pointer_, pointer_});
    Value *description = argument(0), *sizes = argument(1), *arrays = argument(2), *strides = argument(3),
          *workspace = argument(4), *pool = argument(5), *call = argument(6);
    Value* dense = ir_.CreateAlloca(pointer_, load(integer_, description, number(0)));
    Value* room =
        ir_.CreateCall(stage, {description, sizes, arrays, strides, workspace, dense, ir_.getTrue()});
    auto* type = llvm::FunctionType::get(ir_.getInt32Ty(), std::vector<llvm::Type*>(5, pointer_), false);
    Value* status = ir_.CreateCall(
        type, call, {sizes, dense, llvm::ConstantPointerNull::get(pointer_), bytes(workspace, room), pool});
    ir_.CreateCall(stage, {description, sizes, arrays, strides, workspace, dense, ir_.getFalse()});
    ir_.CreateRet(status);
    return function_;
  }

 private:
  // How long the axis is whose extent stands at `extents`.
  Value* extent(Value* extents, Value* axis, Value* sizes) {
    Value* fixed = load(integer_, extents, axis);
    Value* known = ir_.CreateICmpSGE(fixed, number(0));
    Value* argument = ir_.CreateSelect(known, number(0), ir_.CreateNot(fixed));
    // Without run-time sizes there may be no array to read from.
    Value* place = ir_.CreateSelect(known, ir_.CreateGEP(integer_, extents, axis),
                                    ir_.CreateGEP(integer_, sizes, argument));
    return ir_.CreateLoad(integer_, place);
  }

  // i64 (…, ptr dense, i1 inwards). Inwards: fills `dense` with pointers, to what was given or to copies;
  // outwards: copies results back. Gives the bytes of the workspace that it uses.
  llvm::Function* stage_function() {
    begin("gradc.stage", integer_,
          {pointer_, pointer_, pointer_, pointer_, pointer_, pointer_, ir_.getInt1Ty()});
    Value *description = argument(0), *sizes = argument(1), *arrays = argument(2), *strides = argument(3),
          *workspace = argument(4), *dense = argument(5), *inwards = argument(6);
    Value* first = ir_.CreateGEP(integer_, description, number(1));
    Value* unit = ir_.CreateAlloca(integer_);  // read in the place of strides that are not there
    ir_.CreateStore(number(1), unit);
    const Values last =
        count(load(integer_, description, number(0)), false, {number(0), first},
              [&](Value* k, const Values& carried) {
                Value *room = carried[0], *entry = carried[1];
                Value *rank = load(integer_, entry, number(rank_at)),
                      *width = load(integer_, entry, number(width_at)),
                      *result = ir_.CreateICmpNE(load(integer_, entry, number(result_at)), number(0)),
                      *extents = ir_.CreateGEP(integer_, entry, number(extents_at));
                Value *given = load(pointer_, arrays, k), *own = load(pointer_, strides, k);
                // Without strides of its own the array is taken as contiguous: no stride is read.
                Value* strided = ir_.CreateICmpNE(own, llvm::ConstantPointerNull::get(pointer_));
                const Values shape =
                    count(rank, true, {number(1), ir_.getTrue()}, [&](Value* axis, const Values& x) {
                      Value* length = extent(extents, axis, sizes);
                      Value* place = ir_.CreateGEP(integer_, own, axis);
                      Value* stride = ir_.CreateLoad(integer_, ir_.CreateSelect(strided, place, unit));
                      Value* good =
                          ir_.CreateOr(ir_.CreateICmpEQ(length, number(1)), ir_.CreateICmpEQ(stride, x[0]));
                      return Values{ir_.CreateMul(x[0], length), ir_.CreateAnd(x[1], good)};
                    });
                Value* copied = ir_.CreateAnd(strided, ir_.CreateNot(shape[1]));
                Value* place = bytes(workspace, room);
                where(inwards, [&] {
                  ir_.CreateStore(ir_.CreateSelect(copied, place, given), ir_.CreateGEP(pointer_, dense, k));
                });
                where(ir_.CreateAnd(copied, ir_.CreateXor(inwards, result)),
                      [&] { copy(place, given, own, extents, sizes, rank, shape[0], width, inwards); });
                Value* size = ir_.CreateMul(shape[0], width);
                Value* used = ir_.CreateAnd(ir_.CreateAdd(size, number(GRADC_WORKSPACE_ALIGNMENT - 1)),
                                            number(~std::uint64_t{GRADC_WORKSPACE_ALIGNMENT - 1}));
                used = ir_.CreateSelect(ir_.CreateICmpEQ(rank, number(0)), number(0), used);
                return Values{ir_.CreateAdd(room, used), ir_.CreateGEP(integer_, extents, rank)};
              });
    ir_.CreateRet(last[0]);
    return function_;
  }

  void copy(Value* dense, Value* strided, Value* strides, Value* extents, Value* sizes, Value* rank,
            Value* elements, Value* width, Value* inwards) {
    count(elements, false, {}, [&](Value* element, const Values&) {
      // The element's subscripts, last axis first, are the digits of its number.
      const Values place = count(rank, true, {element, number(0)}, [&](Value* axis, const Values& x) {
        Value* length = extent(extents, axis, sizes);
        Value* stride = load(integer_, strides, axis);
        return Values{ir_.CreateUDiv(x[0], length),
                      ir_.CreateAdd(x[1], ir_.CreateMul(ir_.CreateURem(x[0], length), stride))};
      });
      Value* here = bytes(dense, ir_.CreateMul(element, width));
      Value* there = bytes(strided, ir_.CreateMul(place[1], width));
      ir_.CreateMemCpy(ir_.CreateSelect(inwards, here, there), llvm::MaybeAlign(1),
                       ir_.CreateSelect(inwards, there, here), llvm::MaybeAlign(1), width);
      return Values{};
    });
  }
};

}  // namespace

llvm::Constant* describe_arrays(llvm::Module& module, const kernel::Program& program) {
  std::vector<std::uint64_t> numbers = {program.arrays.size()};
  for (const kernel::Array& array : program.arrays) {
    const kernel::Buffer& buffer = program.buffer(array.buffer);
    numbers.push_back(buffer.extents.size());
    numbers.push_back(kernel::bytes(buffer.element));
    numbers.push_back(buffer.place == kernel::Buffer::Place::result);
    for (const kernel::SizeId id : buffer.extents) {
      const auto known = program.sizes.known(id);
      numbers.push_back(static_cast<std::uint64_t>(known ? *known : -1 - size_number(program, id)));
    }
  }
  llvm::Constant* value = llvm::ConstantDataArray::get(module.getContext(), numbers);
  return new llvm::GlobalVariable(module, value->getType(), true, llvm::GlobalValue::PrivateLinkage, value,
                                  "");
}

llvm::Function* strided_function(llvm::Module& module) {
  if (llvm::Function* there = module.getFunction("gradc.strided")) return there;
  return StridedEmitter(module).run();
}

}  // namespace gradc::codegen
