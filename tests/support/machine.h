// Runs a lowered function on the values of a point, interpreted or as machine code.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "compiler/codegen/jit.h"
#include "compiler/kernel/lower.h"
#include "compiler/operators/evaluate.h"

namespace gradc::test {

// Values for a function's arguments: real numbers from -1 to 1, and members.
inline Point<double> random_point(const Context& context, const kernel::FunctionSpec& spec,
                                  std::int64_t examples) {
  Point<double> point;
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> uniform(-1, 1);
  for (const auto& a : spec.arguments) {
    const Tensor& t = context.tensor(a.tensor);
    Values<double>& v = point.tensors[a.tensor];
    std::size_t count = 1;
    for (DimId dim : t.dims) {
      if (context.dim(dim).is_batch) point.sizes[dim] = examples;
      v.extents.push_back(size_of(context, dim, point).value());
      count *= static_cast<std::size_t>(v.extents.back());
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (t.type == Type::real)
        v.reals.push_back(uniform(random));
      else
        v.integers.push_back(static_cast<std::int64_t>(
            random() % static_cast<std::uint64_t>(size_of(context, t.member_of, point).value())));
    }
  }
  return point;
}

// Says that it has three threads, and does the last part first: whatever the order is, results are the same.
inline const gradc_pool backwards = {
    3, [](const gradc_pool*, void (*task)(void*, std::int64_t), void* data, std::int64_t parts) {
      while (parts-- > 0) task(data, parts);
    }};

// The arrays of a call: arguments from the point, results of their shape, in their memory types.
class Call {
 public:
  Call(const kernel::Program& program, const kernel::FunctionSpec& spec, const Point<double>& point,
       std::vector<std::int64_t> sizes)
      : program_(program), sizes_(std::move(sizes)), arguments_(spec.arguments.size()) {
    const auto known = kernel::evaluate(program.sizes, sizes_);
    for (std::size_t a = 0; a < program.arrays.size(); ++a) {
      const kernel::Buffer& buffer = program.buffer(program.arrays[a].buffer);
      std::size_t count = 1;
      for (kernel::SizeId extent : buffer.extents)
        count *= static_cast<std::size_t>(known[static_cast<std::size_t>(extent.value)].value());
      std::vector<std::byte>& bytes =
          arrays_.emplace_back(count * kernel::bytes(buffer.element), std::byte{0x7f});
      counts_.push_back(count);
      if (a >= arguments_) continue;
      const Values<double>& values = point.tensors.at(spec.arguments[a].tensor);
      for (std::size_t i = 0; i < count; ++i) put(bytes.data(), buffer.element, i, values);
    }
    for (auto& bytes : arrays_) pointers_.push_back(bytes.data());
  }

  std::int32_t interpret() { return kernel::interpret(program_, sizes_, pointers_); }
  std::int32_t run(const gradc_function_info& f, const gradc_pool* pool = nullptr) {
    // Its content means nothing: here NaN, −1, true.
    std::vector<std::byte> workspace(static_cast<std::size_t>(f.workspace_bytes(sizes_.data())) + 64,
                                     std::byte{0xff});
    const auto address = reinterpret_cast<std::uintptr_t>(workspace.data());
    return f.call(sizes_.data(), pointers_.data(), nullptr, workspace.data() + (64 - address % 64) % 64,
                  pool);
  }

  // Of real results; NaNs are one.
  std::vector<std::vector<double>> results() const {
    std::vector<std::vector<double>> all;
    for (std::size_t a = arguments_; a < arrays_.size(); ++a) {
      std::vector<double>& row = all.emplace_back();
      const kernel::Scalar element = program_.buffer(program_.arrays[a].buffer).element;
      for (std::size_t i = 0; i < counts_[a]; ++i) row.push_back(get(arrays_[a].data(), element, i));
    }
    return all;
  }

 private:
  template <class T>
  static T fetch(const std::byte* from, std::size_t i) {
    T value;
    std::memcpy(&value, from + i * sizeof(T), sizeof value);
    return value;
  }
  static double get(const std::byte* from, kernel::Scalar element, std::size_t i) {
    switch (element) {
      case kernel::Scalar::f64: return fetch<double>(from, i);
      case kernel::Scalar::f32: return fetch<float>(from, i);
      case kernel::Scalar::i32: return fetch<std::int32_t>(from, i);
      default: return fetch<std::uint8_t>(from, i);
    }
  }
  template <class T>
  static void place(std::byte* to, std::size_t i, T value) {
    std::memcpy(to + i * sizeof value, &value, sizeof value);
  }
  static void put(std::byte* to, kernel::Scalar element, std::size_t i, const Values<double>& values) {
    switch (element) {
      case kernel::Scalar::f64: return place(to, i, values.reals[i]);
      case kernel::Scalar::f32: return place(to, i, static_cast<float>(values.reals[i]));
      case kernel::Scalar::i32: return place(to, i, static_cast<std::int32_t>(values.integers[i]));
      default: return place(to, i, static_cast<std::uint8_t>(values.integers[i]));
    }
  }

  const kernel::Program& program_;
  std::vector<std::int64_t> sizes_;
  std::size_t arguments_;
  std::vector<std::vector<std::byte>> arrays_;
  std::vector<std::size_t> counts_;
  std::vector<void*> pointers_;
};

// "" if the bits are equal; any NaN equals any other.
inline std::string different_bits(const std::vector<std::vector<double>>& a,
                                  const std::vector<std::vector<double>>& b) {
  for (std::size_t t = 0; t < a.size(); ++t)
    for (std::size_t i = 0; i < a[t].size(); ++i) {
      if (a[t][i] != a[t][i] && b[t][i] != b[t][i]) continue;
      if (std::memcmp(&a[t][i], &b[t][i], sizeof(double)) != 0)
        return "result " + std::to_string(t) + " element " + std::to_string(i) + ": " +
               std::to_string(a[t][i]) + " and " + std::to_string(b[t][i]);
    }
  return "";
}

}  // namespace gradc::test
