// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/dataset/cell.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/data_error.h"
#include "runtime/dataset/number.h"

namespace gradc {
namespace {

Diagnostic number_fault(NumberFault fault, std::string_view text, const std::string& column,
                        std::string place) {
  DiagnosticCode code = DiagnosticCode::E507;
  std::string message, help;
  switch (fault) {
    case NumberFault::none: GRADC_UNREACHABLE("a fault was expected");
    case NumberFault::empty:
      code = DiagnosticCode::E510;
      message = fmt::format("the cell of column `{}` is empty", column);
      help = "fill it in, or remove the row";
      break;
    case NumberFault::text:
      message = fmt::format("column `{}` holds `{}`, which is not a number", column, quote_cell(text));
      if (std::count(text.begin(), text.end(), ',') == 1) help = "write the decimal point as `.`";
      break;
    case NumberFault::overflow:
      code = DiagnosticCode::E508;
      message = fmt::format("column `{}` holds `{}`, which is too large a number", column, quote_cell(text));
      break;
    case NumberFault::not_finite:
      code = DiagnosticCode::E509;
      message = fmt::format("column `{}` holds `{}`, which is not finite", column, quote_cell(text));
      help = "remove the row, or fill in a value";
      break;
  }
  return data_error(code, std::move(place), std::move(message), std::move(help));
}

Diagnostic fault_of(NumberFault fault, const CellContext& context) {
  return number_fault(fault, context.cell.text, context.column, context.reader.place(context.cell.begin));
}

template <class T>
bool store_number(const CellContext& context, T& target, Diagnostics& faults) {
  const NumberFault fault = parse_number(context.cell.text, target);
  if (fault == NumberFault::none) return true;
  faults.push_back(fault_of(fault, context));
  return false;
}

bool store_member(const CellContext& context, std::int32_t& target, Diagnostics& faults) {
  std::int64_t member = 0;
  const ColumnExtent& dim = context.spec.members;
  const NumberFault fault = parse_member(context.cell.text, member);
  double number = 0;
  if (fault == NumberFault::text && parse_number(context.cell.text, number) == NumberFault::none) {
    faults.push_back(data_error(DiagnosticCode::E514, context.reader.place(context.cell.begin),
                                fmt::format("column `{}` holds `{}`, and a member of `{}` is a whole number",
                                            context.column, quote_cell(context.cell.text), dim.dim)));
    return false;
  }
  if (fault != NumberFault::none) {
    faults.push_back(fault_of(fault, context));
    return false;
  }
  if (member < 0 || member >= dim.size) {
    faults.push_back(data_error(
        DiagnosticCode::E513, context.reader.place(context.cell.begin),
        context.spec.is_length
            ? fmt::format("column `{}` holds {}, and an example has 0 to {} steps", context.column, member,
                          dim.size - 1)
            : fmt::format("column `{}` holds {}, and the members of `{}` are 0 to {}",
                                            context.column, member, dim.dim, dim.size - 1)));
    return false;
  }
  target = static_cast<std::int32_t>(member);
  return true;
}

}  // namespace

bool store_cell(const CellContext& context, HostArray& array, std::size_t element, Diagnostics& faults) {
  switch (array.storage()) {
    case Storage::u8: GRADC_UNREACHABLE("tables are read as f32, f64 or i32");
    case Storage::i32: return store_member(context, array.as<std::int32_t>()[element], faults);
    case Storage::f32: return store_number(context, array.as<float>()[element], faults);
    case Storage::f64: return store_number(context, array.as<double>()[element], faults);
  }
  GRADC_UNREACHABLE("a storage type was expected");
}

std::string quote_cell(std::string_view text) {
  std::string shown;
  for (const char c : text.substr(0, 40))
    shown += static_cast<unsigned char>(c) < ' ' || c == '\x7F' ? '?' : c;
  return text.size() > 40 ? shown + "…" : shown;
}

}  // namespace gradc
