// The element types of data files, and their way into a HostArray: u8, i32, f32 and f64 as they are, smaller
// integers as i32, i64 and u32 as i32 if all fit and else as f64 if all are exact there.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <bit>
#include <string>
#include <string_view>

#include "compiler/support/result.h"
#include "runtime/host_array.h"

namespace gradc {

enum class Element { u8, i8, u16, i16, u32, i32, i64, f32, f64 };

std::int64_t element_bytes(Element element);

// `bytes` holds exactly the elements of `shape`, which the caller has checked.
Result<HostArray> convert_elements(const std::string& path, std::string_view bytes, Element element,
                                   std::endian order, Shape shape);

}  // namespace gradc
