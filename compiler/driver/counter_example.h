// Where two sides differ, in words. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/claims/decide.h"
#include "compiler/driver/model_file.h"
#include "compiler/render/notation.h"

namespace gradc::driver {

// "-0.25", "12": as many digits as it takes to see that two numbers differ, if 40 do.
std::string number(const Precise& x, int digits);
int digits_to_tell_apart(const Precise& left, const Precise& right);

// What the sides read there: sizes, tensors, the claim's indices. {"x", "[1, 2]"}
std::vector<std::pair<std::string, std::string>> shown_point(const Context& context, const Claim& claim,
                                                             const Verdict& verdict, const SidesAt& at);

// What the right side of a wrong claim lacks, if that could be found: "factor", "2/3".
struct Lacking {
  std::string kind, what;
};
std::optional<Lacking> lacking(Context& context, const Claim& claim, const Verdict& verdict, Format format);

// A derivative that a function states is a claim of the model; the wrong ones are mistakes of the file.
bool is_stated_derivative(const Claim& claim);
Diagnostics wrong_derivatives(const Model& model, const Context& context);

}  // namespace gradc::driver
