// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/gradbench/modules.h"

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
  Inputs made = read_plain(input, {{"x", 2, "x"},
                                   {"alpha", 1, "alpha"},
                                   {"mu", 2, "mu"},
                                   {"q", 2, "q"},
                                   {"l", 2, "l"},
                                   {"gamma", 0, "gamma"}});
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

}  // namespace

// A function whose output is one array as it is.
#define GRADC_ONE(function, result)                                                                   \
  Function {                                                                                          \
    function, {result}, [](const Results& results, const Inputs&) { return nested(results(result)); } \
  }

std::span<const Module> modules() {
  static const std::vector<Module> all{
      {"hello", {GRADC_ONE("square", "y"), GRADC_ONE("double", "dy")}, read_hello},
      {"ba", ba_functions(), read_ba},
      {"gmm",
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
      {"kmeans", {GRADC_ONE("cost", "cost"), GRADC_ONE("dir", "dir")}, read_kmeans},
      {"llsq", {GRADC_ONE("primal", "y"), GRADC_ONE("gradient", "grad")}, read_llsq},
      {"lse", {GRADC_ONE("primal", "f"), GRADC_ONE("gradient", "grad")}, read_lse},
  };
  return all;
}

}  // namespace gradc::gradbench
