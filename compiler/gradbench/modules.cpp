// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/gradbench/modules.h"

#include "compiler/gradbench/hand.h"
#include "compiler/gradbench/repeated.h"

namespace gradc::gradbench {
namespace {

// A field that is handed on as it is.
struct Plain {
  const char* field;
  std::size_t rank;
  const char* name;
};
Inputs read_plain(Fields& input, std::initializer_list<Plain> fields) {
  Inputs made;
  for (const Plain& f : fields) made.arrays.push_back({f.name, input.array(f.field, f.rank)});
  return made;
}
HostArray scalar(double x) {
  HostArray made(Storage::f64, {});
  made.set_value(0, x);
  return made;
}

Inputs read_hello(Fields& input) { return {{{"x", input.array("input", 0)}}, {}}; }

Inputs read_gmm(Fields& input) {
  Inputs made;
  // What does not fit is measured by the sizes that are stated, not by another array.
  const bool sized = input.has("k") && input.has("d") && input.has("n");
  const std::int64_t k = sized ? input.size("k") : 0, d = sized ? input.size("d") : 0,
                     n = sized ? input.size("n") : 0;
  const auto array = [&](const char* name, std::size_t rank, const Shape& shape) {
    made.arrays.push_back({name, sized ? input.array(name, shape) : input.array(name, rank)});
  };
  array("alpha", 1, {k});
  array("x", 2, {n, d});
  array("mu", 2, {k, d});
  array("q", 2, {k, d});
  array("l", 2, {k, d * (d - 1) / 2});
  const Inputs others = read_plain(input, {{"gamma", 0, "gamma"}});
  made.arrays.insert(made.arrays.end(), others.arrays.begin(), others.arrays.end());
  made.arrays.push_back({"m", scalar(static_cast<double>(input.size("m")))});
  return made;
}

Inputs read_kmeans(Fields& input) {
  return read_plain(input, {{"points", 2, "point"}, {"centroids", 2, "C"}});
}

Inputs read_llsq(Fields& input) {
  Inputs made = read_plain(input, {{"x", 1, "x"}});
  made.sizes.push_back({"N", input.size("n")});
  return made;
}

Inputs read_lse(Fields& input) { return read_plain(input, {{"x", 1, "x"}}); }

// [2L][4b]: of each layer the weights, then the biases, of four gates; [2L][b]: its hidden state, then its
// cell.
Inputs read_lstm(Fields& input) {
  const HostArray extra = input.array("extra_params", 2), state = input.array("state", 2);
  const std::int64_t layers = state.shape()[0] / 2, bits = extra.shape()[1];
  Inputs made;
  made.arrays.push_back({"main", input.array("main_params", {layers, 2, 4, bits})});
  made.arrays.push_back({"extra", extra});
  made.arrays.push_back({"state", input.array("state", {layers, 2, bits})});
  made.arrays.push_back({"chars", input.array("sequence", 2)});
  return made;
}

Inputs read_det(Fields& input) {
  const std::int64_t n = input.size("ell");
  if (n > 20) input.fail("`ell` is at most 20");
  Inputs made;
  made.arrays.push_back({"A", input.array("A", Shape{n, n})});
  return made;
}

Inputs read_ode(Fields& input) {
  Inputs made = read_plain(input, {{"x", 1, "x"}});
  made.sizes.push_back({"S", input.size("s")});
  return made;
}

Inputs read_particle(Fields& input) { return read_plain(input, {{"w", 0, "w0"}}); }
Inputs read_saddle(Fields& input) { return read_plain(input, {{"start", 1, "start"}}); }

// All the numbers of some results, one after the other.
Json joined(std::initializer_list<const HostArray*> arrays) {
  Json made = Json::array();
  for (const HostArray* array : arrays)
    for (std::int64_t i = 0; i < array->size(); ++i) made.push_back(array->value(i));
  return made;
}

}  // namespace

// A function whose output is one array as it is.
#define GRADC_ONE(function, result)                                                                   \
  Function {                                                                                          \
    function, {result}, [](const Results& results, const Inputs&) { return nested(results(result)); } \
  }

// The modes of the outer and of the inner derivative: (f)orward, (r)everse.
#define GRADC_SADDLE(modes)                                                      \
  Function {                                                                     \
    modes, {"x_" modes, "y_" modes}, [](const Results& results, const Inputs&) { \
      return joined({&results("x_" modes), &results("y_" modes)});               \
    }                                                                            \
  }

std::span<const Module> modules() {
  static const std::vector<Module> all{
      {"hello", "hello", {GRADC_ONE("square", "y"), GRADC_ONE("double", "dy")}, read_hello},
      {"ba", "ba", ba_functions(), read_ba},
      {"gmm",
       "gmm",
       {GRADC_ONE("objective", "F"),
        {"jacobian",
         {"d_alpha", "d_mu", "d_q", "d_l"},
         [](const Results& results, const Inputs&) {
           return Json{{"alpha", nested(results("d_alpha"))},
                       {"mu", nested(results("d_mu"))},
                       {"q", nested(results("d_q"))},
                       {"l", nested(results("d_l"))}};
         }}},
       read_gmm},
      {"ht", "ht", ht_functions(true), read_ht, takes_places},
      {"ht", "ht_simple", ht_functions(false), read_ht_simple},
      {"lstm",
       "lstm",
       {GRADC_ONE("objective", "loss"),
        {"jacobian",
         {"d_main", "d_extra"},
         [](const Results& results, const Inputs&) {
           return joined({&results("d_main"), &results("d_extra")});
         }}},
       read_lstm},
      {"kmeans", "kmeans", {GRADC_ONE("cost", "cost"), GRADC_ONE("dir", "dir")}, read_kmeans},
      {"det",
       "det",
       {GRADC_ONE("primal", "value"),
        {"gradient",
         {"grad"},
         [](const Results& results, const Inputs&) { return joined({&results("grad")}); }}},
       read_det},
      {"llsq", "llsq", {GRADC_ONE("primal", "y"), GRADC_ONE("gradient", "grad")}, read_llsq},
      {"lse", "lse", {GRADC_ONE("primal", "f"), GRADC_ONE("gradient", "grad")}, read_lse},
      {"ode", "ode", {GRADC_ONE("primal", "primal"), GRADC_ONE("gradient", "grad")}, read_ode},
      {"particle",
       "particle",
       {GRADC_ONE("ff", "ff"), GRADC_ONE("fr", "fr"), GRADC_ONE("rf", "rf"), GRADC_ONE("rr", "rr")},
       read_particle},
      {"saddle",
       "saddle",
       {GRADC_SADDLE("ff"), GRADC_SADDLE("fr"), GRADC_SADDLE("rf"), GRADC_SADDLE("rr")},
       read_saddle},
  };
  return all;
}

}  // namespace gradc::gradbench
