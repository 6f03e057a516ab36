// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/plot_axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gradc {
namespace {

constexpr double ticks_wanted = 6;

// 1, 2 or 5 times a power of ten, at least `step`.
double round_step(double step) {
  const double decade = std::pow(10, std::floor(std::log10(step)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * decade >= step * (1 - 1e-9)) return factor * decade;
  return 10 * decade;
}

const char* const superscripts[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};

std::string power_of_ten(int exponent) {
  if (exponent >= -3 && exponent <= 3) return fmt::format("{:g}", std::pow(10, exponent));
  std::string text = exponent < 0 ? "10⁻" : "10";
  for (const char digit : std::to_string(std::abs(exponent))) text += superscripts[digit - '0'];
  return text;
}

}  // namespace

PlotAxis::PlotAxis(double low, double high, bool logarithmic, bool whole_numbers, double begin, double end)
    : low_(low), high_(high), logarithmic_(logarithmic), begin_(begin), end_(end) {
  if (logarithmic_) {
    low_ = std::floor(std::log10(low));
    high_ = std::ceil(std::log10(high));
    make_logarithmic_ticks();
    return;
  }
  if (high_ - low_ <= 1e-9 * std::max(std::abs(low_), std::abs(high_))) {  // all alike: give them room
    const double room = low_ == 0 ? 1 : std::abs(low_) / 2;
    low_ -= room, high_ += room;
  }
  make_linear_ticks(whole_numbers);
}

double PlotAxis::position(double value) const {
  if (logarithmic_) value = std::log10(value);
  return begin_ + (end_ - begin_) * (value - low_) / (high_ - low_);
}

void PlotAxis::make_linear_ticks(bool whole_numbers) {
  double step = round_step((high_ - low_) / ticks_wanted);
  if (whole_numbers)
    step = std::max(1.0, step);
  else
    low_ = step * std::floor(low_ / step + 1e-9), high_ = step * std::ceil(high_ / step - 1e-9);
  const int decimals = std::clamp(static_cast<int>(-std::floor(std::log10(step) + 1e-9)), 0, 12);
  const bool large = std::max(std::abs(low_), std::abs(high_)) >= 1e7 || step < 1e-6;
  for (double i = std::ceil(low_ / step - 1e-9); i * step <= high_ + 1e-9 * step; ++i) {
    const double value = i * step + 0.0;  // no -0
    ticks_.push_back({value, large ? fmt::format("{:g}", value) : fmt::format("{:.{}f}", value, decimals)});
  }
}

void PlotAxis::make_logarithmic_ticks() {
  const int every = std::max(1, static_cast<int>(std::ceil((high_ - low_) / (ticks_wanted + 2))));
  for (int exponent = static_cast<int>(low_); exponent <= static_cast<int>(high_); exponent += every)
    ticks_.push_back({std::pow(10, exponent), power_of_ten(exponent)});
}

}  // namespace gradc
