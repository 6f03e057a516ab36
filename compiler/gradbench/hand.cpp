// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/gradbench/hand.h"

namespace gradc::gradbench {
namespace {

// A root has no parent, -1; in the model it is its own.
HostArray with_roots(HostArray parents) {
  for (std::int64_t b = 0; b < parents.size(); ++b)
    if (parents.value(b) == -1) parents.set_value(b, static_cast<double>(b));
  return parents;
}

void take(Inputs& made, Fields& from, const char* field, std::size_t rank, const char* name) {
  made.arrays.push_back({name, from.array(field, rank)});
}

Json write_objective(const Results& results, const Inputs&) {
  const HostArray& residuals = results("res");
  Json made = Json::array();
  for (std::int64_t i = 0; i < residuals.size(); ++i) made.push_back(residuals.value(i));
  return made;
}

// A row for each residual: first what each result has of it.
Json rows(std::initializer_list<const HostArray*> parts) {
  Json made = Json::array();
  const Shape& shape = (*parts.begin())->shape();
  for (std::int64_t row = 0; row < shape[0] * shape[1]; ++row) {
    Json numbers = Json::array();
    for (const HostArray* part : parts) {
      const std::int64_t columns = part->shape()[2];
      for (std::int64_t k = 0; k < columns; ++k) numbers.push_back(part->value(row * columns + k));
    }
    made.push_back(std::move(numbers));
  }
  return made;
}

}  // namespace

bool takes_places(const Fields& input) { return !input.is_empty("us"); }

Inputs read_ht_simple(Fields& input) {
  Inputs made;
  take(made, input, "theta", 1, "theta");
  Fields data = input.object("data"), model = data.object("model");
  made.arrays.push_back({"parent", with_roots(model.array("parents", 1))});
  take(made, model, "base_relatives", 3, "R0");
  take(made, model, "inverse_base_absolutes", 3, "Ainv");
  take(made, model, "base_positions", 2, "base");
  take(made, model, "weights", 2, "weight");
  take(made, data, "correspondences", 1, "corr");
  made.arrays.push_back(
      {"point", data.is_empty("points") ? data.array("points", Shape{0, 3}) : data.array("points", 2)});
  HostArray mirrored(Storage::f64, {});
  mirrored.set_value(0, model.flag("is_mirrored") ? 1 : 0);
  made.arrays.push_back({"mirrored", std::move(mirrored)});
  for (const Fields* part : {&model, &data})
    if (!part->fault().empty()) input.fail(part->fault());
  return made;
}

Inputs read_ht(Fields& input) {
  Inputs made = read_ht_simple(input);
  take(made, input, "us", 2, "us");
  Fields model = input.object("data").object("model");
  take(made, model, "triangles", 2, "tri");
  if (!model.fault().empty()) input.fail(model.fault());
  return made;
}

std::vector<Function> ht_functions(bool places) {
  const Function objective{"objective", {"res"}, write_objective};
  if (!places)
    return {objective, {"jacobian", {"J_theta"}, [](const Results& results, const Inputs&) {
                          return rows({&results("J_theta")});
                        }}};
  return {objective, {"jacobian", {"J_u", "J_theta"}, [](const Results& results, const Inputs&) {
                        return rows({&results("J_u"), &results("J_theta")});
                      }}};
}

}  // namespace gradc::gradbench
