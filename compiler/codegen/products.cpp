// C is made in tiles that stay in registers while `depth` rows of B pass by (Goto & van de Geijn, Anatomy of
// high-performance matrix multiplication, ACM TOMS 34(3), 2008; Van Zee & van de Geijn, BLIS, ACM TOMS 41(3),
// 2015). Elements of A are broadcast from where they lie; a panel of B, as wide as the tile, is read in place
// if its rows are contiguous and fall into many sets of the cache, and else copied together on the stack.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/products.h"

#include <llvm/MC/MCSubtargetInfo.h>

#include <algorithm>

#include "compiler/codegen/function_writer.h"
#include "compiler/kernel/loop.h"

namespace gradc::codegen {

namespace {

// How many elements of C are in registers at once. With 32 registers, 16 for sums leave room for B's rows and
// are enough to hide that an fma takes 4 to 5 cycles, two of them begun in each; with 16 registers, 12 are.
struct Tile {
  unsigned rows, vectors, lanes;
  unsigned columns() const { return vectors * lanes; }
};

Tile tile_of(const llvm::TargetMachine& machine, bool f32) {
  const unsigned bytes = f32 ? 4 : 8;
  const llvm::MCSubtargetInfo& has = *machine.getMCSubtargetInfo();
  if (!machine.getTargetTriple().isX86()) return {8, 2, 16 / bytes};
  if (has.checkFeatures("+avx512f")) return {8, 2, 64 / bytes};
  if (has.checkFeatures("+avx")) return {6, 2, 32 / bytes};
  return {4, 2, 16 / bytes};
}

class ProductWriter : FunctionWriter {
 public:
  ProductWriter(llvm::Module& module, bool f32, bool fma, Tile tile)
      : FunctionWriter(module),
        real_(f32 ? ir_.getFloatTy() : ir_.getDoubleTy()),
        width_(f32 ? 4 : 8),
        fma_(fma),
        tile_(tile),
        name_(std::string("gradc.tile.") + (f32 ? "f32" : "f64") + (fma ? "" : ".mul")) {}

  void run(llvm::Function* product) {
    llvm::Function *wide = tile(tile_.rows, tile_.vectors), *narrow = tile(tile_.rows, 1),
                   *wide_row = tile(1, tile_.vectors), *narrow_row = tile(1, 1);
    begin(product);
    product->setLinkage(llvm::GlobalValue::InternalLinkage);
    Value *a = argument(0), *a_row = argument(1), *a_column = argument(2), *b = argument(3),
          *b_row = argument(4), *c = argument(6), *c_row = argument(7), *m = argument(8), *n = argument(9),
          *k = argument(10), *accumulate = argument(11);
    llvm::AllocaInst* packed =
        ir_.CreateAlloca(llvm::ArrayType::get(real_, std::uint64_t{kernel::Gemm::depth} * tile_.columns()));
    packed->setAlignment(llvm::Align(64));
    // Without products C is still to be cleared: there is always a block.
    Value* depth = number(kernel::Gemm::depth);
    Value* blocks = ir_.CreateBinaryIntrinsic(llvm::Intrinsic::smax, number(1), quotient(k, depth));
    Value* length = quotient(k, blocks);
    count(blocks, false, {}, [&](Value* p, const Values&) {
      Value* first = ir_.CreateMul(p, length);
      Value* rows = ir_.CreateBinaryIntrinsic(llvm::Intrinsic::smax, number(0),
                                              smaller(length, ir_.CreateSub(k, first)));
      Value* add = ir_.CreateOr(accumulate, ir_.CreateICmpNE(p, number(0)));
      Value* a_here = element(a, ir_.CreateMul(first, a_column));
      each(number(0), n, tile_.columns(), {}, [&](Value* j, const Values&) {
        Value* left = ir_.CreateSub(n, j);
        Value* is_narrow = ir_.CreateICmpSLE(left, number(tile_.lanes));
        Value* width = ir_.CreateSelect(is_narrow, number(tile_.lanes), number(tile_.columns()));
        // In place, the last panel begins so that it ends with the matrix; its first columns are there
        // already.
        Value* in_place = ir_.CreateAnd(may_stay(), ir_.CreateICmpSGE(n, width));
        Value* begin = ir_.CreateSelect(in_place, smaller(j, ir_.CreateSub(n, width)), j);
        Value* panel =
            element(b, ir_.CreateAdd(ir_.CreateMul(first, b_row), ir_.CreateMul(begin, argument(5))));
        where(ir_.CreateNot(in_place), [&] { pack(panel, packed, rows, smaller(left, width), width); });
        Value* from = ir_.CreateSelect(in_place, panel, packed);
        Value* from_row = ir_.CreateSelect(in_place, b_row, width);
        Value* skipped = ir_.CreateSub(j, begin);
        Value* end = ir_.CreateAdd(skipped, smaller(left, width));
        const auto down = [&](llvm::Function* tile, llvm::Function* row) {
          each(number(0), m, tile_.rows, {}, [&](Value* i, const Values&) {
            Value* here = ir_.CreateSub(m, i);
            Value* to = element(c, ir_.CreateAdd(ir_.CreateMul(i, c_row), begin));
            const Values arguments{
                element(a_here, ir_.CreateMul(i, a_row)), a_row, a_column, from, from_row, to, c_row,
                smaller(here, number(tile_.rows)),        rows,  skipped,  end,  add};
            where(
                ir_.CreateICmpEQ(here, number(1)), [&] { ir_.CreateCall(row, arguments); },
                [&] { ir_.CreateCall(tile, arguments); });
            return Values{};
          });
        };
        where(
            is_narrow, [&] { down(narrow, narrow_row); }, [&] { down(wide, wide_row); });
        return Values{};
      });
      return Values{};
    });
    ir_.CreateRetVoid();
  }

 private:
  llvm::FixedVectorType* vector(unsigned lanes) { return llvm::FixedVectorType::get(real_, lanes); }
  Value* element(Value* base, Value* offset) { return ir_.CreateGEP(real_, base, offset); }
  Value* read(llvm::Type* type, Value* from) {
    return ir_.CreateAlignedLoad(type, from, llvm::Align(width_));
  }
  void write(Value* value, Value* to) { ir_.CreateAlignedStore(value, to, llvm::Align(width_)); }
  Value* quotient(Value* a, Value* b) {  // rounded up
    return ir_.CreateUDiv(ir_.CreateAdd(a, ir_.CreateSub(b, number(1))), b);
  }

  // Rows of B are read where they are. Rows that a multiple of 256 bytes lie apart share few of a cache's
  // sets (a panel would drive itself out of L1); with few rows of C there is nothing to gain from a copy.
  Value* may_stay() {
    Value *b_row = argument(4), *contiguous = ir_.CreateICmpEQ(argument(5), number(1));
    Value* spread =
        ir_.CreateICmpNE(ir_.CreateAnd(ir_.CreateMul(b_row, number(width_)), number(255)), number(0));
    Value* few = ir_.CreateICmpSLE(argument(8), number(std::uint64_t{2} * tile_.rows));
    return ir_.CreateAnd(contiguous, ir_.CreateOr(spread, few));
  }

  // `rows` rows of B's panel, one behind the other, filled up with zeros to `width` columns.
  void pack(Value* panel, Value* packed, Value* rows, Value* columns, Value* width) {
    Value *b_row = argument(4), *b_column = argument(5);
    const unsigned side = std::min(32 / width_, tile_.lanes);
    where(
        ir_.CreateICmpEQ(b_column, number(1)),
        [&] {
          count(rows, false, {}, [&](Value* p, const Values&) {
            Value *from = element(panel, ir_.CreateMul(p, b_row)),
                  *to = element(packed, ir_.CreateMul(p, width));
            each(number(0), width, tile_.lanes, {}, [&](Value* j, const Values&) {
              Value* some = ir_.CreateMaskedLoad(vector(tile_.lanes), element(from, j), llvm::Align(width_),
                                                 below(ir_.CreateSub(columns, j)),
                                                 llvm::Constant::getNullValue(vector(tile_.lanes)));
              write(some, element(to, j));
              return Values{};
            });
            return Values{};
          });
        },
        [&] {
          each(number(0), width, side, {}, [&](Value* j, const Values&) {
            // Squares are transposed in registers; what is left over goes element by element.
            Value* whole = ir_.CreateICmpSLE(ir_.CreateAdd(j, number(side)), columns);
            Value* squares =
                ir_.CreateSelect(whole, ir_.CreateAnd(rows, number(~std::uint64_t{side - 1})), number(0));
            Value* from = element(panel, ir_.CreateMul(j, b_column));
            each(number(0), squares, side, {}, [&](Value* p, const Values&) {
              std::vector<Value*> square;
              for (unsigned r = 0; r < side; ++r)
                square.push_back(
                    read(vector(side), element(from, ir_.CreateAdd(p, ir_.CreateMul(number(r), b_column)))));
              square = transposed(std::move(square));
              for (unsigned r = 0; r < side; ++r)
                write(square[r],
                      element(packed, ir_.CreateAdd(j, ir_.CreateMul(width, ir_.CreateAdd(p, number(r))))));
              return Values{};
            });
            each(squares, rows, 1, {}, [&](Value* p, const Values&) {
              count(number(side), false, {}, [&](Value* r, const Values&) {
                Value* to = element(packed, ir_.CreateAdd(ir_.CreateAdd(j, r), ir_.CreateMul(width, p)));
                where(
                    ir_.CreateICmpSLT(ir_.CreateAdd(j, r), columns),
                    [&] {
                      write(read(real_, element(from, ir_.CreateAdd(p, ir_.CreateMul(r, b_column)))), to);
                    },
                    [&] { write(llvm::Constant::getNullValue(real_), to); });
                return Values{};
              });
              return Values{};
            });
            return Values{};
          });
        });
  }

  // Rows r and r + d change their halves of each 2d elements, for d = 1, 2, 4, …
  std::vector<Value*> transposed(std::vector<Value*> rows) {
    const auto side = static_cast<unsigned>(rows.size());
    for (unsigned d = 1; d < side; d *= 2) {
      std::vector<int> low, high;
      for (unsigned i = 0; i < side; ++i) {
        const bool own = (i & d) == 0;
        low.push_back(static_cast<int>(own ? i : side + i - d));
        high.push_back(static_cast<int>(own ? i + d : side + i));
      }
      for (unsigned r = 0; r < side; ++r) {
        if (r & d) continue;
        Value *x = rows[r], *y = rows[r + d];
        rows[r] = ir_.CreateShuffleVector(x, y, low);
        rows[r + d] = ir_.CreateShuffleVector(x, y, high);
      }
    }
    return rows;
  }

  // The lanes whose number is below.
  Value* below(Value* limit) {
    llvm::SmallVector<llvm::Constant*> lanes;
    for (unsigned l = 0; l < tile_.lanes; ++l) lanes.push_back(ir_.getInt64(l));
    Value* wanted = ir_.CreateVectorSplat(tile_.lanes, limit);
    return ir_.CreateICmpSLT(llvm::ConstantVector::get(lanes), wanted);
  }

  // void (ptr a, i64 row, i64 column, ptr b, i64 row, ptr c, i64 row, i64 rows, i64 depth, i64 skipped, i64
  // end, i1 add): columns from `skipped` to `end` of C's tile are written. Rows behind the last are computed
  // as if they were the last.
  llvm::Function* tile(unsigned most_rows, unsigned vectors) {
    llvm::Type *p = pointer_, *i = integer_;
    begin((name_ + "." + std::to_string(most_rows) + "x" + std::to_string(vectors)).c_str(), ir_.getVoidTy(),
          {p, i, i, p, i, p, i, i, i, i, i, ir_.getInt1Ty()});
    for (unsigned k : {0u, 3u, 5u}) function_->addParamAttr(k, llvm::Attribute::NoAlias);
    llvm::FixedVectorType* lanes = vector(tile_.lanes);
    Value *a_row = argument(1), *a_column = argument(2), *b_row = argument(4), *c = argument(5),
          *c_row = argument(6), *rows = argument(7), *add = argument(11);
    Values a;
    for (unsigned r = 0; r < most_rows; ++r)
      a.push_back(
          element(argument(0), ir_.CreateMul(a_row, smaller(number(r), ir_.CreateSub(rows, number(1))))));
    Values sums(std::size_t{most_rows} * vectors, llvm::Constant::getNullValue(lanes));
    sums.push_back(number(0));
    sums.push_back(argument(3));
    sums = count(argument(8), false, sums, [&](Value*, const Values& now) {
      Values next, b;
      Value *at = now[now.size() - 2], *b_here = now.back();
      for (unsigned v = 0; v < vectors; ++v)
        b.push_back(read(lanes, element(b_here, number(std::uint64_t{v} * tile_.lanes))));
      for (unsigned r = 0; r < most_rows; ++r) {
        Value* x = ir_.CreateVectorSplat(tile_.lanes, read(real_, element(a[r], at)));
        for (unsigned v = 0; v < vectors; ++v) next.push_back(fused(x, b[v], now[r * vectors + v]));
      }
      next.push_back(ir_.CreateAdd(at, a_column));
      next.push_back(element(b_here, b_row));
      return next;
    });
    Values masks, old_masks;
    for (unsigned v = 0; v < vectors; ++v) {
      Value* before = number(std::uint64_t{v} * tile_.lanes);
      Value* mask = ir_.CreateAnd(below(ir_.CreateSub(argument(10), before)),
                                  ir_.CreateNot(below(ir_.CreateSub(argument(9), before))));
      masks.push_back(mask);
      old_masks.push_back(ir_.CreateAnd(mask, ir_.CreateVectorSplat(tile_.lanes, add)));
    }
    llvm::BasicBlock* done = block("done");
    for (unsigned r = 0; r < most_rows; ++r) {
      Value* to = element(c, ir_.CreateMul(number(r), c_row));
      for (unsigned v = 0; v < vectors; ++v) {
        Value* here = element(to, number(std::uint64_t{v} * tile_.lanes));
        Value* old = ir_.CreateMaskedLoad(lanes, here, llvm::Align(width_), old_masks[v],
                                          llvm::Constant::getNullValue(lanes));
        ir_.CreateMaskedStore(ir_.CreateFAdd(old, sums[r * vectors + v]), here, llvm::Align(width_),
                              masks[v]);
      }
      llvm::BasicBlock* next = r + 1 < most_rows ? block("row") : done;
      ir_.CreateCondBr(ir_.CreateICmpSLT(number(r + 1), rows), next, done);
      ir_.SetInsertPoint(next);
    }
    ir_.CreateRetVoid();
    return function_;
  }

  Value* fused(Value* a, Value* b, Value* c) {
    if (!fma_) return ir_.CreateFAdd(c, ir_.CreateFMul(a, b));
    return ir_.CreateIntrinsic(llvm::Intrinsic::fma, {a->getType()}, {a, b, c});
  }

  llvm::Type* real_;
  unsigned width_;  // bytes of an element
  bool fma_;
  Tile tile_;
  std::string name_;
};

std::string product_name(ProductKind kind) {
  return std::string("gradc.product.") + (kind.f32 ? "f32" : "f64") + (kind.fma ? "" : ".mul");
}

}  // namespace

llvm::Function* product_function(llvm::Module& module, ProductKind kind) {
  const std::string name = product_name(kind);
  if (llvm::Function* there = module.getFunction(name)) return there;
  llvm::LLVMContext& context = module.getContext();
  llvm::Type *p = llvm::PointerType::getUnqual(context), *i = llvm::Type::getInt64Ty(context);
  llvm::Type* parameters[] = {p, i, i, p, i, i, p, i, i, i, i, llvm::Type::getInt1Ty(context)};
  return llvm::Function::Create(llvm::FunctionType::get(llvm::Type::getVoidTy(context), parameters, false),
                                llvm::GlobalValue::ExternalLinkage, name, module);
}

void define_products(llvm::Module& module, const llvm::TargetMachine& machine) {
  for (const bool f32 : {true, false})
    for (const bool fma : {true, false})
      if (llvm::Function* product = module.getFunction(product_name({f32, fma})))
        ProductWriter(module, f32, fma, tile_of(machine, f32)).run(product);
}

}  // namespace gradc::codegen
