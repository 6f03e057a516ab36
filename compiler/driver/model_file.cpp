// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/model_file.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "compiler/driver/commands.h"
#include "compiler/driver/counter_example.h"
#include "compiler/driver/use_folders.h"
#include "compiler/equations/verify.h"
#include "compiler/support/atomic_file.h"
#include "compiler/support/check.h"
#include "grammar/print.h"

namespace gradc::driver {
namespace {

namespace fs = std::filesystem;

Result<std::string> read_model(const std::string& path) {
  return read_model_text(
      path, [&](const std::string& why) { return Diagnostic{DiagnosticCode::E500, why, {}, {}, "", path}; });
}

ModelText model_text(const Options& options, std::string text) {
  const auto folders = std::make_shared<UseFolders>(options.file, options.include);
  return {fs::path(options.file).stem().string(), Source(options.file, std::move(text)), folders->identity(),
          [folders](const std::string& user, const std::string& path) { return folders->find(user, path); }};
}

}  // namespace

int report(const Diagnostics& diagnostics, const Sources& sources) {
  std::fflush(stdout);
  for (const Diagnostic& d : diagnostics)
    fmt::print(stderr, "{}", render(d, d.place.empty() ? sources : Sources{}));
  return has_errors(diagnostics) ? status_user_error : status_ok;
}

int deliver(const Options& options, const std::string& text) {
  if (!options.out.empty()) return report(write_file(options.out, text));
  std::fwrite(text.data(), 1, text.size(), stdout);
  return status_ok;
}

std::string nearest(std::string_view name, std::span<const std::string> known, std::string_view what) {
  if (const std::string near = did_you_mean(name, known); !near.empty())
    return "did you mean `" + near + "`?";
  if (known.empty() || known.size() > 12) return "";
  std::string all;
  for (const std::string& word : known) all += (all.empty() ? "`" : ", `") + word + "`";
  return fmt::format("the file's {} are {}", what, all);
}

Result<UsedFile> ModelText::uses_nothing(const std::string&, const std::string&) {
  return Diagnostic{DiagnosticCode::E500, "this model stands alone, and has no files to use", {}, {}, ""};
}

std::optional<ModelFile> check_model(ModelText text, const CheckOptions& options, Dump& dump,
                                     Diagnostics* diagnostics, Sources* sources, bool quiet) {
  ModelFile file{
      .name = std::move(text.name), .sources = {}, .context = std::make_unique<Context>(), .model = {}};
  file.sources.push_back(std::move(text.source));
  const auto tell = [&](const Diagnostics& told) {
    if (diagnostics) diagnostics->insert(diagnostics->end(), told.begin(), told.end());
    if (!quiet) report(told, file.sources);
  };
  set_current_pass("syntax");
  const Result<syntax::Program> program = parse_with_uses(file.sources, text.identity, text.find);
  if (sources) *sources = file.sources;
  tell(program.diagnostics());
  if (!program) return {};
  dump.show("syntax", [&] { return syntax::print(*program); });
  set_current_pass("equations");
  Result<Model> model = check(*program, *file.context, options);
  tell(model.diagnostics());
  if (!model) return {};
  if (const Diagnostics wrong = wrong_derivatives(*model, *file.context); !wrong.empty()) {
    tell(wrong);
    return {};
  }
  file.model = std::move(*model);
  file.uses = uses(*program);
  const std::string broken = verify(file.model.system);
  GRADC_CHECK(broken.empty(), broken);
  dump.show("equations", file.model.system);
  return file;
}

// What is claimed stands behind the file's text, and is shown as a source of its own.
std::optional<ModelFile> load_model_with_claim(const Options& options, Dump& dump) {
  Result<std::string> text = read_model(options.file);
  if (!text) {
    report(text.diagnostics());
    return {};
  }
  const std::string head = *text + "\nclaim ";
  const auto begin = static_cast<std::uint32_t>(head.size());
  Diagnostics told;
  Sources sources;
  std::optional<ModelFile> whole =
      check_model(model_text(options, head + options.claim + "\n"), {.dims = options.dims, .wanted = {}},
                  dump, &told, &sources, true);
  const auto of_claim = static_cast<std::uint32_t>(sources.size());
  sources.front() = Source(options.file, *text);
  sources.emplace_back("claim", options.claim);
  const auto moved = [&](SourceRange& range) {
    if (range.file != 0 || range.begin + 1 < begin - 5) return;
    range = {of_claim, std::max(range.begin, begin) - begin, std::max(range.end, begin) - begin};
  };
  for (Diagnostic& d : told) {
    moved(d.at.range);
    for (Label& note : d.notes) moved(note.range);
  }
  report(told, sources);
  if (!whole) return {};
  whole->sources = std::move(sources);
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
  return check_model(model_text(options, std::move(*text)), {.dims = options.dims, .wanted = options.of},
                     dump, diagnostics, sources);
}

}  // namespace gradc::driver
