// A compiled model as files: what `gradc compile FILE -o DIR --emit …` writes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/codegen/model.h"
#include "compiler/support/result.h"

namespace gradc::codegen {

enum class Artefact : std::uint8_t {
  object,    // NAME.o
  shared,    // NAME.so
  header,    // NAME.h, and gradc_abi.h that it includes
  llvm,      // NAME.ll
  assembly,  // NAME.s
};

// As --emit spells them.
inline constexpr std::array<std::string_view, 5> artefact_names{"object", "shared", "header", "llvm", "asm"};
std::optional<Artefact> artefact(std::string_view name);

// Writes what is asked for into the folder, which is made if it is not there; each file whole or not at all.
// Gives the files' paths, in the order of `which`.
Result<std::vector<std::string>> write_model(const Model& model, const Options& options,
                                             const std::string& folder, std::span<const Artefact> which);

}  // namespace gradc::codegen
