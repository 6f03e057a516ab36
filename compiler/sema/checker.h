// The checker's state, shared by the files of this folder; each file holds the members of one concern and
// says so. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/diff/derivative.h"
#include "compiler/diff/unknown_partial.h"
#include "compiler/operators/circle.h"
#include "compiler/operators/integers.h"
#include "compiler/operators/matrix_equations.h"
#include "compiler/sema/check.h"
#include "compiler/sema/frame.h"
#include "compiler/sema/guess.h"
#include "compiler/sema/names.h"
#include "compiler/sema/recurrence.h"
#include "compiler/sema/reports.h"

namespace gradc::sema {

// Whether a mistake in a function's body is one whatever its arguments are.
bool holds_for_all_arguments(DiagnosticCode code);

// If not, a guard may have to keep an access in range: it must stay under its guard.
bool subscripts_are_plain(Expr value);

class Checker {
 public:
  Checker(const syntax::Program& program, Context& context, const CheckOptions& options);
  Result<Model> run();

 private:
  // A shape, or nothing: another frame was started and has to end first.
  using Inferred = std::optional<Shape>;

  // ---- declare_dims.cpp: sizes
  void declare_dims();
  void report_size_circles(std::map<DimId, const syntax::DimItem*> circular);
  // An integer expression of numbers and sizes; reports and returns null if it is something else.
  Expr size_expression(syntax::ExprId root, Frame* frame = nullptr, bool of_indices = false);
  // The same, with indices too, and without a message.
  Expr subscript_expression(Frame& frame, syntax::ExprId root) { return size_expression(root, &frame, true); }
  // Its value if every size in it is fixed.
  bool is_possible_power(Expr size) const;
  std::optional<std::int64_t> fixed_value(Expr size) const;
  DimId anonymous_dim(std::string name, Expr size, SourceRange at);

  // ---- declare_tensors.cpp: inputs, targets, consts, params
  void declare_tensors();
  void declare_item(const syntax::Declaration& declaration, const syntax::Item& item, Entity& entity);
  std::optional<DimId> dim_named(const syntax::Spelled& name, const std::string& of, Frame* frame = nullptr);
  std::optional<DimId> axis_dim(syntax::ExprId axis, const std::string& of, Frame* frame = nullptr);
  void check_given_circles();  // given_circles.cpp
  std::vector<Entity*> read_by(const Entity& entity);
  // ---- circles.cpp, recurrence_*.cpp: equations in several lines, and circles of equations
  void check_equations();
  std::vector<std::size_t> mentioned_by(const Entity& entity);
  void check_group(const std::vector<std::size_t>& group, bool circle);
  bool declare_recurrence(Recurrence& r);
  bool read_lines(Recurrence& r);
  bool read_left(const Line& line, const syntax::LeftSubscript& subscript, LeftAxis& axis);
  DimId known_axis(Recurrence& r, syntax::TextId name, std::size_t k, Recurrence::Axis** own);
  void spread_bases(Recurrence& r);
  bool settle_extent(Recurrence& r, Recurrence::Member& m, std::size_t k);
  void choose_dims(Recurrence& r);
  class ShapeGuess;
  Guess guess_name(Recurrence& r, syntax::TextId name);
  void guess_shapes(Recurrence& r);
  bool reads_constants_only(const Recurrence& r);
  void check_recurrence(Recurrence& r);
  void declare_line(Frame& frame);
  void resolve_by_line(Frame& frame, IndexVariable& variable);
  void finish_line(Frame& frame);
  bool merge_lines(Recurrence& r, Recurrence::Member& m);
  bool check_cover(Recurrence& r, Recurrence::Member& m);
  void check_falls(Recurrence& r);
  void add_fall_check(const Definition& definition, const Fall::Check& check);
  DimId base_dim(DimId dim) const;
  bool may_subscript(DimId index, DimId axis) const;
  std::optional<Affine> extent_form(Expr size) const;
  std::string shown(const Affine& position) const;

  void give_values();  // const values and initialisers, once all names are there
  GivenValue given_value(syntax::ExprId value, Entity& entity);
  // The values of scalar expressions that read sizes and consts with values only; empty if a mistake was
  // reported.
  std::vector<Expr> closed_values(const std::string& name, std::size_t statement,
                                  std::vector<syntax::ExprId> roots, Type type = Type::real);
  std::optional<double> number_value(Expr value) const;
  bool check_size(const Tensor& tensor);

  // ---- noise.cpp
  void start_noise(Entity& entity);
  void finish_noise(Frame& frame);
  bool is_sample(TensorId tensor) const;
  const syntax::NoiseItem& noise_item(const Entity& entity) const;
  bool check_distribution(syntax::ExprId id);
  bool check_noise_parameter(Frame& frame, syntax::ExprId root);
  bool check_noise_domain(Frame& frame, Noise::Distribution distribution,
                          const std::vector<std::optional<double>>& numbers);
  bool check_held_parameter(Frame& frame, Expr value);
  TensorId declare_noise(Tensor tensor, Noise noise);
  TensorId define_sample(Tensor tensor, Noise::Distribution distribution, std::vector<Expr> parameters);

  // ---- integer_uses.cpp
  bool needed_as_integer(const std::string& name);

  // ---- run_frames.cpp: the work list
  Frame& new_frame(FrameKind kind, std::size_t statement);
  void start_equation(Entity& entity);
  void run_frames();
  void step(Frame& frame);
  bool settle(Frame& frame, syntax::ExprId id);
  void run_on(Frame& frame);
  bool need_whole(Frame& frame, syntax::ExprId root);
  void finish_equation(Frame& frame);
  void finish_function(Frame& frame);
  // The entity's shape, or nothing if its frame was started.
  Inferred demand(Entity& entity, SourceRange use);
  void report_not_given(Frame& frame, syntax::ExprId root);
  void report_circle(const Entity& entity, SourceRange use);
  void add_auxiliary(Frame& frame, Definition definition);
  Expr by_slots(Frame& frame, Expr value, const std::vector<DimId>& dims, std::vector<DimId>& all_dims);
  std::optional<std::vector<DimId>> right_dims(Frame& frame) {
    return stated_dims(frame.roots[0], frame[frame.roots[0]].shape.dims, frame.declared_axes, frame.name);
  }
  std::optional<std::vector<DimId>> stated_dims(syntax::ExprId root, const std::vector<DimId>& dims,
                                                const std::vector<DimId>& declared, const std::string& name);

  // ---- claims.cpp
  void check_claims();
  void declare_free_indices(Frame& frame);
  void finish_claim(Frame& frame);

  // ---- scopes.cpp: which indices are in force where
  void mark(Frame& frame);
  void mark_below(Frame& frame, syntax::ExprId first, syntax::ExprId last);
  void mark_children(Frame& frame, syntax::ExprId id);
  std::size_t add_variable(Frame& frame, std::int32_t scope, const syntax::Spelled& name, bool on_left);
  void declare_left(Frame& frame);
  // The indices and dims `[i, j in 0..2, A]` of a left side; the scope behind them.
  std::int32_t declare_subscripts(Frame& frame, std::int32_t scope, const std::string& name,
                                  const std::vector<syntax::LeftSubscript>& subscripts,
                                  std::vector<DimId>& declared_axes);
  void report_unused(Frame& frame);

  // ---- locals.cpp: the names of a `where`
  void declare_locals(Frame& frame);
  void mark_locals(Frame& frame, std::int32_t scope);
  Inferred infer_local(Frame& frame, syntax::ExprId id, LocalName& local);
  Shape local_shape(Frame& frame, LocalName& local);
  Expr build_local(Frame& frame, syntax::ExprId id, LocalName& local);
  Expr local_value(Frame& frame, const LocalName& local);
  void report_local_circle(Frame& frame, const LocalName& local, SourceRange use);
  void report_unused_locals(Frame& frame);
  std::set<const LocalName*> locals_always_read(const Frame& frame);

  // ---- iterate.cpp
  void mark_iterate(Frame& frame, syntax::ExprId id, const syntax::Iterate& iterate);
  Inferred infer_state(Frame& frame, const Frame::RunningState& state);
  Inferred infer_previous(Frame& frame, syntax::ExprId id, const syntax::Call& call);
  Inferred infer_iterate(Frame& frame, syntax::ExprId id, const syntax::Iterate& iterate);
  Expr step_taken(const Iteration& it, bool in_until);
  Expr where_taken(Frame& frame, Expr value);
  void find_leads(Frame& frame, Iteration& it);
  void declare_iteration(Frame& frame, Iteration& it);
  std::string free_name(const std::string& stem);
  Expr build_state(Frame& frame, const Frame::RunningState& state, bool previous);
  Expr build_previous(Frame& frame, syntax::ExprId id, const syntax::Call& call);
  Expr build_iterate(Frame& frame, syntax::ExprId id);
  Expr iterate_value(Frame& frame, syntax::ExprId id, std::size_t which);
  Expr last_state(const Iteration& it, std::size_t which);
  // ---- implicit.cpp: `iterate implicit`
  void define_roots(Frame& frame, Iteration& it);
  std::vector<Expr> steps_at_root(Frame& frame, Iteration& it);
  TensorId over_leads(const Frame& frame, const Iteration& it, const std::string& stem,
                      const std::vector<DimId>& own, Role role = Role::derived);
  TensorId define_over_leads(Frame& frame, const Iteration& it, TensorId tensor, Expr value);
  TensorId root_alone(const Frame& frame, Expr value, const Tensor& equation);

  // ---- several_values.cpp: `(x, v) = iterate …`, `(p, q) = f(…)`
  std::size_t result_count(const Entity& function) const;
  bool need_values(Frame& frame, const std::vector<syntax::Left>& lefts, syntax::ExprId value);
  Shape shape_of(const Frame& frame, syntax::ExprId value, std::size_t which) const;
  Expr value_of(Frame& frame, syntax::ExprId value, std::size_t which);
  void start_tuple(Frame& frame, const syntax::Equation& equation);
  void finish_tuple(Frame& frame);

  // ---- infer_shapes.cpp
  Inferred infer(Frame& frame, syntax::ExprId id);
  Inferred infer_name(Frame& frame, syntax::ExprId id, syntax::TextId name);
  Inferred infer_subscript(Frame& frame, syntax::ExprId id, const syntax::Subscript& subscript);
  Shape infer_unary(Frame& frame, const syntax::Unary& unary);
  Shape infer_binary(Frame& frame, syntax::ExprId id, const syntax::Binary& binary);
  Shape infer_matmul(Frame& frame, const syntax::Binary& binary);
  Shape infer_prime(Frame& frame, syntax::ExprId id, const syntax::Prime& prime);
  Shape infer_compare(Frame& frame, const syntax::Compare& compare);
  Shape infer_choice(Frame& frame, const syntax::Choice& choice);
  Shape infer_reduction(Frame& frame, syntax::ExprId id, const syntax::Reduction& reduction);
  Shape infer_array(Frame& frame, syntax::ExprId id, const syntax::Array& array);
  bool swallows_factor(const Frame& frame, const syntax::Reduction& reduction) const;
  bool mentions(const Frame& frame, syntax::ExprId root, const syntax::Reduction& reduction) const;
  void unknown_name(Frame& frame, syntax::ExprId id, const std::string& name);

  // ---- check_dims.cpp: where shapes meet
  bool same_dim(DimId a, DimId b) const;
  bool is_array_dim(DimId dim) const { return array_dims_.contains(dim); }
  // The dims of two operands element by element; reports at `at` if they do not go together.
  std::optional<std::vector<DimId>> elementwise(Frame& frame, syntax::ExprId a, syntax::ExprId b,
                                                SourceRange at);
  void report_dims(SourceRange at, DimId a, const std::string& of_a, DimId b, const std::string& of_b,
                   std::string label = {}, std::string help = {}, std::vector<Label> notes = {});
  bool need_number(Frame& frame, syntax::ExprId id);
  bool need_condition(Frame& frame, syntax::ExprId id);
  bool need_integer(Frame& frame, syntax::ExprId id, const std::string& what);
  bool need_scalar(Frame& frame, syntax::ExprId id, const std::string& what);
  std::string shown(syntax::ExprId id, const char* otherwise) const;
  std::string shown(const std::vector<DimId>& dims) const;
  std::string range_example(const std::string& index) const;  // "`i in D` or `i in 0..9`"
  std::string dim_name(DimId dim) const;
  SourceRange range(syntax::ExprId id) const { return program_[id].range; }

  // ---- infer_calls.cpp, inline_functions.cpp
  Inferred infer_call(Frame& frame, syntax::ExprId id, const syntax::Call& call);
  Inferred infer_language_call(Frame& frame, syntax::ExprId id, const syntax::Call& call,
                               const std::string& name);
  Inferred infer_user_call(Frame& frame, syntax::ExprId id, const syntax::Call& call, Entity& function);
  Shape infer_operator(Frame& frame, syntax::ExprId id, const syntax::Call& call, const Operator& op);
  Inferred infer_builtin(Frame& frame, syntax::ExprId id, const syntax::Call& call,
                         const std::string& callee);
  Shape infer_derivative(Frame& frame, syntax::ExprId id, const syntax::Call& call,
                         const std::string& callee);
  bool need_arguments(Frame& frame, syntax::ExprId id, const syntax::Call& call, std::size_t least,
                      std::size_t most);
  // An argument of a call: an expression, or what a function as an argument has already.
  struct Actual {
    syntax::ExprId at = {};
    const Captured* captured = nullptr;
  };
  std::vector<Actual> actuals(const Frame& frame, const syntax::Call& call) const;
  bool are_parameters(const syntax::Left& left, const std::vector<Actual>& arguments) const;
  Inferred instance_for(Frame& frame, syntax::ExprId id, const syntax::Call& call, std::uint32_t primes,
                        Entity& function, const std::vector<Actual>& arguments);
  Expr captured_value(Frame& frame, const Captured& captured, const Shape& shape);
  // ---- function_values.cpp: functions as arguments
  Inferred infer_function_value(Frame& frame, syntax::ExprId id, FunctionValue value);
  Inferred infer_partial(Frame& frame, syntax::ExprId id, const syntax::Call& call);
  const Entity* function_of(const Parameter& parameter);
  Inferred infer_parameter_call(Frame& frame, syntax::ExprId id, const syntax::Call& call,
                                const Parameter& parameter);
  void function_alone(Frame& frame, syntax::ExprId id, const std::string& name);
  FunctionValue whole_function(const Entity& function);
  bool is_called(const Entity& function, std::size_t parameter) const;
  bool hand_over(Frame& frame, syntax::ExprId at, FunctionValue& value, std::vector<std::int32_t>& key,
                 const std::string& name);
  bool nests_too_deep(const Instance& made, SourceRange use);
  bool differentiates(const Entity& function) const;
  std::optional<Instance::Further> function_result(Frame& frame, syntax::ExprId root);
  void start_function(std::size_t instance, const std::unordered_map<syntax::TextId, DimId>& generic,
                      bool integer, std::optional<SourceRange> called = {});
  void report_recursion(std::size_t function, SourceRange use);
  // ---- stated_derivatives.cpp: `deriv x: …`
  std::vector<std::size_t> derivs_of(const Entity& function) const;
  bool start_deriv(Frame& frame);
  void finish_deriv(Frame& frame);
  void claim_derivative(const Frame& frame, Expr stated);
  void state_derivatives(Frame& frame);
  // What an access to a placeholder, or to an instance's own equation, becomes at a call.
  struct Replacement {
    Expr value = {};  // of a parameter: the argument, over its axes
    std::vector<DimId> dims = {};
    TensorId tensor = {};         // of an equation: its copy for this call,
    std::vector<Expr> lead = {};  // which has these indices before its own
  };
  Expr replaced(Expr e, const std::unordered_map<TensorId, Replacement>& replacements);
  void copy_equations(Frame& frame, syntax::ExprId call, const std::vector<Definition>& equations,
                      std::unordered_map<TensorId, Replacement>& replacements);
  Expr end_of(const Frame& frame, Expr e, bool greatest);
  DimId range_dim(Frame& frame, Index index);
  Expr inside_range(const Frame& frame, Index index);
  std::optional<Rational> literal_value(syntax::ExprId id) const;
  Expr build_user_call(Frame& frame, syntax::ExprId id, const syntax::Call& call);
  void name_call(const Frame& frame, std::vector<Label>& notes) const;
  void check_uncalled_functions();  // uncalled_functions.cpp

  // ---- matrix_calls.cpp
  Shape infer_matrix_call(Frame& frame, syntax::ExprId id, const syntax::Call& call, const CallOperator& op);
  Expr build_matrix_call(Frame& frame, const syntax::Call& call, const CallOperator& op);
  DimId matrix_dim(const Frame& frame, const syntax::Call& call) const;
  Expr in_range_everywhere(Expr value);
  bool takes_over_call(const Definition& equation);
  MatrixEquations matrix_equations(Frame& frame);
  Replacement replaced_call(Frame& frame, const Definition& definition,
                            const std::unordered_map<TensorId, Replacement>& replacements);

  // ---- infer_indices.cpp: the ranges of indices
  void resolve_indices(Frame& frame, std::size_t first, std::size_t end);
  void resolve_stated(Frame& frame, IndexVariable& variable);
  void resolve_by_uses(Frame& frame, IndexVariable& variable);
  bool resolve_by_arithmetic(Frame& frame, std::size_t variable);
  bool is_shifted(const Frame& frame, const IndexVariable& variable, DimId base) const;

  // ---- check_positions.cpp: subscripts out of range
  void check_positions(Frame& frame);
  void check_range(Frame& frame, const IndexVariable& variable);
  void check_position(Frame& frame, syntax::ExprId access, syntax::ExprId at, Expr value, DimId dim);
  void report_positions();

  // ---- build_values.cpp
  void build(Frame& frame, syntax::ExprId id);
  Expr build_name(Frame& frame, syntax::ExprId id, syntax::TextId name);
  Expr build_subscript(Frame& frame, const syntax::Subscript& subscript);
  Expr build_unary(Frame& frame, const syntax::Unary& unary);
  Expr build_binary(Frame& frame, syntax::ExprId id, const syntax::Binary& binary);
  Expr build_compare(Frame& frame, const syntax::Compare& compare);
  Expr build_choice(Frame& frame, syntax::ExprId id, const syntax::Choice& choice);
  Expr build_array(Frame& frame, syntax::ExprId id, const syntax::Array& array);
  Expr build_reduction(Frame& frame, syntax::ExprId id, const syntax::Reduction& reduction);
  Expr compared_terms(Frame& frame, syntax::ExprId body);
  std::vector<Expr> conditions_around(const Frame& frame, syntax::ExprId at);
  Expr under_guards(const Frame& frame, syntax::ExprId at, Expr value);
  Expr build_reduction_value(Frame& frame, syntax::ExprId id, const syntax::Reduction& reduction);
  void bind_batch(Frame& frame, IndexVariable& variable, const syntax::Reduction& reduction,
                  const syntax::Binder& binder);
  bool is_across_batch(const Frame& frame, syntax::ExprId id, const syntax::Reduction& reduction) const;
  bool reaches_example(Expr value) const;
  Expr build_call(Frame& frame, syntax::ExprId id, const syntax::Call& call);
  Expr build_language_call(Frame& frame, syntax::ExprId id, const syntax::Call& call,
                           const std::string& name);
  Expr build_operator(Frame& frame, syntax::ExprId id, const syntax::Call& call, const Operator& op);
  Expr build_builtin(Frame& frame, syntax::ExprId id, const syntax::Call& call, const std::string& callee);
  Expr build_derivative(Frame& frame, const syntax::Call& call, const std::string& callee);
  void in_system(Frame& frame, const std::function<void()>& derive);

  // ---- derivatives.cpp
  bool are_known(const std::optional<UnknownPartial>& unknown, SourceRange at, std::string by = {});
  Expr simplified(Expr scalar);
  std::optional<std::size_t> derived_instance(std::size_t instance, std::size_t by, SourceRange at);
  // The arguments of a derivative operator, and what it is told by name.
  struct DerivativeCall {
    std::vector<syntax::ExprId> arguments;
    Mode mode = Mode::cheapest;
  };
  DerivativeCall derivative_call(const syntax::Call& call) const;
  bool need_mode(const syntax::Call& call, const std::string& callee);
  Expr as_access(Frame& frame, syntax::ExprId id, const std::string& stem);
  std::optional<Element> as_wrt(Frame& frame, syntax::ExprId id, std::size_t rank);
  Element as_direction(Frame& frame, syntax::ExprId id);
  Element derive(Frame& frame, const Element& of, const Element& wrt, Mode mode,
                 std::span<const TensorId> together = {});
  Element derive_along(Frame& frame, const Element& of, TensorId wrt, const Element& direction);
  // Elements over slots, the dims and names of these, and the indices that they stand for.
  struct SlottedElements {
    std::vector<Element> elements;
    std::vector<DimId> dims;
    std::vector<std::string> names;
    std::vector<Expr> positions;
  };
  SlottedElements slotted(Frame& frame, std::span<const Index> indices, std::vector<Element> elements);
  Element derive_product(Frame& frame, syntax::ExprId id, const Element& of, const Element& wrt,
                         const Element& direction);
  Element product_with(Frame& frame, syntax::ExprId of, const Element& element, const Element& direction);
  TensorId reached_statistic(TensorId of) const;
  Expr build_derivative_in(Frame& frame, const syntax::Call& call, const std::string& callee);
  std::vector<TensorId> wrts_of(syntax::ExprId of, TensorId first);

  // A node's value as a real, an integer, or in the dims `wanted` (array literals take the dims they meet).
  Expr as_real(Frame& frame, syntax::ExprId id, const std::vector<DimId>& wanted);
  Expr as_real(Frame& frame, syntax::ExprId id) { return as_real(frame, id, frame[id].shape.dims); }
  Expr as_integer(Frame& frame, syntax::ExprId id);
  std::optional<std::int64_t> whole_value(Expr literal) const;
  Expr in_dims(Frame& frame, syntax::ExprId id, const std::vector<DimId>& wanted);
  Expr retyped(Expr literal, Type type);

  // ---- matrix_sugar.cpp: values of whole tensors
  // Axis k of a whole-tensor value, where it is of this dim: the same index for all values.
  Index axis(std::size_t k, DimId dim);
  Expr axis_position(std::size_t k, DimId dim);
  // The element of a whole-tensor value at the subscripts; axes beyond them move to the front.
  Expr element(Expr value, const std::vector<DimId>& dims, std::span<const Expr> subscripts);
  Expr build_matmul(Frame& frame, const syntax::Binary& binary);
  Expr transposed(Expr value, const std::vector<DimId>& dims);
  // `value` behind a name of its own, if it is worth one: it reduces, and would be computed many times.
  Expr named_if_worth(Frame& frame, Expr value, const std::vector<DimId>& dims, const std::string& stem);
  Expr named(Frame& frame, Expr value, const std::vector<DimId>& dims, const std::string& stem);
  Expr named(Frame& frame, Expr value, const std::vector<DimId>& dims, gradc::Tensor tensor);
  std::string unused_name(const std::string& stem);

  // ---- training_lines.cpp, train_settings.cpp
  void check_training_lines();
  void check_sequences();
  void check_slopes();
  void check_objective(const syntax::Minimize& minimize);
  // The scalar that a training line defines or names; invalid if it is none.
  TensorId training_scalar(const syntax::Spelled& name, const std::string& line);
  void check_penalty(const syntax::Penalty& penalty);
  void check_condition(std::size_t statement, const syntax::Check& check);
  bool check_shape(const syntax::Compare& compare);
  // Whether a condition holds, if that is known before any data.
  std::optional<bool> proved(Expr condition);
  void check_train(std::size_t statement, const syntax::Train& train);
  std::optional<double> setting_value(std::size_t statement, syntax::ExprId value, const std::string& what,
                                      DiagnosticCode code = DiagnosticCode::E403);

  // ---- named_calls.cpp: optimizers and initialisers, by the runtime's tables
  struct ArgumentCodes {
    DiagnosticCode unknown, twice, value;
  };
  std::string called_name(syntax::ExprId id) const;
  SourceRange called_range(syntax::ExprId id) const;
  NamedCall named_call(std::size_t statement, syntax::ExprId id, const std::string& what,
                       std::span<const ParameterInfo> parameters, const ArgumentCodes& codes);
  void check_optimizer(std::size_t statement, const syntax::Setting& setting);
  Initialiser initialiser(const syntax::Item& item, Entity& entity);

  // ---- unused.cpp
  void report_unused_names();
  void report_unused_files();
  void choose_outputs();
  Diagnostics in_order() const;

  const std::string& text(syntax::TextId id) const { return program_[id]; }
  void not_yet(DiagnosticCode code, SourceRange at, const std::string& what);

  const syntax::Program& program_;
  Context& context_;
  const CheckOptions& options_;
  Reports reports_;
  Names names_;
  Model model_;
  System system_;
  std::optional<std::set<std::string>>
      integer_names_;                           // what has to be an integer; made when first asked for
  std::vector<std::unique_ptr<Frame>> frames_;  // the last one runs, the others wait
  std::vector<std::unique_ptr<Instance>> instances_;
  std::map<std::vector<std::int32_t>, std::size_t> instance_of_;
  std::map<std::pair<std::size_t, DimId>, Index> axes_;
  std::set<DimId> array_dims_;                      // of array literals that have not met a declared dim
  std::map<DimId, DimId> base_of_;                  // of an axis that has more positions than a dim
  std::map<std::pair<DimId, Expr>, DimId> longer_;  // and back, by its size
  std::vector<Expr> closed_;                        // what the last given frame made
  std::vector<std::pair<std::optional<std::size_t>, Diagnostic>> told_positions_;  // and of which equation
  // Instance and parameter → that of its derivative.
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> derived_of_;
  std::map<std::vector<std::int32_t>, TensorId> derivatives_;  // by what was derived by what
  std::set<std::size_t> claimed_derivs_;                       // by statement
  int stated_ = 0;                                             // how many `stated` there are
};

}  // namespace gradc::sema
