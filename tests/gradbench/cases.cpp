// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/gradbench/cases.h"

#include "tests/gradbench/reference/det.h"
#include "tests/gradbench/reference/hello.h"
#include "tests/gradbench/reference/inputs.h"
#include "tests/gradbench/reference/llsq.h"
#include "tests/gradbench/reference/lse.h"
#include "tests/gradbench/reference/ode.h"
#include "tests/gradbench/reference/particle.h"
#include "tests/gradbench/reference/saddle.h"

namespace gradc::reference {

Json rows(const std::vector<double>& numbers, std::size_t columns) {
  Json made = Json::array();
  for (auto at = numbers.begin(); columns > 0 && at != numbers.end();
       at += static_cast<std::ptrdiff_t>(columns))
    made.push_back(std::vector<double>(at, at + static_cast<std::ptrdiff_t>(columns)));
  return made;
}

namespace {

std::string named(const char* module, std::initializer_list<std::size_t> sizes) {
  std::string name = module;
  for (std::size_t size : sizes) name += "_" + std::to_string(size);
  return name;
}

Case hello_case(double x) {
  return {"hello", "hello", x, {{"square", square(x)}, {"double", square_derivative(x)}}};
}

template <class T>
Json ends(const std::vector<T>& all) {
  std::vector<T> made(all.begin(),
                      all.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(30, all.size())));
  made.push_back(all.back());
  return made;
}

Case ba_case(std::size_t n, std::size_t m, std::size_t p) {
  const Ba in = make_ba(n, m, p);
  std::vector<double> errors(2 * p), weights(p);
  ba_value(in, errors.data(), weights.data());
  const Csr jacobian = ba_csr(in);
  const Json input{{"n", n},
                   {"m", m},
                   {"p", p},
                   {"cam", std::vector<double>(in.camera.begin(), in.camera.begin() + 11)},
                   {"x", std::vector<double>(in.point.begin(), in.point.begin() + 3)},
                   {"w", in.weight[0]},
                   {"feat", std::vector<double>(in.feature.begin(), in.feature.begin() + 2)}};
  return {named("ba", {n, m, p}),
          "ba",
          input,
          {{"objective",
            {{"reproj_error", {{"elements", {errors[0], errors[1]}}, {"repeated", p}}},
             {"w_err", {{"element", weights[0]}, {"repeated", p}}}}},
           {"jacobian",
            {{"rows", ends(jacobian.rows)}, {"cols", ends(jacobian.cols)}, {"vals", ends(jacobian.vals)}}}},
          [in, errors, weights]() mutable {
            ba_value(in, errors.data(), weights.data());
            return errors[0] + weights[0];
          },
          [in, by = std::vector<double>(2 * p * ba_entries), weights]() mutable {
            ba_jacobian(in, by.data(), weights.data());
            return by[0] + weights[0];
          }};
}

Case gmm_case(std::size_t d, std::size_t k, std::size_t n, int m, double gamma) {
  Gmm in = make_gmm(d, k, n);
  in.m = m;
  in.gamma = gamma;
  const GmmGradient g = gmm_gradient(in);
  const std::size_t l = d * (d - 1) / 2;
  const Json input{{"d", d},
                   {"k", k},
                   {"n", n},
                   {"m", m},
                   {"gamma", gamma},
                   {"x", rows(in.x, d)},
                   {"alpha", in.alpha},
                   {"mu", rows(in.mu, d)},
                   {"q", rows(in.q, d)},
                   {"l", rows(in.l, l)}};
  return {
      named("gmm", {d, k, n}),
      "gmm",
      input,
      {{"objective", gmm_value(in)},
       {"jacobian", {{"alpha", g.alpha}, {"mu", rows(g.mu, d)}, {"q", rows(g.q, d)}, {"l", rows(g.l, l)}}}},
      [in] { return gmm_value(in); },
      [in] { return gmm_gradient(in).alpha[0]; }};
}

Case kmeans_case(std::size_t k, std::size_t n, std::size_t d) {
  const Kmeans in = make_kmeans(k, n, d);
  return {named("kmeans", {k, n, d}),
          "kmeans",
          {{"points", rows(in.point, d)}, {"centroids", rows(in.centroid, d)}},
          {{"cost", kmeans_cost(in)}, {"dir", rows(kmeans_direction(in), d)}},
          [in] { return kmeans_cost(in); },
          [in] { return kmeans_direction(in)[0]; }};
}

Case llsq_case(std::size_t m, std::size_t n) {
  const std::vector<double> x = make_uniform(m);
  return {named("llsq", {m, n}),
          "llsq",
          {{"x", x}, {"n", n}},
          {{"primal", llsq_value(x, n)}, {"gradient", llsq_gradient(x, n)}},
          [x, n] { return llsq_value(x, n); },
          [x, n] { return llsq_gradient(x, n)[0]; }};
}

Case lse_case(std::size_t n) {
  const std::vector<double> x = make_uniform(n);
  return {named("lse", {n}),
          "lse",
          {{"x", x}},
          {{"primal", lse_value(x)}, {"gradient", lse_gradient(x)}},
          [x] { return lse_value(x); },
          [x] { return lse_gradient(x)[0]; }};
}

Case lstm_case(std::size_t l, std::size_t c, std::size_t b) {
  const Lstm in = make_lstm(l, c, b);
  return {named("lstm", {l, c, b}),
          "lstm",
          {{"main_params", rows(in.main, 4 * b)},
           {"extra_params", rows(in.extra, b)},
           {"state", rows(in.state, b)},
           {"sequence", rows(in.sequence, b)}},
          {{"objective", lstm_value(in)}, {"jacobian", lstm_gradient(in)}},
          [in] { return lstm_value(in); },
          [in] { return lstm_gradient(in)[0]; }};
}

Case det_case(std::size_t n) {
  const std::vector<double> a = make_uniform(n * n);
  return {named("det", {n}),
          "det",
          {{"A", a}, {"ell", n}},
          {{"primal", det_value(a, n)}, {"gradient", det_gradient(a, n)}},
          [a, n] { return det_value(a, n); },
          [a, n] { return det_gradient(a, n)[0]; }};
}

Case ode_case(std::size_t n, std::size_t s) {
  const std::vector<double> x = make_uniform(n);
  return {named("ode", {n, s}),
          "ode",
          {{"x", x}, {"s", s}},
          {{"primal", ode_value(x, s)}, {"gradient", ode_gradient(x, s)}},
          [x, s] { return ode_value(x, s)[0]; },
          [x, s] { return ode_gradient(x, s)[0]; }};
}

Case ht_case(std::size_t vertices, std::size_t points, bool complicated, bool mirrored = false) {
  Ht in = make_ht(vertices, points, complicated);
  in.mirrored = mirrored;
  Json names = Json::array(), relatives = Json::array(), inverses = Json::array();
  for (std::size_t b = 0; b < in.bones; ++b) {
    names.push_back("bone" + std::to_string(b));
    const auto matrix = [&](const std::vector<double>& all) {
      const auto at = all.begin() + static_cast<std::ptrdiff_t>(16 * b);
      return rows({at, at + 16}, 4);
    };
    relatives.push_back(matrix(in.relative));
    inverses.push_back(matrix(in.inverse));
  }
  Json triangles = Json::array();
  for (std::size_t t = 0; t < in.triangles; ++t)
    triangles.push_back({in.triangle[3 * t], in.triangle[3 * t + 1], in.triangle[3 * t + 2]});
  const Json model{{"bone_count", in.bones},
                   {"bone_names", names},
                   {"parents", in.parent},
                   {"base_relatives", relatives},
                   {"inverse_base_absolutes", inverses},
                   {"base_positions", rows(in.base, 4)},
                   {"weights", rows(in.weight, in.bones)},
                   {"triangles", triangles},
                   {"is_mirrored", mirrored}};
  const Json data{{"correspondences", in.correspondence}, {"points", rows(in.point, 3)}, {"model", model}};
  return {named(complicated ? "ht_complicated" : "ht_simple", {vertices, points}),
          "ht",
          {{"theta", in.theta}, {"us", complicated ? rows(in.us, 2) : Json::array()}, {"data", data}},
          {{"objective", ht_value(in)}, {"jacobian", rows(ht_jacobian(in), complicated ? 28 : 26)}},
          [in] { return ht_value(in)[0]; },
          [in] { return ht_jacobian(in)[0]; }};
}

Case particle_case(double w) {
  const double found = particle(w);
  return {"particle",
          "particle",
          {{"w", w}},
          {{"ff", found}, {"fr", found}, {"rf", found}, {"rr", found}},
          [w] { return fly(w).square; },
          [w] { return particle(w); }};
}

Case saddle_case(std::vector<double> start) {
  const std::vector<double> found = saddle(start);
  return {"saddle",
          "saddle",
          {{"start", start}},
          {{"ff", found}, {"fr", found}, {"rf", found}, {"rr", found}},
          [start] { return start[0]; },
          [start] { return saddle(start)[0]; }};
}

}  // namespace

std::vector<Case> small_cases() {
  return {hello_case(3),
          ba_case(2, 3, 5),
          ba_case(7, 20, 61),
          gmm_case(2, 1, 3, 0, 1),
          gmm_case(5, 7, 40, 2, 1.3),
          gmm_case(20, 5, 100, 0, 1),
          kmeans_case(3, 20, 2),
          kmeans_case(10, 400, 8),
          llsq_case(4, 9),
          llsq_case(128, 300),
          lse_case(3),
          lse_case(20000),
          lstm_case(2, 7, 3),
          lstm_case(4, 60, 14),
          det_case(3),
          det_case(6),
          ode_case(3, 2),
          ode_case(20, 9),
          ht_case(30, 4, false),
          ht_case(30, 4, true),
          ht_case(31, 4, true, true),
          ht_case(31, 4, false, true),
          ht_case(100, 60, true),
          particle_case(0),
          saddle_case({1, 1})};
}

Case large_case(const std::string& module) {
  if (module == "hello") return hello_case(3);
  if (module == "ba") return ba_case(356, 226730, 1255268);
  if (module == "gmm") return gmm_case(64, 100, 1000, 0, 1);
  if (module == "kmeans") return kmeans_case(1000, 10000, 16);
  if (module == "llsq") return llsq_case(128, 16392);
  if (module == "lse") return lse_case(1280000);
  if (module == "lstm") return lstm_case(6, 8192, 14);
  if (module == "det") return det_case(10);
  if (module == "ode") return ode_case(100000, 100);
  if (module == "ht") return ht_case(10000, 51200, true);
  if (module == "particle") return particle_case(0);
  return saddle_case({1, 1});
}

std::pair<Case, Case> tenfold_cases(const std::string& module) {
  if (module == "ba") return {ba_case(49, 776, 3184), ba_case(49, 7760, 31840)};
  if (module == "gmm") return {gmm_case(20, 25, 100, 0, 1), gmm_case(20, 25, 1000, 0, 1)};
  if (module == "kmeans") return {kmeans_case(10, 1000, 8), kmeans_case(10, 10000, 8)};
  if (module == "lstm") return {lstm_case(2, 102, 14), lstm_case(2, 1024, 14)};
  return {ode_case(1000, 10), ode_case(1000, 100)};
}

}  // namespace gradc::reference
