// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/set_value.h"

#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>

#include "compiler/driver/model_file.h"
#include "runtime/dataset/dataset.h"
#include "runtime/dataset/number.h"

namespace gradc::driver {
namespace {

using Json = nlohmann::json;

constexpr double points_at_most = 1e6;

// As in tables; beside them, NaN and the infinities are values here.
std::optional<double> number(std::string_view text) {
  double value = 0;
  const NumberFault fault = parse_number(text, value);
  if (fault != NumberFault::none && fault != NumberFault::not_finite) return {};
  return value;
}

bool is_too_large(std::string_view text) {
  double value = 0;
  return parse_number(text, value) == NumberFault::overflow;
}

HostArray array_of(const std::vector<double>& values, Shape shape) {
  HostArray array(Storage::f64, std::move(shape));
  std::ranges::copy(values, array.as<double>().begin());
  return array;
}

// JSON has no NaN and no infinities: such words are put in quotes.
std::string quoted_words(const std::string& text) {
  std::string result;
  bool in_quotes = false;
  for (std::size_t k = 0; k < text.size();) {
    std::size_t end = k;
    while (!in_quotes && end < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[end])) ||
            (end == k && (text[end] == '-' || text[end] == '+'))))
      ++end;
    const std::string word = text.substr(k, end - k);
    if (const auto value = number(word); value && !std::isfinite(*value)) {
      result += '"' + word + '"';
    } else if (!word.empty()) {
      result += word;
    } else {
      in_quotes = in_quotes != (text[k] == '"');
      result += text[k];
      end = k + 1;
    }
    k = end;
  }
  return result;
}

// Numbers in row-major order; false where a number is missing or rows differ in length.
bool flatten(const Json& json, std::size_t axis, Shape& shape, std::vector<double>& values) {
  if (json.is_array()) {
    const auto extent = static_cast<std::int64_t>(json.size());
    if (axis == shape.size() && values.empty())
      shape.push_back(extent);
    else if (axis >= shape.size() || shape[axis] != extent)
      return false;
    return std::ranges::all_of(json, [&](const Json& row) { return flatten(row, axis + 1, shape, values); });
  }
  if (axis != shape.size()) return false;
  if (json.is_string()) {
    const auto special = number(json.get_ref<const std::string&>());
    if (!special || std::isfinite(*special)) return false;
    values.push_back(*special);
    return true;
  }
  if (!json.is_number()) return false;
  values.push_back(json.get<double>());
  return true;
}

class Reader {
 public:
  explicit Reader(const std::string& text) {
    const std::size_t equals = text.find('=');
    value_.name = text.substr(0, equals);
    value_.option = "--set " + value_.name;
    if (equals != std::string::npos) text_ = text.substr(equals + 1);
    complete_ = equals != std::string::npos && equals > 0;
  }

  Result<SetValue> read() {
    if (!complete_) return wrong("a name and a value were expected", "write `--set x=2`");
    if (text_.empty()) return wrong("there is no value behind `=`", "write `--set " + value_.name + "=2`");
    if (text_.front() == '@') return file();
    if (text_.front() == '[') return list();
    if (text_.find(':') != std::string::npos) return range();
    const auto scalar = number(text_);
    if (is_too_large(text_)) return wrong(fmt::format("`{}` is too large a number", text_));
    if (!scalar)
      return wrong(fmt::format("`{}` is no number", text_),
                   "a number, `[1, 2]`, `@file.npy` or a range `-5:5:0.5`");
    value_.array = array_of({*scalar}, {});
    return std::move(value_);
  }

 private:
  Diagnostics wrong(std::string message, std::string help = {}) const {
    return {error_at(DiagnosticCode::E602, value_.option, std::move(message), std::move(help))};
  }

  Result<SetValue> file() {
    Result<HostArray> array = read_array(text_.substr(1));
    if (!array) return array.diagnostics();
    value_.array = std::move(*array);
    return std::move(value_);
  }

  Result<SetValue> list() {
    const Json json = Json::parse(quoted_words(text_), nullptr, false);
    if (json.is_discarded()) return wrong(fmt::format("`{}` is no array", text_), "write `[[1, 2], [3, 4]]`");
    Shape shape;
    std::vector<double> values;
    if (!flatten(json, 0, shape, values) || element_count(shape) != std::ssize(values))
      return wrong("the array's rows differ in length, or hold something that is no number");
    value_.array = array_of(values, std::move(shape));
    return std::move(value_);
  }

  Result<SetValue> range() {
    std::vector<double> parts;
    std::string_view rest = text_;
    for (bool more = true; more;) {
      const std::size_t colon = rest.find(':');
      more = colon != std::string_view::npos;
      const auto part = number(rest.substr(0, colon));
      if (!part || !std::isfinite(*part))
        return wrong(fmt::format("`{}` is no range", text_), "write `-5:5:0.5`");
      parts.push_back(*part);
      if (more) rest.remove_prefix(colon + 1);
    }
    if (parts.size() < 2 || parts.size() > 3)
      return wrong(fmt::format("`{}` is no range", text_), "first, last and step: `-5:5:0.5`");
    const double first = parts[0], last = parts[1], step = parts.size() == 3 ? parts[2] : 1;
    if (step == 0) return wrong("a step of 0 leads nowhere", "first, last and step: `-5:5:0.5`");
    const double steps = std::floor((last - first) / step + 1e-9);
    if (!(steps >= 0)) return wrong(fmt::format("steps of {} do not lead from {} to {}", step, first, last));
    if (steps + 1 > points_at_most)
      return {error_at(DiagnosticCode::E608, value_.option, fmt::format("the range has {} points", steps + 1),
                       fmt::format("there may be {}", points_at_most))};
    std::vector<double> values;
    for (double k = 0; k <= steps; ++k) values.push_back(first + k * step);
    value_.array = array_of(values, {std::ssize(values)});
    value_.is_range = true;
    return std::move(value_);
  }

  SetValue value_;
  std::string text_;
  bool complete_ = false;
};

}  // namespace

Result<SetValue> parse_set(const std::string& text) { return Reader(text).read(); }

Result<std::vector<SetValue>> parse_sets(const std::vector<std::string>& texts) {
  std::vector<SetValue> values;
  Diagnostics faults;
  for (const std::string& text : texts) {
    Result<SetValue> value = parse_set(text);
    if (!value) {
      faults.insert(faults.end(), value.diagnostics().begin(), value.diagnostics().end());
      continue;
    }
    if (std::ranges::find(values, value->name, &SetValue::name) != values.end())
      faults.push_back(
          error_at(DiagnosticCode::E609, value->option, "a value is given twice", "leave out all but one"));
    values.push_back(std::move(*value));
  }
  if (!faults.empty()) return faults;
  return values;
}

}  // namespace gradc::driver
