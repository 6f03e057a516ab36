// How exact the elementary functions of compiled code are, against MPFR, and how long they take, against the
// C library: the table of docs/functions.md. Arguments go through all magnitudes, and densely through where
// the function is not flat. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fmt/format.h>
#include <mpfr.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "compiler/driver/compiled.h"
#include "compiler/driver/model_functions.h"
#include "compiler/driver/request.h"
#include "compiler/support/check.h"
#include "runtime/bound_call.h"
#include "tests/support/model_text.h"

namespace gradc::bench {
namespace {

constexpr int bits = 160;

using Exact = void (*)(mpfr_t result, mpfr_t x);
#define GRADC_MPFR(name) [](mpfr_t r, mpfr_t x) { mpfr_##name(r, x, MPFR_RNDN); }

struct Function {
  std::string name;     // or a call with x
  double lower, upper;  // where it is neither flat nor overflows
  Exact exact;
  double (*c_f64)(double);
  float (*c_f32)(float);
  // Zeros that no number hits: near these the error is counted in units of the terms that cancel there.
  double (*terms)(double) = nullptr;
};

// P and Q(5/2, x). MPFR's own function is Q, and takes long for great x and for small ones, where P comes
// from its series (DLMF 8.11.4).
void lower_gamma(mpfr_t r, mpfr_t x) {
  mpfr_t a, term, k;
  mpfr_inits2(bits, a, term, k, static_cast<mpfr_ptr>(nullptr));
  mpfr_set_d(k, 3.5, MPFR_RNDN);
  mpfr_gamma(term, k, MPFR_RNDN);
  mpfr_set_d(a, 2.5, MPFR_RNDN);
  mpfr_pow(a, x, a, MPFR_RNDN);
  mpfr_div(term, a, term, MPFR_RNDN);
  mpfr_neg(a, x, MPFR_RNDN);
  mpfr_exp(a, a, MPFR_RNDN);
  mpfr_mul(term, term, a, MPFR_RNDN);
  mpfr_set(r, term, MPFR_RNDN);
  for (int n = 1; n < 100; ++n) {
    mpfr_mul(term, term, x, MPFR_RNDN);
    mpfr_div(term, term, k, MPFR_RNDN);
    mpfr_add(r, r, term, MPFR_RNDN);
    mpfr_add_ui(k, k, 1, MPFR_RNDN);
  }
  mpfr_clears(a, term, k, static_cast<mpfr_ptr>(nullptr));
}
void upper_gamma(mpfr_t r, mpfr_t x) {
  mpfr_t a;
  mpfr_init2(a, bits);
  mpfr_set_d(a, 2.5, MPFR_RNDN);
  mpfr_gamma_inc(r, a, x, MPFR_RNDN);
  mpfr_gamma(a, a, MPFR_RNDN);
  mpfr_div(r, r, a, MPFR_RNDN);
  mpfr_clear(a);
}
void incomplete_gamma(mpfr_t r, mpfr_t x, bool upper) {
  const bool is_small = mpfr_cmp_d(x, 3.5) <= 0;
  if (mpfr_sgn(x) < 0)
    mpfr_set_nan(r);
  else if (mpfr_cmp_d(x, 1000) > 0)
    mpfr_set_zero(r, 1);
  else
    (is_small ? lower_gamma : upper_gamma)(r, x);
  if (upper == is_small) mpfr_ui_sub(r, 1, r, MPFR_RNDN);
}

// What Bessel functions oscillate by.
double amplitude(double x) { return std::min(1.0, std::sqrt(2 / (3.14159 * std::abs(x)))); }

const Function functions[] = {
    {"exp", -700, 700, GRADC_MPFR(exp), std::exp, std::exp},
    {"expm1", -40, 700, GRADC_MPFR(expm1), std::expm1, std::expm1},
    {"exp2", -1000, 1000, GRADC_MPFR(exp2), std::exp2, std::exp2},
    {"log", 0, 100, GRADC_MPFR(log), std::log, std::log},
    {"log1p", -0.999, 100, GRADC_MPFR(log1p), std::log1p, std::log1p},
    {"log2", 0, 100, GRADC_MPFR(log2), std::log2, std::log2},
    {"log10", 0, 100, GRADC_MPFR(log10), std::log10, std::log10},
    {"sin", -100, 100, GRADC_MPFR(sin), std::sin, std::sin},
    {"cos", -100, 100, GRADC_MPFR(cos), std::cos, std::cos},
    {"tan", -100, 100, GRADC_MPFR(tan), std::tan, std::tan},
    {"asin", -1, 1, GRADC_MPFR(asin), std::asin, std::asin},
    {"acos", -1, 1, GRADC_MPFR(acos), std::acos, std::acos},
    {"atan", -20, 20, GRADC_MPFR(atan), std::atan, std::atan},
    {"sinh", -30, 30, GRADC_MPFR(sinh), std::sinh, std::sinh},
    {"cosh", -30, 30, GRADC_MPFR(cosh), std::cosh, std::cosh},
    {"tanh", -20, 20, GRADC_MPFR(tanh), std::tanh, std::tanh},
    {"asinh", -100, 100, GRADC_MPFR(asinh), std::asinh, std::asinh},
    {"acosh", 1, 100, GRADC_MPFR(acosh), std::acosh, std::acosh},
    {"atanh", -1, 1, GRADC_MPFR(atanh), std::atanh, std::atanh},
    {"sigmoid", -40, 40,
     [](mpfr_t r, mpfr_t x) {
       mpfr_neg(r, x, MPFR_RNDN);
       mpfr_exp(r, r, MPFR_RNDN);
       mpfr_add_ui(r, r, 1, MPFR_RNDN);
       mpfr_ui_div(r, 1, r, MPFR_RNDN);
     },
     [](double x) { return 1 / (1 + std::exp(-x)); }, [](float x) { return 1 / (1 + std::exp(-x)); }},
    {"sqrt", 0, 100, GRADC_MPFR(sqrt), std::sqrt, std::sqrt},
    {"cbrt", -100, 100, GRADC_MPFR(cbrt), std::cbrt, std::cbrt},
    {"erf", -6, 6, GRADC_MPFR(erf), std::erf, std::erf},
    {"erfc", -6, 9, GRADC_MPFR(erfc), std::erfc, std::erfc},
    {"lgamma", -20, 100,
     [](mpfr_t r, mpfr_t x) {
       int sign;
       mpfr_lgamma(r, &sign, x, MPFR_RNDN);
     },
     std::lgamma, std::lgamma, [](double) { return 2.0; }},
    {"digamma", -20, 100, GRADC_MPFR(digamma), nullptr, nullptr,
     [](double x) { return 2 * std::log(12 + std::abs(x)); }},
    {"besselj0", -50, 50, GRADC_MPFR(j0), ::j0, ::j0f, amplitude},
    {"besselj1", -50, 50, GRADC_MPFR(j1), ::j1, ::j1f, amplitude},
    {"besselj(3, x)", -50, 50, [](mpfr_t r, mpfr_t x) { mpfr_jn(r, 3, x, MPFR_RNDN); },
     [](double x) { return ::jn(3, x); }, [](float x) { return ::jnf(3, x); }, amplitude},
    {"gammainc(5/2, x)", 0, 20, [](mpfr_t r, mpfr_t x) { incomplete_gamma(r, x, false); }, nullptr, nullptr},
    {"gammaincc(5/2, x)", 0, 700, [](mpfr_t r, mpfr_t x) { incomplete_gamma(r, x, true); }, nullptr, nullptr},
};

// y[i] = f(x[i]) as machine code.
template <class Real>
class Compiled {
 public:
  Compiled(const std::string& name, std::int64_t count)
      : file_(test::model_of(fmt::format("dim N = {}\nconst x[N]\nf(x) = {}{}\ny[i] = f(x[i])\n", count, name,
                                         name.ends_with(")") ? "" : "(x)"))) {
    driver::Options options;
    options.of = {"y"};
    options.order = 0;
    options.precision = sizeof(Real) == 4 ? "f32" : "f64";
    const auto request = driver::make_request(file_, options, 0, driver::DefaultWrt::inputs_and_params);
    GRADC_CHECK(request, "the request is refused");
    driver::Dump quiet("");
    function_ = driver::value_function(file_, driver::differentiate(file_.model.system, *request), quiet);
    compiled_ =
        std::make_unique<driver::Compiled>("functions", std::span<const kernel::FunctionSpec>(&function_, 1),
                                           driver::settings_of(file_, options), quiet);
    call_ = std::make_unique<BoundCall>(compiled_->info().functions[0], std::span<const NamedSize>{});
  }
  void run(const std::vector<Real>& x, std::vector<Real>& y) {
    call_->bind(0, const_cast<Real*>(x.data()));
    call_->bind(1, y.data());
    GRADC_CHECK(call_->run(1) == GRADC_OK, "a call failed");
  }

 private:
  driver::ModelFile file_;
  kernel::FunctionSpec function_;
  std::unique_ptr<driver::Compiled> compiled_;
  std::unique_ptr<BoundCall> call_;
};

template <class Real>
std::vector<Real> arguments(const Function& f, std::size_t count) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> unit(0, 1);
  std::vector<Real> x(count);
  for (std::size_t k = 0; k < count; ++k) {
    if (k % 2 == 0) {
      const double most = sizeof(Real) == 4 ? 80 : 1000;  // e^x is finite in f32
      const double lower = std::max(f.lower, -most), upper = std::min(f.upper, most);
      x[k] = static_cast<Real>(lower + (upper - lower) * unit(random));
      continue;
    }
    const double exponent =
        std::numeric_limits<Real>::min_exponent +
        unit(random) * (std::numeric_limits<Real>::max_exponent - std::numeric_limits<Real>::min_exponent);
    x[k] = static_cast<Real>(std::exp2(exponent) * (1 + unit(random)) / 2 * (random() % 2 ? 1 : -1));
  }
  return x;
}

template <class Real>
double greatest_error(const Function& f, const std::vector<Real>& x, const std::vector<Real>& y) {
  mpfr_t exact, at, error;
  mpfr_inits2(bits, exact, at, error, static_cast<mpfr_ptr>(nullptr));
  double greatest = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    mpfr_set_d(at, static_cast<double>(x[k]), MPFR_RNDN);
    f.exact(exact, at);
    if (!mpfr_number_p(exact)) {
      GRADC_CHECK(!std::isfinite(y[k]), fmt::format("{}({}) is {}", f.name, x[k], y[k]));
      continue;
    }
    const Real rounded = sizeof(Real) == 4 ? static_cast<Real>(mpfr_get_flt(exact, MPFR_RNDN))
                                           : static_cast<Real>(mpfr_get_d(exact, MPFR_RNDN));
    if (!std::isfinite(rounded) && !std::isfinite(y[k])) continue;
    GRADC_CHECK(std::isfinite(y[k]), fmt::format("{}({}) is {}", f.name, x[k], y[k]));
    const Real size = std::max(std::abs(rounded), std::numeric_limits<Real>::min());
    double unit = static_cast<double>(std::nextafter(size, std::numeric_limits<Real>::infinity()) - size);
    if (f.terms)
      unit = std::max(unit, std::numeric_limits<Real>::epsilon() / 2 * f.terms(static_cast<double>(x[k])));
    mpfr_sub_d(error, exact, static_cast<double>(y[k]), MPFR_RNDN);
    greatest = std::max(greatest, std::abs(mpfr_get_d(error, MPFR_RNDN)) / unit);
  }
  mpfr_clears(exact, at, error, static_cast<mpfr_ptr>(nullptr));
  return greatest;
}

// Of an element, in L1: the best of several batches.
template <class Run>
double nanoseconds(std::size_t count, const Run& run) {
  double best = std::numeric_limits<double>::infinity();
  for (int batch = 0; batch < 15; ++batch) {
    const int turns = 200;
    const auto start = std::chrono::steady_clock::now();
    for (int k = 0; k < turns; ++k) run();
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
    best = std::min(best, took.count() / turns / static_cast<double>(count));
  }
  return best;
}

template <class Real>
std::string columns(const Function& f, Real (*by_c)(Real)) {
  const std::vector<Real> x = arguments<Real>(f, 100000);
  std::vector<Real> y(x.size());
  Compiled<Real>(f.name, static_cast<std::int64_t>(x.size())).run(x, y);
  const double error = greatest_error(f, x, y);
  std::vector<Real> few;
  for (std::size_t k = 0; k < 2048; k += 2) few.push_back(x[k]);
  std::vector<Real> results(few.size());
  Compiled<Real> compiled(f.name, static_cast<std::int64_t>(few.size()));
  const double ours = nanoseconds(few.size(), [&] { compiled.run(few, results); });
  if (!by_c) return fmt::format(" {:.2f} | {:.2f} |  |", error, ours);
  const double theirs = nanoseconds(few.size(), [&] {
    for (std::size_t k = 0; k < few.size(); ++k) results[k] = by_c(few[k]);
  });
  return fmt::format(" {:.2f} | {:.2f} | {:.2f} |", error, ours, theirs);
}

}  // namespace
}  // namespace gradc::bench

int main() {
  using namespace gradc::bench;
  fmt::print(
      "| function | f64: error, ulp | ns | C library, ns | f32: error, ulp | ns | C library, ns |\n"
      "|---|---|---|---|---|---|---|\n");
  for (const Function& f : functions)
    fmt::print("| `{}` |{}{}\n", f.name, columns<double>(f, f.c_f64), columns<float>(f, f.c_f32));
}
