// Programs derived from the grammar itself: Bison writes gradc.yy as XML, and what its productions derive
// must be read, and survive being printed. Every production is used. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "grammar/parse.h"
#include "grammar/print.h"
#include "tests/support/golden.h"

namespace gradc {
namespace {

struct Production {
  std::string left;
  std::vector<std::string> right;
};

std::string unescaped(std::string text) {
  for (const auto& [entity, character] :
       {std::pair{"&quot;", "\""}, {"&lt;", "<"}, {"&gt;", ">"}, {"&apos;", "'"}, {"&amp;", "&"}})
    for (std::size_t at; (at = text.find(entity)) != std::string::npos;)
      text.replace(at, std::string_view(entity).size(), character);
  return text;
}

// The next <tag>…</tag> from `at` on, which moves behind it; nothing if there is none before `end`.
std::optional<std::string> element(const std::string& xml, const std::string& tag, std::size_t& at,
                                   std::size_t end) {
  const std::size_t open = xml.find("<" + tag + ">", at);
  if (open >= end) return {};
  const std::size_t begin = open + tag.size() + 2, close = xml.find("</" + tag + ">", begin);
  at = close;
  return unescaped(xml.substr(begin, close - begin));
}

class Grammar {
 public:
  Grammar() {
    const std::string xml = test::read_file(std::filesystem::path(GRADC_BINARY_DIR) / "grammar/grammar.xml");
    std::size_t at = xml.find("<rules>");
    const std::size_t end = xml.find("</rules>");
    while ((at = xml.find("<rule ", at)) < end) {
      const std::size_t rule_end = xml.find("</rule>", at);
      Production production{*element(xml, "lhs", at, rule_end), {}};
      while (auto symbol = element(xml, "symbol", at, rule_end)) production.right.push_back(*symbol);
      at = rule_end;
      // What the parser does after a mistake derives nothing.
      if (std::find(production.right.begin(), production.right.end(), "error") != production.right.end())
        continue;
      of_[production.left].push_back(productions_.size());
      productions_.push_back(std::move(production));
    }
    measure();
  }

  bool derives(const std::string& symbol) const { return of_.contains(symbol); }
  const std::vector<std::size_t>& of(const std::string& symbol) const { return of_.at(symbol); }
  const Production& operator[](std::size_t i) const { return productions_[i]; }
  std::size_t size() const { return productions_.size(); }
  int height(std::size_t production) const { return heights_[production]; }

 private:
  // The height of the lowest derivation that each production can start.
  void measure() {
    constexpr int unknown = 1'000'000;
    heights_.assign(productions_.size(), unknown);
    std::map<std::string, int> lowest;
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t i = 0; i < productions_.size(); ++i) {
        int height = 0;
        for (const std::string& symbol : productions_[i].right)
          if (derives(symbol)) height = std::max(height, lowest.contains(symbol) ? lowest[symbol] : unknown);
        if (height >= unknown || height + 1 >= heights_[i]) continue;
        heights_[i] = height + 1;
        int& low = lowest.try_emplace(productions_[i].left, unknown).first->second;
        low = std::min(low, height + 1);
        changed = true;
      }
    }
  }

  std::vector<Production> productions_;
  std::map<std::string, std::vector<std::size_t>> of_;
  std::vector<int> heights_;
};

class Generator {
 public:
  Generator(const Grammar& grammar, unsigned seed) : grammar_(grammar), random_(seed) {}

  std::string program() {
    out_.clear();
    begun_ = false;
    derive("program", below(4) == 0 ? 45 : 22 + static_cast<int>(below(6)));
    return out_;
  }
  const std::set<std::size_t>& used() const { return used_; }

 private:
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
  template <class T>
  const T& one_of(const std::vector<T>& list) {
    return list[below(list.size())];
  }

  // Lower and lower productions as the budget goes down, then only the lowest.
  void derive(const std::string& symbol, int budget) {
    if (!grammar_.derives(symbol)) return terminal(symbol);
    if (out_.size() > 2000) budget = 0;
    if (symbol == "arguments" && reduces_) budget = std::max(budget, 4);
    std::vector<std::size_t> fitting;
    for (std::size_t production : grammar_.of(symbol))
      if (grammar_.height(production) <= budget) fitting.push_back(production);
    if (fitting.empty()) {
      fitting = grammar_.of(symbol);
      const auto lowest = [&](std::size_t a, std::size_t b) {
        return grammar_.height(a) < grammar_.height(b);
      };
      fitting = {*std::min_element(fitting.begin(), fitting.end(), lowest)};
    }
    const std::size_t chosen = one_of(likely(symbol, fitting));
    used_.insert(chosen);
    const bool reduced = reduces_, set = in_setting_;
    if (symbol == "reduction") reduces_ = below(20) > 0;
    if (symbol == "call") reduces_ = false;
    if (symbol == "setting") in_setting_ = true;
    if (symbol == "statement") after_function_ = false;
    const bool names_index = symbol == "argument" && reduces_ && below(20) > 0;
    if (names_index && !holds(chosen, "range")) {
      terminal("\"a name\"");
    } else {
      for (const std::string& part : grammar_[chosen].right) {
        derive(part, budget - 1);
        if (part == "head" || (symbol == "argument" && part == "\"a name\""))
          reduces_ = false;  // behind: the body, the range
        if (part == "arguments" && reduced) reduces_ = false;
      }
    }
    reduces_ = reduced, in_setting_ = set;
    if (symbol == "left" && holds(chosen, "parameters") && !in_setting_) after_function_ = true;
  }

  bool holds(std::size_t production, const std::string& symbol) const {
    const std::vector<std::string>& right = grammar_[production].right;
    return std::find(right.begin(), right.end(), symbol) != right.end();
  }

  // Leaves out most of what is checked behind the grammar, so that most programs are read in full.
  std::vector<std::size_t> likely(const std::string& symbol, const std::vector<std::size_t>& fitting) {
    std::vector<std::size_t> list;
    for (std::size_t p : fitting) {
      const bool wrong_reduction = reduces_ && ((symbol == "head" && holds(p, "\"'\"")) ||
                                                (symbol == "arguments" && grammar_[p].right.empty()) ||
                                                (symbol == "argument" && holds(p, "\"=\"")));
      const bool wrong_call = !reduces_ && ((symbol == "argument" && holds(p, "range")) ||
                                            (symbol == "arguments" && holds(p, "\"if\"")));
      const bool unfit = (symbol == "statement" && holds(p, "deriv") && !after_function_) ||
                         (symbol == "item" && (holds(p, "\"=\"") || holds(p, "\"init\""))) ||
                         (symbol == "comparisons" && holds(p, "comparisons"));
      // Commas separate settings, so that an iterate of several names needs parentheses there.
      if (symbol == "states" && holds(p, "states") && in_setting_) continue;
      if (symbol == "lines" && !begun_ && !holds(p, "statement")) continue;
      if ((wrong_reduction || wrong_call || unfit) && below(40) > 0) continue;
      list.push_back(p);
    }
    if (symbol == "lines") begun_ = true;
    return list.empty() ? fitting : list;
  }

  void terminal(const std::string& symbol) {
    static const std::vector<std::string> names = {"x",   "y1", "θ",    "D",  "i",  "sigmoid",
                                                   "max", "at", "most", "pi", "_u", "été"};
    static const std::vector<std::string> reductions = {"sum",       "prod",   "mean",   "max", "min",
                                                        "logsumexp", "argmax", "argmin", "any", "all"};
    static const std::vector<std::string> numbers = {"0", "1", "2.5", "1e-5", "0.75E+2", "31415"};
    static const std::vector<std::string> strings = {"\"a (cm)\"", "\"\"", "\"θ\""};
    if (symbol == "\"a name\"")
      return put(one_of(reduces_ && !out_.ends_with("(") && !out_.ends_with(",") ? reductions : names));
    if (symbol == "\"a number\"") return put(one_of(numbers));
    if (symbol == "\"a string\"") return put(one_of(strings));
    if (symbol == "\"the end of the file\"") return;
    if (symbol == "\"the end of the line\"") return put("\n");
    if (symbol == "\"'\"") {
      out_ += std::string(1 + below(2), '\'');
      return;
    }
    put(symbol.substr(1, symbol.size() - 2));
  }

  void put(const std::string& text) {
    const bool apart = !out_.empty() && out_.back() != '\n' && text != "(" && text != ",";
    out_ += (apart ? " " : "") + text;
  }

  const Grammar& grammar_;
  std::mt19937 random_;
  std::string out_;
  std::set<std::size_t> used_;
  bool reduces_ = false;  // inside the head of a reduction
  bool in_setting_ = false;
  bool begun_ = false;  // the last statement is chosen; the productions of `lines` recurse to the left
  bool after_function_ = false;  // behind a function's definition, where a deriv may stand
};

// What the grammar leaves open, and builder.cpp refuses.
bool checked_behind_the_grammar(DiagnosticCode code) {
  using enum DiagnosticCode;
  return code == E104 || code == E107 || code == E108 || code == E110 || code == E111 || code == E112 ||
         code == E115 || code == E117 || code == E118;
}

TEST(Generated, ProgramsOfTheGrammarAreRead) {
  const Grammar grammar;
  ASSERT_GT(grammar.size(), 100u);
  Generator generator(grammar, 7);
  std::size_t read = 0, refused = 0;
  while (read < 2000) {
    const std::string text = generator.program();
    const Sources sources{Source("generated.grad", text)};
    const auto program = parse(sources[0]);
    if (!program) {
      ++refused;
      for (const Diagnostic& mistake : program.diagnostics())
        ASSERT_TRUE(checked_behind_the_grammar(mistake.code))
            << text << render(program.diagnostics(), sources);
      ASSERT_LT(refused, 20'000u) << "too few programs are read";
      continue;
    }
    ++read;
    for (auto parentheses : {syntax::Parentheses::as_written, syntax::Parentheses::all}) {
      const std::string printed = syntax::print(*program, parentheses);
      const Sources again{Source("printed.grad", printed)};
      const auto reread = parse(again[0]);
      ASSERT_TRUE(reread) << text << render(reread.diagnostics(), again);
      ASSERT_EQ(syntax::print(*reread, parentheses), printed) << text;
      ASSERT_EQ(syntax::print(*reread, syntax::Parentheses::all),
                syntax::print(*program, syntax::Parentheses::all))
          << text;
    }
  }
  RecordProperty("refused", static_cast<int>(refused));
  for (std::size_t i = 0; i < grammar.size(); ++i)
    EXPECT_TRUE(generator.used().contains(i) || grammar[i].left == "$accept")
        << "never derived: " << grammar[i].left << ", production " << i;
}

}  // namespace
}  // namespace gradc
