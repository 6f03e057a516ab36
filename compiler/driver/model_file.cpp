// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/model_file.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "compiler/driver/commands.h"
#include "compiler/equations/verify.h"
#include "compiler/support/check.h"
#include "grammar/parse.h"
#include "grammar/print.h"

namespace gradc::driver {
namespace {

namespace fs = std::filesystem;

// The parser has its own, smaller limit with its own message; this one keeps a device from filling memory.
constexpr std::size_t bytes_at_most = std::size_t{1} << 28;

Result<std::string> read_model(const std::string& path) {
  const auto cannot = [&](const std::string& why) {
    return Diagnostic{DiagnosticCode::E500, why, {}, {}, "", path};
  };
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) return cannot("there is no such file");
  if (fs::is_directory(status)) return cannot("this is a folder, and a model file was expected");
  std::ifstream in(path, std::ios::binary);
  if (!in) return cannot(std::string("the file cannot be opened: ") + std::strerror(errno));
  std::string text;
  std::array<char, 1 << 16> block;
  while (in.read(block.data(), block.size()), in.gcount() > 0) {
    text.append(block.data(), static_cast<std::size_t>(in.gcount()));
    if (text.size() > bytes_at_most) return cannot("the file is too large for a model");
  }
  return text;
}

}  // namespace

int report(const Diagnostics& diagnostics, const Sources& sources) {
  std::fflush(stdout);
  for (const Diagnostic& d : diagnostics)
    fmt::print(stderr, "{}", render(d, d.place.empty() ? sources : Sources{}));
  return has_errors(diagnostics) ? status_user_error : status_ok;
}

std::string nearest(std::string_view name, std::span<const std::string> known, std::string_view what) {
  if (const std::string near = did_you_mean(name, known); !near.empty())
    return "did you mean `" + near + "`?";
  if (known.empty() || known.size() > 12) return "";
  std::string all;
  for (const std::string& word : known) all += (all.empty() ? "`" : ", `") + word + "`";
  return fmt::format("the file's {} are {}", what, all);
}

std::optional<ModelFile> check_model(std::string name, Source source, const CheckOptions& options, Dump& dump,
                                     Diagnostics* diagnostics, Sources* sources, bool quiet) {
  ModelFile file{std::move(name), {}, std::make_unique<Context>(), {}};
  file.sources.push_back(std::move(source));
  if (sources) *sources = file.sources;
  const auto tell = [&](const Diagnostics& told) {
    if (diagnostics) diagnostics->insert(diagnostics->end(), told.begin(), told.end());
    if (!quiet) report(told, file.sources);
  };
  set_current_pass("syntax");
  const Result<syntax::Program> program = parse(file.sources.front());
  tell(program.diagnostics());
  if (!program) return {};
  dump.show("syntax", [&] { return syntax::print(*program); });
  set_current_pass("equations");
  Result<Model> model = check(*program, *file.context, options);
  tell(model.diagnostics());
  if (!model) return {};
  file.model = std::move(*model);
  const std::string broken = verify(file.model.system);
  GRADC_CHECK(broken.empty(), broken);
  dump.show("equations", file.model.system);
  return file;
}

std::optional<ModelFile> load_model_with_claim(const Options& options, Dump& dump) {
  Result<std::string> text = read_model(options.file);
  if (!text) {
    report(text.diagnostics());
    return {};
  }
  const std::string head = *text + "\nclaim ";
  const auto begin = static_cast<std::uint32_t>(head.size());
  const auto moved = [&](SourceRange& range) {
    if (range.begin + 1 < begin - 5) return;
    range = {1, std::max(range.begin, begin) - begin, std::max(range.end, begin) - begin};
  };
  Diagnostics told;
  ModelFile file{fs::path(options.file).stem().string(), {}, std::make_unique<Context>(), {}};
  file.sources = {Source(options.file, *text), Source("claim", options.claim)};
  std::optional<ModelFile> whole =
      check_model(file.name, Source(options.file, head + options.claim + "\n"),
                  {.dims = options.dims, .wanted = {}}, dump, &told, nullptr, true);
  for (Diagnostic& d : told) {
    moved(d.at.range);
    for (Label& note : d.notes) moved(note.range);
  }
  report(told, file.sources);
  if (!whole) return {};
  whole->sources = std::move(file.sources);
  for (Claim& claim : whole->model.claims) moved(claim.left_range), moved(claim.right_range);
  return whole;
}

std::optional<ModelFile> load_model(const Options& options, Dump& dump, Diagnostics* diagnostics,
                                    Sources* sources) {
  Result<std::string> text = read_model(options.file);
  if (!text) {
    report(text.diagnostics());
    if (diagnostics) *diagnostics = text.diagnostics();
    return {};
  }
  return check_model(fs::path(options.file).stem().string(), Source(options.file, std::move(*text)),
                     {.dims = options.dims, .wanted = options.of}, dump, diagnostics, sources);
}

}  // namespace gradc::driver
