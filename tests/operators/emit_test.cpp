// The recipes of operators, run by the evaluating emitter: random arguments within the entry's bound, and
// special values of the right class and sign. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/operators/recipes.h"

namespace gradc::test {
namespace {

TEST(Emit, EveryOperatorHasARecipe) {
  for (const Operator* op : all_operators()) EXPECT_NE(op->emit, nullptr) << op->id;
}

TEST(Emit, IsWithinItsBoundOnTheSampledRange) {
  Random random;
  for (const Operator* op : all_operators())
    for (int turn = 0; is_real(*op) && op->arity > 0 && turn < 300; ++turn) {
      const bool f32 = turn % 2 == 1;
      Point at;
      for (double& x : at) x = round_to(f32, random.within(op->sampled[0], op->sampled[1]));
      at[0] = first_argument(*op, turn / 2, at[0]);
      expect_within_bound(*op, f32, at);
    }
}

TEST(Emit, IsWithinItsBoundEverywhere) {
  Random random;
  for (const Operator* op : all_operators())
    for (int turn = 0; is_real(*op) && op->arity > 0 && turn < 300; ++turn) {
      const bool f32 = turn % 2 == 1;
      Point at;
      for (double& x : at) x = round_to(f32, random.anywhere(f32));
      at[0] = first_argument(*op, turn / 2, at[0]);
      expect_within_bound(*op, f32, at);
    }
}

// Both NaN, or of one sign, and zero, infinite, denormal together; the least denormal may round to 0.
bool is_alike(bool f32, double value, double expected) {
  if (std::isnan(value) || std::isnan(expected)) return std::isnan(value) && std::isnan(expected);
  if (std::signbit(value) != std::signbit(expected)) return false;
  const double least = f32 ? FLT_TRUE_MIN : DBL_TRUE_MIN;
  if (std::fabs(value) <= least && std::fabs(expected) <= least) return true;
  const auto kind = [&](double x) {
    return f32 ? std::fpclassify(static_cast<float>(x)) : std::fpclassify(x);
  };
  return kind(value) == kind(expected);
}

TEST(Emit, SpecialValuesAreAsInTheReference) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> special = {0, 0.25, 0.5, 1, 1.5, 2, 3, 20, 100, infinity};
  for (double sign : {1.0, -1.0})
    for (const bool f32 : {false, true}) {
      const double least = f32 ? FLT_TRUE_MIN : DBL_TRUE_MIN, normal = f32 ? FLT_MIN : DBL_MIN;
      std::vector<double> values = {nan,
                                    sign * least,
                                    sign * normal,
                                    sign * (f32 ? FLT_MAX : DBL_MAX),
                                    sign * (1 + (f32 ? FLT_EPSILON : DBL_EPSILON)),
                                    sign * (1 - (f32 ? FLT_EPSILON : DBL_EPSILON) / 2)};
      for (double x : special) values.push_back(sign * x), values.push_back(-sign * x);
      for (const Operator* op : all_operators()) {
        if (!is_real(*op) || op->arity == 0) continue;
        const auto of = [&](int i) {
          if (i >= op->arity) return std::vector<double>{0};
          return i == 0 && op->has_order() ? std::vector<double>{1, 2, 3} : values;
        };
        for (double x0 : of(0))
          for (double x1 : of(1))
            for (double x2 : of(2)) {
              const Point at = {x0, x1, x2};
              const double expected = round_to(f32, op->evaluate(at.data())), value = run(*op, f32, at);
              EXPECT_TRUE(is_alike(f32, value, expected))
                  << op->id << (f32 ? " of f32 at " : " at ") << testing::PrintToString(at) << " yields "
                  << value << " instead of " << expected;
            }
      }
    }
}

TEST(Emit, LiteralArgumentsChangeTheRecipeButNotTheResult) {
  Random random;
  const Operator* const with_literals[] = {&op_max, &op_min, &op_pow, find_operator("clamp")};
  for (const Operator* op : with_literals)
    for (double literal : {0.0, 1.0, 2.0, 3.0, 4.0, 7.0, 8.0, -1.0, -2.0, -3.0, -8.0, 0.5, -0.5, 1.5, 9.0})
      for (int turn = 0; turn < 40; ++turn) {
        const bool f32 = turn % 2 == 1;
        expect_within_bound(*op, f32, {round_to(f32, random.anywhere(f32)), literal, literal + 1}, true);
        for (double x : {0.0, -0.0, infinity, -infinity}) {
          const Point at = {x, literal, literal + 1};
          EXPECT_EQ(1 / run(*op, f32, at, true), 1 / op->evaluate(at.data())) << op->id << x << literal;
        }
      }
}

class CountingEmitter : public EvaluatingEmitter {
 public:
  using EvaluatingEmitter::EvaluatingEmitter, Emitter::op;
  EmitValue op(MachineOp which, std::span<const EmitValue> operands) override {
    return ++count, EvaluatingEmitter::op(which, operands);
  }
  int count = 0;
};

// What a training step computes most of; a call of the C library takes some fifty.
TEST(Emit, FrequentRecipesAreShort) {
  for (const Operator* op : {&op_exp, &op_log, &op_tanh, &op_sigmoid})
    for (const bool f32 : {false, true}) {
      CountingEmitter e(f32);
      const EmitValue x = e.argument(MachineValue::real(f32 ? MachineType::f32 : MachineType::f64, 0.5));
      op->emit(e, &x);
      EXPECT_LE(e.count, 45) << op->id << (f32 ? " of f32" : "");
    }
}

TEST(Emit, IntegersAreExact) {
  const std::int64_t values[] = {0, 1, -1, 2, -2, 3, 7, -9, 62, 63, 64, 1000, INT64_MAX, INT64_MIN};
  for (const Operator* op : all_operators()) {
    if (!op->evaluate_integer || op->typing == Typing::logical) continue;
    for (std::int64_t a : values)
      for (std::int64_t b : values)
        for (int literals = 0; literals < 4; ++literals) {
          EvaluatingEmitter e(false);
          const std::int64_t at[] = {a, b};
          EmitValue x[2];
          for (int i = 0; i < 2; ++i)
            x[i] = e.argument(MachineValue::i64(at[i]),
                              literals >> i & 1 ? std::optional(Rational(at[i])) : std::nullopt);
          const MachineValue result = e.value(op->emit(e, x));
          EXPECT_EQ(result.as_i64(), op->evaluate_integer(at)) << op->id << " of " << a << ", " << b;
        }
  }
}

}  // namespace
}  // namespace gradc::test
