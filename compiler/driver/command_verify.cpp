// gradc verify: every derivative against differences of values in 100 digits, at random points; and the
// reference evaluator, unoptimised and optimised code against each other. SPDX-License-Identifier: Apache-2.0
// WITH LLVM-exception
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <unordered_set>

#include "compiler/driver/commands.h"
#include "compiler/driver/compiled.h"
#include "compiler/driver/failure_places.h"
#include "compiler/driver/model_functions.h"
#include "compiler/driver/print_values.h"
#include "compiler/driver/random_point.h"
#include "compiler/driver/whole_batch.h"
#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/operators/noise.h"
#include "compiler/operators/stated.h"
#include "runtime/scores.h"

namespace gradc::driver {
namespace {

constexpr double agrees = 1e-7;  // relative to the largest number around

// How many elements of one tensor are varied, chosen at random: fewer where each costs more.
std::size_t elements_at_most(const RandomPoint& point) {
  std::size_t numbers = 1;
  for (const HostArray& array : point.arrays) numbers += static_cast<std::size_t>(array.size());
  return std::clamp<std::size_t>(100'000 / numbers, 1, 24);
}

// How far two numbers are apart, measured by what is around them.
double distance(double a, double b, double scale) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b) ? 0 : INFINITY;
  if (a == b) return 0;
  return std::abs(a - b) / std::max(scale, 1.0);
}

double largest(const HostArray& array) {
  double result = 0;
  for (std::int64_t i = 0; i < array.size(); ++i)
    if (std::isfinite(array.value(i))) result = std::max(result, std::abs(array.value(i)));
  return result;
}

// All nodes of an expression, and of the definitions that it reads.
std::vector<Expr> nodes_behind(const System& system, Expr root) {
  std::vector<Expr> nodes, open = {root};
  std::unordered_set<TensorId> visited;
  while (!open.empty()) {
    const Expr next = open.back();
    open.pop_back();
    for (Expr e : reachable_nodes(next)) {
      nodes.push_back(e);
      if (e->kind != ExprKind::access || !visited.insert(e->tensor).second) continue;
      const Definition* read = system.find(e->tensor);
      if (read && read->define()) open.push_back(read->define()->value);
    }
  }
  return nodes;
}

std::vector<Expr> nodes_of(const System& system, TensorId of) {
  const Definition* defined = system.find(of);
  return defined && defined->define() ? nodes_behind(system, defined->define()->value) : std::vector<Expr>{};
}

// Whether `stop` holds back something that moves with `by`: then differences see what the derivative, as
// asked for, does not.
bool depends_through_stop(const System& system, TensorId of, TensorId by) {
  return std::ranges::any_of(nodes_of(system, of), [&](Expr e) {
    return e->is(op_stop) && std::ranges::any_of(nodes_behind(system, e), [&](Expr below) {
             return below->kind == ExprKind::access && below->tensor == by;
           });
  });
}

// Whether a derivative on the way is not that of the value's steps, but stated or that of an implicit
// equation.
bool depends_on_stated(const System& system, TensorId of) {
  return std::ranges::any_of(nodes_of(system, of), [](Expr e) { return e->is(op_stated); });
}

struct Findings {
  // Why differences do not measure this derivative: `stop` stands between, or an equation is not solved.
  std::string without;
  std::string no_value;    // what is not finite, or nan next to the point: then differences say nothing
  double differences = 0;  // the largest distance of any element to the differences
  double reference = 0;    // … to the reference evaluator
  bool levels_agree = true;
};

class Verifier {
 public:
  Verifier(const ModelFile& file, const Options& options, const Derivatives& made,
           const kernel::FunctionSpec& function)
      : file_(file), made_(made), function_(function), findings_(made.wanted.size()) {
    Dump quiet("");
    CompileSettings settings = settings_of(file, options);
    for (const int level : {0, 2}) {
      settings.level = level;
      compiled_.emplace_back(file.name, std::span(&function, 1), settings, quiet);
    }
  }

  Diagnostics at(const RandomPoint& point) {
    const Result<std::vector<HostArray>> plain = run(compiled_[0], point), fast = run(compiled_[1], point);
    if (!plain) return plain.diagnostics();
    if (!fast) return fast.diagnostics();
    Evaluator<double> reference(function_.system, point.values);
    for (std::size_t k = 0; k < made_.wanted.size(); ++k) {
      const auto which = static_cast<std::size_t>(
          std::ranges::find(function_.results, made_.wanted[k].tensor, &kernel::ArraySpec::tensor) -
          function_.results.begin());
      compare(k, (*fast)[which], (*plain)[which], reference, point);
    }
    return {};
  }

  const std::vector<Findings>& findings() const { return findings_; }

 private:
  Result<std::vector<HostArray>> run(const Compiled& compiled, const RandomPoint& point) {
    const std::int64_t examples = examples_in(point.sizes);
    BoundCall call(compiled.info().functions[0], point.sizes);
    std::vector<HostArray> arguments = point.arrays, results;
    for (std::size_t k = 0; k < arguments.size(); ++k)
      call.bind(static_cast<int>(k), arguments[k].bytes().data());
    for (std::size_t k = 0; k < function_.results.size(); ++k)
      results.push_back(call.allocate(static_cast<int>(arguments.size() + k), examples));
    const Diagnostics status = with_places(status_diagnostics(call.run(examples), file_.name), file_);
    if (has_errors(status)) return status;
    return results;
  }

  void compare(std::size_t k, const HostArray& fast, const HostArray& plain, Evaluator<double>& reference,
               const RandomPoint& point) {
    Findings& found = findings_[k];
    const Derivative& d = made_.wanted[k];
    found.levels_agree = found.levels_agree && std::ranges::equal(fast.bytes(), plain.bytes());
    const double scale = largest(fast);
    const auto expected = reference.tensor(d.tensor);
    for (std::int64_t i = 0; i < fast.size(); ++i) {
      const auto at = static_cast<std::size_t>(i);
      const double value = !expected                 ? NAN
                           : expected->reals.empty() ? static_cast<double>(expected->integers[at])
                                                     : expected->reals[at];
      found.reference = std::max(found.reference, distance(fast.value(i), value, scale));
    }
    if (d.wrt.empty()) return;
    const TensorId by = d.wrt.back();
    if (depends_through_stop(made_.system, tensor_before(d), by))
      found.without = "stop";
    else if (!reference.converged() && depends_on_stated(made_.system, tensor_before(d)))
      found.without = "no limit";
    if (!found.without.empty()) return;
    const auto before = reference.tensor(tensor_before(d));
    const std::int64_t columns = std::max<std::int64_t>(1, point.elements(by));
    for (const std::int64_t column : point.some_elements(by, elements_at_most(point))) {
      const std::vector<double> differences = point.differences(made_.system, tensor_before(d), by, column);
      for (std::size_t row = 0; row < differences.size(); ++row) {
        if (std::isnan(differences[row])) {
          const double here = before && row < before->reals.size() ? before->reals[row] : 0;
          found.no_value = std::isfinite(here) ? "nan next to this point"
                           : std::isnan(here)  ? "nan at this point"
                                               : fmt::format("{} at this point", here);
          continue;
        }
        found.differences = std::max(
            found.differences,
            distance(fast.value(static_cast<std::int64_t>(row) * columns + column), differences[row], scale));
      }
    }
  }

  // What d is the derivative of, by its last tensor.
  TensorId tensor_before(const Derivative& d) const {
    for (const Derivative& other : made_.wanted)
      if (other.of == d.of && other.wrt.size() + 1 == d.wrt.size() &&
          std::equal(other.wrt.begin(), other.wrt.end(), d.wrt.begin()))
        return other.tensor;
    return d.of;
  }

  const ModelFile& file_;
  const Derivatives& made_;
  const kernel::FunctionSpec& function_;
  std::vector<Compiled> compiled_;
  std::vector<Findings> findings_;
};

// The table, and whether everything agrees.
bool print_findings(const ModelFile& file, const Derivatives& made, const std::vector<Findings>& findings) {
  std::size_t width = 0;
  for (const Derivative& d : made.wanted) width = std::max(width, label(file, d).size());
  bool good = true;
  fmt::print("{:<{}}  {:>12}  {:>12}  {}\n", "", width, "differences", "evaluator", "O0 = O2");
  for (std::size_t k = 0; k < findings.size(); ++k) {
    const Findings& found = findings[k];
    const bool fine = found.differences <= agrees && found.reference <= agrees && found.levels_agree;
    good = good && fine;
    const std::string by_differences = made.wanted[k].wrt.empty() ? ""
                                       : !found.without.empty()   ? found.without
                                       : !found.no_value.empty()  ? "no value"
                                                                  : fmt::format("{:.1e}", found.differences);
    fmt::print("{:<{}}  {:>12}  {:>12.1e}  {:>7}  {}\n", label(file, made.wanted[k]), width, by_differences,
               found.reference, found.levels_agree ? "yes" : "no",
               !fine                    ? "WRONG"
               : found.no_value.empty() ? "ok"
                                        : "unknown");
  }
  return good;
}

// The derivatives that differences say nothing of, the first of each quantity.
Diagnostics without_values(const ModelFile& file, const Derivatives& made,
                           const std::vector<Findings>& findings) {
  Diagnostics faults;
  std::unordered_set<TensorId> told;
  for (std::size_t k = 0; k < findings.size(); ++k)
    if (const Derivative& d = made.wanted[k]; !findings[k].no_value.empty() && told.insert(d.of).second)
      faults.push_back(error_at(DiagnosticCode::E605, file.sources.front().name(),
                                fmt::format("differences say nothing of `{}`: what it derives is {}",
                                            label(file, d), findings[k].no_value),
                                "choose another point by `--set` or `--seed`"));
  return faults;
}

}  // namespace

int verify_command(const Options& options) {
  Dump dump(options.dump);
  std::optional<ModelFile> file = load_model(options, dump);
  if (!file) return status_user_error;
  take_whole_batch(*file);
  const Result<Request> request =
      make_request(*file, options, options.order.value_or(1), DefaultWrt::inputs_and_params);
  if (!request) return report(request.diagnostics(), file->sources);
  for (TensorId t : request->wrt)
    if (std::ranges::find(file->model.equations, t) != file->model.equations.end())
      return report({error_at(DiagnosticCode::E606, "--wrt " + file->tensor(t).name,
                              "only what is given can be varied, and this is computed by an equation")});
  Derivatives made = numbers(*file, differentiate(file->model.system, *request));
  made.system = sampled(made.system);
  const kernel::FunctionSpec function = value_function(*file, made, dump);
  Verifier verifier(*file, options, made, function);
  for (int k = 0; k < options.points; ++k) {
    const Result<RandomPoint> point =
        RandomPoint::draw(*file, options, function, options.seed.value_or(0) + static_cast<std::uint64_t>(k));
    if (!point) return report(point.diagnostics());
    if (const Diagnostics faults = verifier.at(*point); !faults.empty()) return report(faults);
  }
  if (print_findings(*file, made, verifier.findings())) {
    const Diagnostics faults = without_values(*file, made, verifier.findings());
    return faults.empty() ? status_ok : report(faults);
  }
  return report(
      {error_at(DiagnosticCode::E610, file->sources.front().name(), "compiled numbers and formulas disagree",
                "this is a mistake of gradc's, or a point near a kink: try another `--seed`")});
}

}  // namespace gradc::driver
