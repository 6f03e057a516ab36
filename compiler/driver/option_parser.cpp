// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/option_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "compiler/codegen/write_model.h"
#include "compiler/driver/dump.h"
#include "compiler/support/diagnostic.h"

namespace gradc::driver {
namespace {

using Words = std::vector<std::string>;

std::string joined(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

CLI::Validator one_of(std::string what, Words known) {
  const auto check = [what, known](std::string& word) {
    return std::ranges::find(known, word) != known.end() ? std::string() : unknown_word(what, word, known);
  };
  return CLI::Validator(check, "");
}

}  // namespace

std::string unknown_word(std::string_view what, const std::string& word, const Words& known) {
  const std::string near = did_you_mean(word, known);
  return fmt::format("unknown {} `{}`\n   = help: {}", what, word,
                     near.empty() ? "there are: " + joined(known) : "did you mean `" + near + "`?");
}

OptionParser::OptionParser()
    : app_("gradc compiles differentiable models: equations to formulas, numbers and trained models.") {
  app_.name("gradc");
  app_.set_version_flag("--version", "gradc " GRADC_VERSION);
  app_.require_subcommand(1);
  app_.set_help_flag("-h,--help", "print this help");
  check();
  diff();
  eval();
  train();
  predict();
  verify();
  compile();
  graph();
  plot();
  claim();
  explain_cost();
}

std::vector<std::string> OptionParser::commands() {
  Words names;
  for (const CLI::App* c : app_.get_subcommands({})) names.push_back(c->get_name());
  return names;
}

CLI::App* OptionParser::command(const char* name, const char* about, const char* file,
                                const char* file_help) {
  CLI::App* made = app_.add_subcommand(name, about);
  made->allow_extras();  // reported by us, with the nearest option
  made->add_option(file, options.file, file_help)->required();
  if (std::string_view(file) == "FILE")
    list(made, "-I,--include", options.include, "FOLDER", "where `use` looks for files too");
  return made;
}

CLI::Option* OptionParser::list(CLI::App* c, const char* name, Words& into, const char* value,
                                const char* help) {
  return c->add_option(name, into, help)->allow_extra_args(false)->type_name(value);
}

void OptionParser::dims(CLI::App* c) {
  const auto add = [this](const CLI::results_t& words) {
    for (const std::string& word : words) {
      const std::size_t equals = word.find('=');
      std::int64_t size = 0;
      const char* end = word.data() + word.size();
      const char* begin = equals == std::string::npos ? end : word.data() + equals + 1;
      const auto [stop, error] = std::from_chars(begin, end, size);
      if (equals == 0 || begin == end || error != std::errc() || stop != end) return false;
      options.dims[word.substr(0, equals)] = size;
    }
    return true;
  };
  c->add_option("--dim", add, "the size of a dim; leads over the file's")
      ->type_name("NAME=SIZE")
      ->type_size(1)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
}

void OptionParser::dump(CLI::App* c) {
  c->add_option("--dump", options.dump, "print a stage and stop: " + joined(dump_passes()))
      ->type_name("PASS")
      ->check(one_of("pass", dump_passes()));
}

void OptionParser::json(CLI::App* c) { c->add_flag("--json", options.json, "for programs to read"); }

void OptionParser::quantities(CLI::App* c, const char* wrt_help) {
  list(c, "--of", options.of, "NAME,…",
       "of which equations; default: the minimised one, or every scalar that no other uses")
      ->delimiter(',');
  list(c, "--wrt", options.wrt, "NAME,…", wrt_help)->delimiter(',');
}

void OptionParser::mode(CLI::App* c) {
  c->add_option("--mode", options.mode, "how derivatives are had: forward, reverse; default: the cheaper one")
      ->type_name("MODE")
      ->check(one_of("mode", {"forward", "reverse"}));
}

void OptionParser::check() {
  CLI::App* c = command("check", "names, shapes, sizes, and clear errors");
  dims(c), dump(c), json(c);
}

void OptionParser::diff() {
  CLI::App* c = command("diff", "derivatives as formulas");
  dims(c), dump(c), quantities(c);
  order(c, 8, 1), mode(c);
  c->add_option("--format", options.format, "text, latex, mathml, sympy, html, pdf, json, dot; default: text")
      ->type_name("FORMAT")
      ->check(one_of("format", {"text", "latex", "mathml", "sympy", "json", "dot", "html", "pdf"}));
  c->add_option("--notation", options.notation, "leibniz, lagrange, nabla; default: leibniz")
      ->type_name("STYLE")
      ->check(one_of("notation", {"leibniz", "lagrange", "nabla"}));
  c->add_option("--style", options.style, "index or matrix")
      ->type_name("STYLE")
      ->check(one_of("style", {"index", "matrix"}));
  c->add_flag("--steps", options.steps, "how each derivative comes about, with the rule of each line");
  c->add_flag("--expand", options.expand, "writes every equation out where it is read");
  c->add_flag("--batch", options.batch_mean, "the mean over a batch of B examples, in the place of one");
  c->add_flag("--update", options.update, "how the file's optimiser moves the params");
  list(c, "--at", options.at, "NAME=VALUE,…",
       "puts numbers in: values, or the number of an example of --data");
  data(c);
  c->add_flag("--json", options.json, "the same as --format json");
  output(c);
}

void OptionParser::output(CLI::App* c) {
  c->add_option("-o,--out", options.out, "the file to write; default: to the terminal")->type_name("FILE");
}

void OptionParser::values(CLI::App* c) {
  list(c, "--set", options.set, "NAME=VALUE", "a value: 2, [1, 2], @file.npy; first:last:step is a table");
  c->add_option("--seed", options.seed, "of what is drawn at random")->type_name("N");
}

void OptionParser::sample(CLI::App* c) {
  c->add_flag("--sample", options.sample, "draw noise, which stands for its mean otherwise");
}

void OptionParser::precision(CLI::App* c) {
  c->add_option("--precision", options.precision, "f64, f32; default: f64")
      ->type_name("TYPE")
      ->check(one_of("precision", {"f32", "f64"}));
}

void OptionParser::threads(CLI::App* c, const char* by_default) {
  c->add_option("--threads", options.threads,
                fmt::format("how many compute; makes no difference to results; default: {}", by_default))
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
}

void OptionParser::recompute(CLI::App* c) {
  c->add_option("--recompute", options.recompute,
                "sqrt: keep states of recurrences at checkpoints only; none: all, the default")
      ->type_name("HOW")
      ->check(one_of("recompute", {"sqrt", "none"}));
}

void OptionParser::order(CLI::App* c, int at_most, int by_default) {
  c->add_option("--order", options.order,
                fmt::format("up to which derivative, at most {}; default: {}", at_most, by_default))
      ->type_name("N")
      ->check(CLI::Range(0, at_most));
}

CLI::Option* OptionParser::data(CLI::App* c) {
  return list(c, "--data", options.data, "FILE | NAME=FILE", "a table, or a file for one input or target");
}

void OptionParser::eval() {
  CLI::App* c = command("eval", "values and derivatives at a point");
  dims(c), dump(c), json(c), quantities(c, "derivatives by these; default: inputs and params"), values(c),
      precision(c), recompute(c), data(c), sample(c), threads(c);
  order(c, 2, 1), mode(c);
  c->add_flag("--sparse", options.sparse, "derivatives of many by many as compressed sparse rows, in JSON");
}

void OptionParser::train() {
  CLI::App* c = command("train", "learn the params from data");
  dims(c), values(c), precision(c), recompute(c), data(c), threads(c);
  list(c, "--test", options.test, "FILE | NAME=FILE", "data that is scored at the end, and not learned from");
  c->add_option("--epochs", options.epochs, "how often the data is gone through")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 53));
  c->add_option("--batch", options.batch, "examples in a step")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 31));
  c->add_option("--out", options.out, "the run's folder; default: runs/MODEL-001")->type_name("FOLDER");
}

void OptionParser::predict() {
  CLI::App* c = command("predict", "what a trained model says of new data", "RUN", "the folder of a run");
  data(c)->required();
  list(c, "--of", options.of, "NAME,…", "which quantities; default: the last that need no target")
      ->delimiter(',');
  c->add_option("--out", options.out, "a CSV file; default: to the terminal")->type_name("FILE");
  sample(c), threads(c);
  c->add_option("--seed", options.seed, "of noise that is drawn; default: the run's")->type_name("N");
  c->add_option("--digits", options.digits, "significant digits; default: all")
      ->type_name("N")
      ->check(CLI::Range(1, 17));
}

void OptionParser::verify() {
  CLI::App* c = command("verify", "derivatives against differences of values at random points");
  dims(c), quantities(c, "derivatives by these; default: inputs and params"), values(c);
  order(c, 2, 1), mode(c), recompute(c);
  c->add_option("--points", options.points, "how many points; default: 3")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
}

void OptionParser::compile() {
  CLI::App* c = command("compile", "object file, shared library and C header");
  dims(c), dump(c), quantities(c, "derivatives by these; default: inputs and params"), precision(c),
      recompute(c);
  order(c, 2, 1), mode(c);
  c->add_option("-o,--out", options.out, "the folder to write to")->type_name("FOLDER")->required();
  Words kinds;
  for (std::string_view kind : codegen::artefact_names) kinds.emplace_back(kind);
  list(c, "--emit", options.emit, "KIND,…", "object, shared, header, llvm, asm; default: the first three")
      ->delimiter(',')
      ->check(one_of("kind of file", kinds));
  c->add_option("--target", options.target, "for which machine; default: this one")->type_name("TRIPLE");
  c->add_option("--cpu", options.cpu, "for which processor; default: this one's")->type_name("NAME");
}

void OptionParser::claim() {
  CLI::App* c = command("claim", "whether equations that somebody claims are proved, tested, or wrong");
  c->add_option("CLAIM", options.claim, "'LEFT = RIGHT', over the file's names; default: the file's claims");
  dims(c), json(c);
  c->add_option("--seed", options.seed, "of the points that are drawn at random")->type_name("N");
}

void OptionParser::graph() {
  CLI::App* c = command("graph", "the equations as a graph, for Graphviz's dot");
  dims(c), dump(c);
  quantities(c);
  order(c, 8, 0);
  output(c);
}

void OptionParser::explain_cost() {
  CLI::App* c =
      command("explain-cost", "what each loop of a training step costs: counted, predicted and measured");
  dims(c), quantities(c, "derivatives by these; default: inputs and params"), precision(c), recompute(c);
  order(c, 2, 1), mode(c);
  threads(c, "1");
  c->add_option("--batch", options.batch, "examples in a step; default: the file's")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 31));
}

void OptionParser::plot() {
  CLI::App* c = command("plot", "a picture (SVG): a function over a range, a plane, or the loss of a run",
                        "FILE", "the model file, or the folder of a run");
  dims(c), quantities(c, "derivatives by these; default: what the range is of"), values(c), data(c),
      threads(c);
  order(c, 2, 1);
  output(c);
}

}  // namespace gradc::driver
