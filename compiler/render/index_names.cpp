// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/index_names.h"

#include <algorithm>

#include "compiler/equations/definition.h"
#include "compiler/support/check.h"

namespace gradc {

void IndexNames::begin(std::span<const DimId> dims, std::span<const std::string> hints) {
  scope_.clear();
  for (std::size_t k = 0; k < dims.size(); ++k)
    scope_.emplace_back(Index::slot(static_cast<std::int32_t>(k), dims[k]), std::string());
  // Hints first, so that no slot without one takes another's.
  for (std::size_t k = 0; k < std::min(dims.size(), hints.size()); ++k)
    if (!hints[k].empty() && is_free(hints[k])) scope_[k].second = hints[k];
  for (std::size_t k = 0; k < dims.size(); ++k)
    if (scope_[k].second.empty()) scope_[k].second = choose({}, dims[k]);
}

const std::string& IndexNames::enter(Expr reduce, std::size_t k) {
  std::vector<std::string>& first = first_names_[reduce->id];
  first.resize(reduce->binders.size());
  const DimId dim = reduce->binders[k].dim;
  std::string name =
      choose(first[k].empty() ? context_->binder_hint(reduce, k) : std::string_view(first[k]), dim);
  if (first[k].empty()) first[k] = name;
  scope_.emplace_back(reduce->binders[k], std::move(name));
  return scope_.back().second;
}

const std::string& IndexNames::of(Index index) const {
  for (auto entry = scope_.rbegin(); entry != scope_.rend(); ++entry)
    if (entry->first == index) return entry->second;
  GRADC_UNREACHABLE("an index is printed outside the scope that binds it");
}

bool IndexNames::is_free(const std::string& name) const {
  return !taken_.contains(name) &&
         std::ranges::none_of(scope_, [&](const auto& entry) { return entry.second == name; });
}

// The hint; else the dim's first letter (n for the batch, t for time); else a letter that mathematicians use
// for indices; else a numbered one.
std::string IndexNames::choose(std::string_view hint, DimId dim) const {
  if (!hint.empty() && is_free(std::string(hint))) return std::string(hint);
  std::string stem;
  if (dim.valid()) {
    const Dim& d = context_->dim(dim);
    if (d.is_batch)
      stem = "n";
    else if (!d.name.empty() &&
             ((d.name[0] >= 'A' && d.name[0] <= 'Z') || (d.name[0] >= 'a' && d.name[0] <= 'z')))
      stem = std::string(1, static_cast<char>(d.name[0] | 0x20));
  }
  if (!stem.empty() && is_free(stem)) return stem;
  for (char letter : std::string_view("ijklmnpqrstuv"))
    if (std::string name(1, letter); is_free(name)) return name;
  if (stem.empty()) stem = "i";
  for (int number = 2;; ++number)
    if (std::string name = stem + "_" + std::to_string(number); is_free(name)) return name;
}

std::unordered_set<std::string> tensor_names(const System& system) {
  std::unordered_set<std::string> names;
  const auto add = [&](TensorId t) { names.insert(system.context().tensor(t).name); };
  for (const Definition& definition : system.definitions()) {
    for (TensorId t : tensors_defined_by(definition)) add(t);
    for (TensorId t : reads(definition)) add(t);
  }
  for (TensorId t : system.outputs()) add(t);
  return names;
}

}  // namespace gradc
