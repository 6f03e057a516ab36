// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>

#include "compiler/codegen/write_model.h"
#include "compiler/driver/commands.h"
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

std::string unknown(std::string_view what, const std::string& word, const Words& known) {
  const std::string near = did_you_mean(word, known);
  return fmt::format("unknown {} `{}`\n   = help: {}", what, word,
                     near.empty() ? "there are: " + joined(known) : "did you mean `" + near + "`?");
}

CLI::Validator one_of(std::string what, Words known) {
  const auto check = [what, known](std::string& word) {
    return std::ranges::find(known, word) != known.end() ? std::string() : unknown(what, word, known);
  };
  return CLI::Validator(check, "");
}

// The parser of the shell's words, filling one Options.
class Parser {
 public:
  Parser()
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
  }

  Options options;
  CLI::App& app() { return app_; }

  Words commands() {
    Words names;
    for (const CLI::App* command : app_.get_subcommands({})) names.push_back(command->get_name());
    return names;
  }

 private:
  CLI::App* command(const char* name, const char* about, const char* file = "FILE",
                    const char* file_help = "the model file") {
    CLI::App* made = app_.add_subcommand(name, about);
    made->allow_extras();  // reported by us, with the nearest option
    made->add_option(file, options.file, file_help)->required();
    return made;
  }

  CLI::Option* list(CLI::App* c, const char* name, Words& into, const char* value, const char* help) {
    return c->add_option(name, into, help)->allow_extra_args(false)->type_name(value);
  }

  void dims(CLI::App* c) {
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

  void dump(CLI::App* c) {
    c->add_option("--dump", options.dump, "print a stage and stop: " + joined(dump_passes()))
        ->type_name("PASS")
        ->check(one_of("pass", dump_passes()));
  }

  void json(CLI::App* c) { c->add_flag("--json", options.json, "for programs to read"); }

  void quantities(CLI::App* c) {
    list(c, "--of", options.of, "NAME,…",
         "of which equations; default: the minimised one, or every scalar that no other uses")
        ->delimiter(',');
    list(c, "--wrt", options.wrt, "NAME,…", "derivatives by these; default: params, or inputs")
        ->delimiter(',');
  }

  void check() {
    CLI::App* c = command("check", "names, shapes, sizes, and clear errors");
    dims(c), dump(c), json(c);
  }

  void diff() {
    CLI::App* c = command("diff", "derivatives as formulas");
    dims(c), dump(c), quantities(c);
    c->add_option("--order", options.order, "up to which derivative; default: 1")
        ->type_name("N")
        ->check(CLI::Range(0, 8));
    c->add_option("--format", options.format, "text, latex, json, dot; default: text")
        ->type_name("FORMAT")
        ->check(one_of("format", {"text", "latex", "json", "dot", "html", "pdf"}));
    c->add_option("--notation", options.notation, "leibniz, lagrange, nabla; default: leibniz")
        ->type_name("STYLE")
        ->check(one_of("notation", {"leibniz", "lagrange", "nabla"}));
    c->add_option("--style", options.style, "index")
        ->type_name("STYLE")
        ->check(one_of("style", {"index", "matrix"}));
    c->add_flag("--steps", options.steps, "each rewriting, with the rule that allows it");
    c->add_flag("--json", options.json, "the same as --format json");
  }

  // Which values things have, and how exactly numbers are computed.
  void values(CLI::App* c) {
    list(c, "--set", options.set, "NAME=VALUE", "a value: 2, [1, 2], @file.npy; first:last:step is a table");
    c->add_option("--seed", options.seed, "of what is drawn at random")->type_name("N");
  }
  void precision(CLI::App* c) {
    c->add_option("--precision", options.precision, "f64, f32; default: f64")
        ->type_name("TYPE")
        ->check(one_of("precision", {"f32", "f64"}));
  }
  void order(CLI::App* c, const char* by_default) {
    c->add_option("--order", options.order, std::string("0, 1 or 2; default: ") + by_default)
        ->type_name("N")
        ->check(CLI::Range(0, 2));
  }
  CLI::Option* data(CLI::App* c) {
    return list(c, "--data", options.data, "FILE | NAME=FILE", "a table, or a file for one input or target");
  }

  void eval() {
    CLI::App* c = command("eval", "values and derivatives at a point");
    dims(c), dump(c), json(c), quantities(c), values(c), precision(c), data(c);
    order(c, "1");
  }

  void train() {
    CLI::App* c = command("train", "learn the params from data");
    dims(c), values(c), precision(c), data(c);
    list(c, "--test", options.test, "FILE | NAME=FILE",
         "data that is scored at the end, and not learned from");
    c->add_option("--epochs", options.epochs, "how often the data is gone through")->type_name("N");
    c->add_option("--batch", options.batch, "examples in a step")->type_name("N");
    c->add_option("--out", options.out, "the run's folder; default: runs/MODEL-001")->type_name("FOLDER");
  }

  void predict() {
    CLI::App* c = command("predict", "what a trained model says of new data", "RUN", "the folder of a run");
    data(c)->required();
    list(c, "--of", options.of, "NAME,…", "which quantities; default: the last that need no target")
        ->delimiter(',');
    c->add_option("--out", options.out, "a CSV file; default: to the terminal")->type_name("FILE");
  }

  void verify() {
    CLI::App* c = command("verify", "derivatives against differences of values at random points");
    dims(c), quantities(c), values(c);
    order(c, "1");
    c->add_option("--points", options.points, "how many points; default: 3")
        ->type_name("N")
        ->check(CLI::Range(1, 1000));
  }

  void compile() {
    CLI::App* c = command("compile", "object file, shared library and C header");
    dims(c), dump(c), quantities(c), precision(c);
    order(c, "1");
    c->add_option("-o,--out", options.out, "the folder to write to")->type_name("FOLDER")->required();
    Words kinds;
    for (std::string_view kind : codegen::artefact_names()) kinds.emplace_back(kind);
    list(c, "--emit", options.emit, "KIND,…", "object, shared, header, llvm, asm; default: the first three")
        ->delimiter(',')
        ->check(one_of("kind of file", kinds));
    c->add_option("--target", options.target, "for which machine; default: this one")->type_name("TRIPLE");
    c->add_option("--cpu", options.cpu, "for which processor; default: this one's")->type_name("NAME");
  }

  void graph() {
    CLI::App* c = command("graph", "the equations as a graph, for Graphviz's dot");
    dims(c), dump(c);
    quantities(c);
    c->add_option("--order", options.order, "with derivatives up to this one; default: 0")
        ->type_name("N")
        ->check(CLI::Range(0, 8));
  }

  CLI::App app_;
};

int usage_error(const std::string& command, const std::string& message) {
  fmt::print(stderr, "gradc: error: {}\n   = help: `gradc {}{}--help` lists what there is\n", message,
             command, command.empty() ? "" : " ");
  return status_usage;
}

// What CLI11 says, with our own way out where it has one.
int refuse(const std::string& command, const CLI::ParseError& error) {
  std::string message = error.what();
  if (dynamic_cast<const CLI::ConversionError*>(&error) && message.find("--dim") != std::string::npos)
    message = "a dim's size is written `--dim N=5`";
  if (message.find("\n   = help:") != std::string::npos) {
    fmt::print(stderr, "gradc: error: {}\n", message);
    return status_usage;
  }
  return usage_error(command, message);
}

}  // namespace

std::optional<Options> parse_command_line(int argc, const char* const* argv, int& status) {
  Parser parser;
  const Words commands = parser.commands();
  if (argc < 2) {
    fmt::print(stderr, "{}", parser.app().help());
    status = status_usage;
    return {};
  }
  const std::string first = argv[1];
  if (!first.starts_with("-") && std::ranges::find(commands, first) == commands.end()) {
    fmt::print(stderr, "gradc: error: {}\n", unknown("command", first, commands));
    status = status_usage;
    return {};
  }
  const std::string named = first.starts_with("-") ? "" : first;
  try {
    parser.app().parse(argc, argv);
  } catch (const CLI::Success& asked_for_text) {
    status = parser.app().exit(asked_for_text);
    return {};
  } catch (const CLI::ParseError& error) {
    status = refuse(named, error);
    return {};
  }
  const CLI::App* command = parser.app().get_subcommands().front();
  parser.options.command = command->get_name();
  const Words extras = command->remaining();
  for (const std::string& word : extras) {
    if (!word.starts_with("-") || word == "-") continue;
    Words known;
    for (const CLI::Option* option : command->get_options())
      for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    fmt::print(stderr, "gradc: error: {}\n", unknown("option", word.substr(0, word.find('=')), known));
    status = status_usage;
    return {};
  }
  if (!extras.empty()) {
    status = usage_error(named, fmt::format("`{}` is one argument too many", extras.front()));
    return {};
  }
  return std::move(parser.options);
}

}  // namespace gradc::driver
