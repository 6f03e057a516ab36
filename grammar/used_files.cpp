// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "grammar/used_files.h"

#include <map>

#include "compiler/support/overloaded.h"
#include "grammar/parse.h"

namespace gradc {
namespace {

using namespace syntax;

// What a statement is called that has no place in a used file; a function, and what belongs to one, has.
std::string misplaced(const StatementKind& kind) {
  return std::visit(overloaded{[](const Equation& e) -> std::string {
                                 return e.lefts[0].is_function ? "" : "an equation";
                               },
                               [](const Deriv&) -> std::string { return ""; },
                               [](const Use&) -> std::string { return ""; },
                               [](const Declaration& d) -> std::string {
                                 return d.role == Role::input ? "an input" : "a " + std::string(spelling(d.role));
                               },
                               [](const Dim&) -> std::string { return "a dim"; },
                               [](const Seq&) -> std::string { return "a dim"; },
                               [](const Noise&) -> std::string { return "noise"; },
                               [](const Claim&) -> std::string { return "a claim"; },
                               [](const auto&) -> std::string { return "a line of training"; }},
                    kind);
}

class Reader {
 public:
  Reader(Sources& sources, const FindFile& find) : sources_(sources), find_(find) {}

  Result<Program> read(const std::string& identity) {
    identities_.push_back(identity);
    file_of_[identity] = 0;
    told_ = parse_into(program_, sources_.front(), 0);
    if (!told_.empty()) return told_;
    for (std::size_t s = 0; s < program_.statements.size(); ++s) resolve(s);
    if (told_.empty()) find_circle();
    if (!told_.empty()) return told_;
    return std::move(program_);
  }

 private:
  void resolve(std::size_t statement) {
    Use* use = std::get_if<Use>(&program_.statements[statement].kind);
    if (!use) return;
    const SourceRange at = use->path.range;
    Result<UsedFile> found = find_(identities_[at.file], program_[use->path]);
    if (!found) {
      for (Diagnostic d : found.diagnostics()) {
        d.at.range = at;
        told_.push_back(std::move(d));
      }
      return;
    }
    const auto next = static_cast<std::uint32_t>(sources_.size());
    const auto [place, is_new] = file_of_.try_emplace(found->identity, next);
    use->file = place->second;
    is_circular_ = is_circular_ || use->file <= at.file;
    if (is_new) add(std::move(*found), at);
  }

  void add(UsedFile file, SourceRange used) {
    const auto index = static_cast<std::uint32_t>(sources_.size());
    sources_.emplace_back(std::move(file.name), std::move(file.text));
    identities_.push_back(std::move(file.identity));
    const std::size_t before = program_.statements.size();
    const Diagnostics mistakes = parse_into(program_, sources_.back(), index);
    told_.insert(told_.end(), mistakes.begin(), mistakes.end());
    for (std::size_t s = before; s < program_.statements.size(); ++s)
      if (const std::string what = misplaced(program_.statements[s].kind); !what.empty())
        told_.push_back(
            {DiagnosticCode::E119,
             "a file that others use holds functions, and this is " + what,
             {program_.statements[s].range, ""},
             {{used, "the file is used here"}},
             "what belongs to one model stands in its own file, and functions take it as arguments"});
  }

  // A file can be used before one that uses it is read, so not every `use` of an earlier file is a circle.
  void find_circle() {
    if (!is_circular_) return;
    std::vector<std::vector<const Use*>> uses(sources_.size());
    for (const Statement& s : program_.statements)
      if (const Use* use = std::get_if<Use>(&s.kind)) uses[use->path.range.file].push_back(use);
    enum class State : std::uint8_t { unseen, on_way, done };
    std::vector<State> state(sources_.size(), State::unseen);
    std::vector<std::pair<std::uint32_t, std::size_t>> way{{0, 0}};  // a file, and the next of its uses
    state[0] = State::on_way;
    while (!way.empty()) {
      auto& [file, next] = way.back();
      if (next == uses[file].size()) {
        state[file] = State::done;
        way.pop_back();
        continue;
      }
      const Use* use = uses[file][next++];
      if (state[use->file] == State::on_way) return report_circle(*use, way);
      if (state[use->file] == State::unseen) {
        state[use->file] = State::on_way;
        way.emplace_back(use->file, 0);
      }
    }
  }

  void report_circle(const Use& closing, const std::vector<std::pair<std::uint32_t, std::size_t>>& way) {
    std::string round;
    bool inside = false;
    for (const auto& [file, next] : way) {
      inside = inside || file == closing.file;
      if (inside) round += "`" + sources_[file].name() + "` → ";
    }
    const std::string name = "`" + sources_[closing.file].name() + "`";
    told_.push_back({DiagnosticCode::E120,
                     name + " uses itself: " + round + name,
                     {closing.path.range, "here the circle closes"},
                     {},
                     "put what both need into a file of its own"});
  }

  Sources& sources_;
  const FindFile& find_;
  Program program_;
  Diagnostics told_;
  std::vector<std::string> identities_;         // by file
  std::map<std::string, std::uint32_t> file_of_;  // by identity
  bool is_circular_ = false;
};

}  // namespace

Result<Program> parse_with_uses(Sources& sources, const std::string& identity, const FindFile& find) {
  return Reader(sources, find).read(identity);
}

std::vector<UseOf> uses(const Program& program) {
  std::vector<UseOf> made;
  for (const Statement& s : program.statements)
    if (const Use* use = std::get_if<Use>(&s.kind))
      made.push_back({use->path.range.file, program[use->path], use->file});
  return made;
}

}  // namespace gradc
