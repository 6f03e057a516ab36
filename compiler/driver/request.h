// Which quantities a command is about, and derivatives with respect to what: names looked up in the model.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <vector>

#include "compiler/diff/derivative.h"
#include "compiler/diff/unknown_partial.h"
#include "compiler/driver/model_file.h"

namespace gradc::driver {

struct Request {
  std::vector<TensorId> of, wrt;
  int order = 1;
  Mode mode = Mode::cheapest;
  bool sparse = false;
};

// What `--wrt` stands for if it is not given: formulas are wanted of what is learned, numbers of all that a
// point is made of.
enum class DefaultWrt { params_or_inputs, inputs_and_params };

Result<Request> make_request(const ModelFile& file, const Options& options, int order, DefaultWrt wrt);

// The first of the derivatives that are wanted which the table of operators does not have.
std::optional<UnknownPartial> unknown_partial(const ModelFile& file, const Request& request);

// A tensor that the file declares or defines; not valid if there is none.
TensorId find_tensor(const ModelFile& file, std::string_view name);

}  // namespace gradc::driver
