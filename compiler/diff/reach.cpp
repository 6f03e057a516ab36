// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/diff/reach.h"

#include <algorithm>
#include <functional>

#include "compiler/diff/element.h"
#include "compiler/equations/definition.h"
#include "compiler/equations/walk.h"

namespace gradc {
namespace {

// Beyond so many parts of one tensor (a stencil that reaches further from equation to equation), the axes on
// which they differ are taken whole.
constexpr std::size_t parts_at_most = 16;

bool covers(const Part& large, const Part& small) {
  for (std::size_t a = 0; a < large.size(); ++a)
    if (large[a] && large[a] != small[a]) return false;
  return true;
}

Part common(Part a, const Part& b) {
  for (std::size_t axis = 0; axis < a.size(); ++axis)
    if (a[axis] != b[axis]) a[axis] = Expr();
  return a;
}

}  // namespace

std::vector<Expr> varied_accesses(Expr root, Varied& varied) {
  thread_local NodeSet seen;
  seen.clear();
  std::vector<Expr> found, stack;
  const auto visit = [&](Expr e) {
    if (varied(e) && seen.insert(e)) stack.push_back(e);
  };
  visit(root);
  while (!stack.empty()) {
    const Expr e = stack.back();
    stack.pop_back();
    switch (e->kind) {
      case ExprKind::access: found.push_back(e); break;
      case ExprKind::apply:
        for (std::size_t k = e->arguments().size(); k-- > 0;) visit(e->arguments()[k]);
        break;
      case ExprKind::choose:
        visit(e->on_false());
        visit(e->on_true());
        break;
      case ExprKind::reduce: visit(e->body()); break;
      case ExprKind::constant:
      case ExprKind::position:
      case ExprKind::size: break;
    }
  }
  return found;
}

Reach::Reach(const System& slice, TensorId of, std::span<const Expr> at, std::size_t leads, Varied& varied,
             const TensorSet& whole, const std::set<Index>* carried)
    : c_(slice.context()), slice_(slice), leads_(leads), varied_(varied), whole_(whole), carried_(carried) {
  add(of, Part(at.begin(), at.end()));
  const auto groups = strongly_connected(slice);
  for (auto group = groups.rbegin(); group != groups.rend(); ++group) {  // users before what they use
    if (is_circle(slice, *group)) {
      go_round(slice, *group);
      continue;
    }
    const Definition& d = slice.definitions()[group->front()];
    for (TensorId defined : tensors_defined_by(d)) {
      const std::vector<Part> parts = parts_[defined];
      for (const Part& part : parts) walk(d, part, [&](TensorId t, Part p) { add(t, std::move(p)); });
    }
  }
}

const std::vector<Part>& Reach::parts(TensorId t) const {
  static const std::vector<Part> none;
  const auto found = parts_.find(t);
  return found == parts_.end() ? none : found->second;
}

std::size_t Reach::part_of(TensorId t, std::span<const Expr> subscripts) const {
  const Part wanted = part_at(t, subscripts);
  const std::vector<Part>& all = parts(t);
  for (std::size_t k = 0; k < all.size(); ++k)
    if (covers(all[k], wanted)) return k;
  return 0;
}

// One position: what depends on the element's indices and on nothing that runs beside them.
Part Reach::part_at(TensorId t, std::span<const Expr> subscripts) const {
  Part part(subscripts.begin(), subscripts.end());
  for (std::size_t a = 0; a < part.size(); ++a) {
    Expr& at = part[a];
    const bool fixed = !at->free.empty() && std::ranges::all_of(at->free, [&](Index i) {
      return i.kind == Index::Kind::slot && static_cast<std::size_t>(i.number) < leads_;
    });
    if (!fixed || is_gathered(at, c_.tensor(t).dims[a])) at = Expr();
  }
  return part;
}

bool Reach::is_gathered(Expr at, DimId dim) const {
  if (!carried_ || !depends_on_data(at)) return false;
  double readers = 1;
  for (Index i : at->free)
    if (!carried_->contains(i)) readers *= likely_size(c_, i.dim);
  return readers >= likely_size(c_, dim);
}

void Reach::add(TensorId t, Part part) {
  std::vector<Part>& parts = parts_[t];
  const Definition* d = slice_.find(t);
  if (whole_.contains(t) || (d && !d->define())) part.assign(part.size(), Expr());
  if (std::ranges::any_of(parts, [&](const Part& p) { return covers(p, part); })) return;
  if (parts.size() == parts_at_most)
    for (const Part& p : parts) part = common(std::move(part), p);
  std::erase_if(parts, [&](const Part& p) { return covers(part, p); });
  parts.push_back(std::move(part));
}

// What this part of a definition reads.
void Reach::walk(const Definition& d, const Part& part, const std::function<void(TensorId, Part)>& found) {
  const Define* define = d.define();
  if (!define) {
    for (TensorId t : reads(d))
      if (varied_.contains(t)) found(t, Part(c_.tensor(t).rank()));
    return;
  }
  std::vector<Expr> own = part;
  for (std::size_t a = 0; a < own.size(); ++a)
    if (!own[a]) own[a] = c_.position(c_.fresh_index(c_.tensor(d.tensor).dims[a]));
  for (Expr access : varied_accesses(instantiate(define->value, own), varied_))
    found(access->tensor, part_at(access->tensor, access->arguments()));
}

// Each member of a circle has one part, which holds all round: it is widened until nothing changes. What an
// axis is fixed at must be an index of that axis, so that it is in range wherever the circle is.
void Reach::go_round(const System& slice, const std::vector<std::size_t>& circle) {
  TensorSet members;
  for (std::size_t i : circle) {
    const TensorId t = slice.definitions()[i].tensor;
    members.insert(t);
    if (parts_[t].empty()) continue;
    std::vector<Part>& parts = parts_[t];
    Part one = parts.front();
    for (const Part& p : parts) one = common(std::move(one), p);
    for (std::size_t a = 0; a < one.size(); ++a)
      if (one[a] && (one[a]->kind != ExprKind::position || one[a]->index.dim != c_.tensor(t).dims[a]))
        one[a] = Expr();
    parts = {std::move(one)};
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i : circle) {
      const Definition& d = slice.definitions()[i];
      if (parts_[d.tensor].empty()) continue;
      const Part part = parts_[d.tensor].front();
      walk(d, part, [&](TensorId t, Part read) {
        if (!members.contains(t)) return;
        std::vector<Part>& parts = parts_[t];
        for (std::size_t a = 0; a < read.size(); ++a)
          if (read[a] && (read[a]->kind != ExprKind::position || read[a]->index.dim != c_.tensor(t).dims[a]))
            read[a] = Expr();
        Part wider = parts.empty() ? std::move(read) : common(std::move(read), parts.front());
        if (!parts.empty() && wider == parts.front()) return;
        parts = {std::move(wider)};
        changed = true;
      });
    }
  }
  for (std::size_t i : circle) {
    const Definition& d = slice.definitions()[i];
    if (parts_[d.tensor].empty()) continue;
    const Part part = parts_[d.tensor].front();
    walk(d, part, [&](TensorId t, Part read) {
      if (!members.contains(t)) add(t, std::move(read));
    });
  }
}

}  // namespace gradc
