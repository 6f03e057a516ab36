// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/support/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace gradc {
namespace {

constexpr DiagnosticInfo table[] = {
#define GRADC_DIAGNOSTIC(code, summary) {#code, summary},
#include "compiler/support/diagnostics.def"
#undef GRADC_DIAGNOSTIC
};

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

// The bytes of the well-formed, visible character at `i`, or 0: what must not reach a terminal as it is.
std::size_t visible_length(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t k) {
    return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0u;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return (lead >= 0x20 && lead != 0x7F) || lead == '\t' ? 1 : 0;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  for (std::size_t k = 1; k < length; ++k)
    if ((byte(k) & 0xC0) != 0x80) return 0;
  if (lead == 0xC2 && byte(1) < 0xA0) return 0;  // C1 controls
  const bool reorders = lead == 0xE2 && ((byte(1) == 0x80 && byte(2) >= 0xAA && byte(2) <= 0xAE) ||
                                         (byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9));
  return reorders ? 0 : length;
}

// Puts the replacement character for what is not visible, and moves the marked bytes accordingly.
void make_visible(std::string& line, std::size_t& at, std::size_t& end) {
  std::string out;
  std::size_t new_at = 0, new_end = 0;
  for (std::size_t i = 0; i < line.size();) {
    if (i <= at) new_at = out.size();
    if (i <= end) new_end = out.size();
    const std::size_t length = visible_length(line, i);
    out += length == 0 ? "\uFFFD" : line.substr(i, length);
    i += std::max<std::size_t>(1, length);
  }
  if (at >= line.size()) new_at = out.size();
  if (end >= line.size()) new_end = out.size();
  line = std::move(out), at = new_at, end = new_end;
}

// The source line with the label's caret below it. Very long lines are cut around the caret.
std::string excerpt(const Label& label, const Source& source, std::size_t gutter) {
  const Source::Place place = source.place(label.range.begin);
  const std::string_view whole = source.line(place.line);
  const std::uint32_t begin = source.line_begin(place.line);
  std::size_t at = std::min<std::size_t>(label.range.begin - begin, whole.size());
  std::size_t end =
      std::clamp<std::size_t>(label.range.end > begin ? label.range.end - begin : at, at, whole.size());
  constexpr std::size_t context = 70;
  std::size_t from = at > context ? at - context : 0, to = std::min(whole.size(), at + 2 * context);
  while (from < at && (static_cast<unsigned char>(whole[from]) & 0xC0) == 0x80) ++from;
  while (to > at && to < whole.size() && (static_cast<unsigned char>(whole[to]) & 0xC0) == 0x80) --to;
  std::string line(whole.substr(from, to - from));
  at -= from, end = std::min(end, to) - from;
  make_visible(line, at, end);
  if (from > 0) line = "…" + line, at += 3, end += 3;
  if (to < whole.size()) line += "…";
  std::string blank;  // tabs stay tabs, so that the caret stands below its character
  for (std::size_t i = 0; i < at; ++i)
    if ((static_cast<unsigned char>(line[i]) & 0xC0) != 0x80) blank += line[i] == '\t' ? '\t' : ' ';
  const std::size_t width =
      std::max<std::size_t>(1, code_points(std::string_view(line).substr(at, end - at)));
  return fmt::format("{:>{}} | {}\n{:>{}} | {}^{}{}{}\n", place.line, gutter, line, "", gutter, blank,
                     std::string(width - 1, '~'), label.text.empty() ? "" : " ", label.text);
}

std::size_t gutter_of(const Diagnostic& diagnostic, std::span<const Source> sources) {
  std::uint32_t last = sources[diagnostic.at.range.file].place(diagnostic.at.range.begin).line;
  for (const Label& note : diagnostic.notes)
    last = std::max(last, sources[note.range.file].place(note.range.begin).line);
  return std::max<std::size_t>(2, std::to_string(last).size());
}

}  // namespace

std::span<const DiagnosticInfo> all_diagnostics() { return table; }

Severity Diagnostic::severity() const {
  return table[static_cast<std::size_t>(code)].code[0] == 'W' ? Severity::warning : Severity::error;
}

Diagnostic error_at(DiagnosticCode code, std::string place, std::string message, std::string help) {
  return {code, std::move(message), {}, {}, std::move(help), std::move(place)};
}

bool has_errors(const Diagnostics& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity() == Severity::error; });
}

std::string render(const Diagnostic& d, std::span<const Source> sources) {
  const std::string_view word = d.severity() == Severity::error ? "error" : "warning";
  const std::string_view code = table[static_cast<std::size_t>(d.code)].code;
  std::string out;
  if (!d.place.empty() || sources.empty()) {
    out = fmt::format("{}{}{}: {} [{}]\n", d.place, d.place.empty() ? "" : ": ", word, d.message, code);
    if (!d.help.empty()) out += fmt::format("   = help: {}\n", d.help);
    return out;
  }
  const Source& source = sources[d.at.range.file];
  const Source::Place place = source.place(d.at.range.begin);
  const std::size_t gutter = gutter_of(d, sources);
  out =
      fmt::format("{}:{}:{}: {}: {} [{}]\n", source.name(), place.line, place.column, word, d.message, code);
  out += excerpt(d.at, source, gutter);
  for (const Label& note : d.notes) {
    const Source& other = sources[note.range.file];
    const Source::Place there = other.place(note.range.begin);
    out += fmt::format("{:>{}} ::: {}:{}:{}\n", "", gutter, other.name(), there.line, there.column);
    out += excerpt(note, other, gutter);
  }
  if (!d.help.empty()) out += fmt::format("{:>{}} = help: {}\n", "", gutter, d.help);
  return out;
}

std::string render(const Diagnostics& diagnostics, std::span<const Source> sources) {
  std::string out;
  for (const Diagnostic& d : diagnostics) out += render(d, sources);
  return out;
}

// Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.
std::string did_you_mean(std::string_view name, std::span<const std::string> candidates) {
  auto distance = [](std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), row(b.size() + 1), next(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
      next[0] = i;
      for (std::size_t j = 1; j <= b.size(); ++j) {
        next[j] = std::min({row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
          next[j] = std::min(next[j], before[j - 2] + 1);
      }
      before = row;
      row = next;
    }
    return row[b.size()];
  };
  std::string best;
  std::size_t best_distance = name.size() <= 1 ? 0 : name.size() <= 4 ? 2 : 3;  // must be nearer than this
  if (name.size() > 8) best_distance = 4;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > name.size() + 3 || name.size() > candidate.size() + 3) continue;
    const std::size_t d = distance(name, candidate);
    if (d < best_distance && d < candidate.size()) best = candidate, best_distance = d;
  }
  return best;
}

}  // namespace gradc
