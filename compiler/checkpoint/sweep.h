// Equations along time, cut: time t of a tensor is position r of segment j, t = j*C + r - pad - shift. A
// tensor's shift is such that, forwards, nothing reads ahead, and backwards, nothing reads behind. Where
// values are made from the last position to the first, time is counted from there. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "compiler/checkpoint/cluster.h"
#include "compiler/equations/context.h"
#include "compiler/operators/affine.h"

namespace gradc {

// Forwards; the same again, before a segment is read; backwards.
enum class Stage : std::uint8_t { forward, copy, backward };

class Sweep {
 public:
  // The loops over its segments have numbers that no other has.
  Sweep(Context& context, const Cluster& cluster, Segments forward, Segments backward)
      : c_(context), cluster_(cluster), loops_{forward, backward} {}

  // ---- first, what there is
  void add_read(TensorId reader, TensorId made, std::int64_t ahead) {
    reads_.push_back({reader, made, in_time(ahead)});
  }
  void add_length(Expr size, TensorId of) { lengths_.push_back({size, of, none}); }
  // The tensor is needed whole, under its name.
  void spill(TensorId t) { spilled_.insert(t); }
  // The element, for all others; its time is known.
  Expr pick(Expr access);
  // Of the steps of an iterate: the element at the count of the steps that are taken, for all others; nothing
  // if this is none.
  std::optional<Expr> last(Expr access);
  // A sum along time, for all others; nothing if this is none. `opened` is `closed`.
  std::optional<Expr> total(Expr closed, const OpenedReduction& opened);

  // ---- then shifts, and how long segments are; false: it is not worth it, or cannot be
  bool settle();

  // Known only when the whole sweep is over.
  bool is_of_whole_sweep(TensorId t) const;

  // ---- last, the new equations
  void define(System& made, TensorId t, Expr value, Stage stage, const Origin& origin);
  void finish(System& made);
  // What is needed whole is computed as before.
  void take_back() {
    for (TensorId t : spilled_) c_.tensor(t).segments = Segments::none;
  }

 private:
  static constexpr std::size_t none = ~std::size_t{0};
  struct Read {
    TensorId reader, made;
    std::int64_t ahead;
  };
  struct Length {
    Expr size;
    TensorId of;
    std::size_t total;
  };
  struct Total {
    OpenedReduction sum;
    std::size_t binder;
    std::vector<Index> free;
    std::vector<std::pair<TensorId, std::int64_t>> reads;
    bool late = false;
    std::int64_t shift = 0;
    TensorId tensor = {};
  };
  struct Pick {
    TensorId of;
    Expr at;
    TensorId tensor;
  };
  struct Last {
    TensorId of;
    TensorId tensor;
  };

  Segments loop(bool backward) const { return loops_[backward ? 1 : 0]; }
  Segments loop_of(TensorId t) const { return loop(cluster_.backward.contains(t)); }
  bool is_backward(const Total& total) const;
  bool solve_shifts();
  bool choose_length();
  void measure(TensorId made, std::int64_t ahead, bool reader_is_backward);
  void make_tensors();
  TensorId cut(TensorId t, DimId length, const char* what, Segments segments);
  // A tensor for its elements at one time, which is no axis of it; and what an access reads of that.
  TensorId without_time(TensorId t, const char* what, Type type, Segments segments);
  Expr without_time(Expr access, TensorId made);
  bool is_of_steps(TensorId t) const;
  DimId fixed_dim(const char* name, std::int64_t size);
  TensorId count_of(TensorId live);
  void define_count(System& made, TensorId live);
  // tensor[j, …, r, …] for an access to the tensor that it was cut from.
  Expr element(TensorId cut, Expr access, Expr j, Expr r);
  Expr read(Expr access, std::int64_t ahead, Stage stage, Expr j, Expr r);
  Expr rebuilt(Expr value, Index time, std::int64_t shift, Stage stage, Expr j, Expr r);
  std::int64_t in_time(std::int64_t positions) const { return cluster_.up ? positions : -positions; }
  // The position on a tensor's axis; and, the other way, when a position is made.
  Expr position_at(Expr j, Expr r, std::int64_t shift);
  Expr time_of(Expr position);
  void define_edges(System& made);
  void define_total(System& made, const Total& total);
  void define_pick(System& made, const Pick& pick);
  void define_last(System& made, const Last& last);
  void define_spilled(System& made, TensorId t);
  std::int64_t shift(TensorId t) const {
    const auto found = shifts_.find(t);
    return found == shifts_.end() ? 0 : found->second;
  }

  Context& c_;
  const Cluster& cluster_;
  Segments loops_[2];
  std::vector<Read> reads_;
  std::vector<Length> lengths_;
  std::vector<Total> totals_;
  std::map<Expr, Expr> total_of_;  // by the closed reduction
  std::vector<Pick> picks_;
  std::vector<Last> lasts_;
  std::set<TensorId> spilled_;

  std::map<TensorId, std::int64_t> shifts_;
  std::map<TensorId, std::int64_t> behind_, before_;  // how far beyond a segment's ends others read
  std::int64_t lead_ = 0;                             // how far copies go on behind a segment
  std::int64_t length_ = 0;                           // of a segment
  Expr pad_ = {};                                     // positions of the first segment before time 0
  Expr last_ = {};                                    // the last position of the longest axis
  DimId segments_ = {}, positions_ = {}, copied_positions_ = {};
  DimId steps_ = {}, copied_steps_ = {};         // as long, of what there is for each step
  std::map<TensorId, TensorId> whole_, copies_;  // [j, …, r, …]
  std::map<TensorId, TensorId> ends_, starts_;   // the last, or first, positions of all segments
};

}  // namespace gradc
