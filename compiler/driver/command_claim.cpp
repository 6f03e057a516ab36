// gradc claim: what somebody claims to be equal is proved, tested at points, or wrong.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "compiler/driver/commands.h"
#include "compiler/driver/counter_example.h"
#include "compiler/driver/model_file.h"

namespace gradc::driver {
namespace {

using Json = nlohmann::ordered_json;

class Report {
 public:
  Report(const ModelFile& file, const Options& options) : file_(file), options_(options) {}

  // Whether it holds as far as could be seen.
  bool tell(const Claim& claim) {
    const SourceRange range = cover(claim.left_range, claim.right_range);
    const Source& source = file_.sources[range.file];
    entry_ = Json::object();
    entry_["claim"] = source.slice(range);
    entry_["file"] = source.name();
    entry_["line"] = source.place(range.begin).line;
    const Verdict verdict = decide(file_.model, claim, options_.seed.value_or(0));
    entry_["verdict"] = name_of(verdict.kind);
    line("{:<9} {}", name_of(verdict.kind), source.slice(range));
    switch (verdict.kind) {
      case Verdict::Kind::proved: break;
      case Verdict::Kind::tested: tested(claim, verdict); break;
      case Verdict::Kind::wrong: wrong(claim, verdict); break;
      case Verdict::Kind::undecided:
        line("          there is no point at which both sides have values");
        break;
      case Verdict::Kind::open: line("          not filled in yet"); break;
    }
    all_.push_back(entry_);
    return verdict.kind == Verdict::Kind::proved || verdict.kind == Verdict::Kind::tested;
  }

  void finish() const {
    if (options_.json)
      fmt::print("{}\n", Json{{"claims", all_}}.dump(2, ' ', false, Json::error_handler_t::replace));
  }

 private:
  template <class... Values>
  void line(fmt::format_string<Values...> format, Values&&... values) const {
    if (!options_.json) fmt::print("{}\n", fmt::format(format, std::forward<Values>(values)...));
  }

  void tested(const Claim& claim, const Verdict& verdict) {
    entry_["points"] = verdict.test.points;
    entry_["digits"] = digits_compared;
    line("          equal at {} point{}, to {} digits; no proof was found", verdict.test.points,
         verdict.test.points == 1 ? "" : "s", digits_compared);
    if (!verdict.test.only_one_defined) return;
    const SidesAt& at = *verdict.test.only_one_defined;
    line("          only the {} side has a value{}", isfinite(at.left) ? "left" : "right",
         place(claim, verdict, at));
    entry_["only_one_defined"] = sides_;
  }

  void wrong(const Claim& claim, const Verdict& verdict) {
    const SidesAt& at = *verdict.test.wrong;
    const std::string where = place(claim, verdict, at);
    const int digits = digits_to_tell_apart(at.left, at.right);
    line("         {}", where.empty() ? " always" : where);
    line("          left side   {}", number(at.left, digits));
    line("          right side  {}", number(at.right, digits));
    entry_["counterexample"] = sides_;
    const std::optional<Lacking> lacks = lacking(*file_.context, claim, verdict, Format::text);
    if (!lacks) return;
    entry_["missing"] = {{"kind", lacks->kind}, {"what", lacks->what}};
    if (verdict.missing->what->is_constant(-1) && verdict.missing->is_factor)
      line("          the right side has the wrong sign");
    else
      line("          the right side lacks the {} {}", lacks->kind, lacks->what);
  }

  // " at x = 2, w = [1, 2], h = 0", and the same for programs.
  std::string place(const Claim& claim, const Verdict& verdict, const SidesAt& at) {
    std::string text;
    for (const auto& [name, value] : shown_point(*file_.context, claim, verdict, at))
      text += fmt::format("{} {} = {}", text.empty() ? " at" : ",", name, value);
    sides_ = Json::object();
    const Point<Precise>& point = *verdict.point;
    for (const auto& [dim, size] : point.sizes)
      if (verdict.reads_size.contains(dim)) sides_["sizes"][file_.context->dim(dim).name] = size;
    for (const TensorId t : verdict.given) {
      const Values<Precise>& v = point.tensors.at(t);
      std::vector<std::string> numbers;
      for (const Precise& x : v.reals) numbers.push_back(x.to_string(17));
      for (const std::int64_t x : v.integers) numbers.push_back(std::to_string(x));
      sides_["at"][file_.tensor(t).name] = v.extents.empty() ? Json(numbers[0]) : Json(numbers);
    }
    for (std::size_t k = 0; k < at.position.size(); ++k)
      if (!claim.index_names[k].empty())
        sides_["at"][claim.index_names[k]] = at.position[k];
      else
        sides_["position"] = at.position;
    const int digits = digits_to_tell_apart(at.left, at.right);
    sides_["left"] = number(at.left, std::max(digits, 17));
    sides_["right"] = number(at.right, std::max(digits, 17));
    return text;
  }

  const ModelFile& file_;
  const Options& options_;
  Json entry_, sides_, all_ = Json::array();
};

}  // namespace

int claim_command(const Options& options) {
  Dump dump("");
  const std::optional<ModelFile> file =
      options.claim.empty() ? load_model(options, dump) : load_model_with_claim(options, dump);
  if (!file) return status_user_error;
  if (file->model.claims.empty())
    return report({error_at(DiagnosticCode::E612, options.file, "the file has no claim, and none is given",
                            "`claim left = right` in the file, or `gradc claim FILE 'left = right'`")});
  Report told(*file, options);
  bool good = true;
  for (const Claim& claim : file->model.claims)
    if (options.claim.empty() || claim.left_range.file == 1) good = told.tell(claim) && good;
  told.finish();
  return good ? status_ok : status_user_error;
}

}  // namespace gradc::driver
