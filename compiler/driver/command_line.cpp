// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/command_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "compiler/driver/commands.h"
#include "compiler/driver/option_parser.h"

namespace gradc::driver {
namespace {

using Words = std::vector<std::string>;

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
  OptionParser parser;
  const Words commands = parser.commands();
  if (argc < 2) {
    fmt::print(stderr, "{}", parser.app().help());
    status = status_usage;
    return {};
  }
  const std::string first = argv[1];
  if (!first.starts_with("-") && std::ranges::find(commands, first) == commands.end()) {
    fmt::print(stderr, "gradc: error: {}\n", unknown_word("command", first, commands));
    status = status_usage;
    return {};
  }
  const Words general{"--help", "-h", "--version"};
  if (first.starts_with("-") && std::ranges::find(general, first) == general.end()) {
    fmt::print(stderr, "gradc: error: {}\n", unknown_word("option", first, general));
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
    fmt::print(stderr, "gradc: error: {}\n", unknown_word("option", word.substr(0, word.find('=')), known));
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
