// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/dataset/csv.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/data_error.h"

namespace gradc {
namespace {

char find_separator(std::string_view text) {
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == ',' || c == ';' || c == '\t') return c;
    if (c == '\n' || c == '\r') break;
  }
  return ',';
}

}  // namespace

CsvReader::CsvReader(std::string path, std::string_view text) : path_(std::move(path)), text_(text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
  separator_ = find_separator(text_.substr(at_));
}

bool CsvReader::at_line_end() const {
  return at_ == text_.size() || text_[at_] == '\n' || text_[at_] == '\r';
}

void CsvReader::skip_line_end() {
  if (at_ < text_.size() && text_[at_] == '\r') ++at_;
  if (at_ < text_.size() && text_[at_] == '\n') ++at_;
}

const std::vector<Cell>& CsvReader::next_row() {
  row_.clear();
  unescaped_.clear();
  if (!faults_.empty()) return row_;
  for (;;) {  // blank lines
    std::size_t end = at_;
    while (end < text_.size() && (text_[end] == ' ' || text_[end] == '\r' || text_[end] == '\n')) ++end;
    const std::size_t line_end = text_.substr(at_, end - at_).find_last_of("\r\n");
    if (end == text_.size()) {
      at_ = end;
      return row_;
    }
    if (line_end != std::string_view::npos) at_ += line_end + 1;
    break;
  }
  for (;;) {
    Cell cell;
    if (!read_cell(cell)) {
      row_.clear();
      return row_;
    }
    row_.push_back(cell);
    if (at_line_end()) break;
    ++at_;  // the separator
  }
  skip_line_end();
  return row_;
}

bool CsvReader::read_cell(Cell& cell) {
  std::size_t first = at_;
  while (first < text_.size() && text_[first] == ' ') ++first;
  if (first < text_.size() && text_[first] == '"') {
    at_ = first;
    return read_quoted(cell);
  }
  cell.begin = first;
  while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n' && text_[at_] != '\r') {
    if (text_[at_] == '\0') {
      fault(DiagnosticCode::E512, at_, "the table holds a NUL byte", "save it as UTF-8 text");
      return false;
    }
    if (text_[at_] == '"') {
      fault(DiagnosticCode::E511, at_, "a quotation mark inside a cell that does not begin with one",
            "write the cell in quotation marks, and `\"\"` for one of them");
      return false;
    }
    ++at_;
  }
  std::size_t last = std::max(at_, first);
  while (last > first && text_[last - 1] == ' ') --last;
  cell.text = text_.substr(first, last - first);
  return true;
}

bool CsvReader::read_quoted(Cell& cell) {
  const std::size_t opening = at_;
  cell.begin = opening + 1;
  std::string* unescaped = nullptr;
  std::size_t begin = opening + 1;
  for (;;) {
    const std::size_t quote = text_.find('"', begin);
    const std::size_t nul =
        text_.substr(begin, quote == std::string_view::npos ? quote : quote - begin).find('\0');
    if (nul != std::string_view::npos) {
      fault(DiagnosticCode::E512, begin + nul, "the table holds a NUL byte", "save it as UTF-8 text");
      return false;
    }
    if (quote == std::string_view::npos) {
      fault(DiagnosticCode::E511, opening, "this quotation mark is never closed");
      return false;
    }
    const bool doubled = quote + 1 < text_.size() && text_[quote + 1] == '"';
    if (doubled && unescaped == nullptr) unescaped = &unescaped_.emplace_back();
    if (unescaped != nullptr) unescaped->append(text_.substr(begin, quote - begin + (doubled ? 1 : 0)));
    if (doubled) {
      begin = quote + 2;
      continue;
    }
    cell.text = unescaped != nullptr ? std::string_view(*unescaped) : text_.substr(begin, quote - begin);
    at_ = quote + 1;
    break;
  }
  while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  if (at_line_end() || text_[at_] == separator_) return true;
  fault(DiagnosticCode::E511, at_, "text behind a cell's closing quotation mark",
        "a quotation mark within a cell is written twice");
  return false;
}

void CsvReader::fault(DiagnosticCode code, std::size_t byte, std::string message, std::string help) {
  faults_.push_back(data_error(code, place(byte), std::move(message), std::move(help)));
}

std::string CsvReader::place(std::size_t byte) const {
  std::size_t line = 1, begin = 0;
  for (std::size_t i = 0; i < byte; ++i) {
    const bool ends =
        text_[i] == '\n' || (text_[i] == '\r' && (i + 1 == text_.size() || text_[i + 1] != '\n'));
    if (ends) ++line, begin = i + 1;
  }
  if (line == 1 && text_.starts_with("\xEF\xBB\xBF")) begin = 3;
  const std::string_view before = text_.substr(begin, byte - begin);
  const auto column = std::count_if(before.begin(), before.end(),
                                    [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  return fmt::format("{}:{}:{}", path_, line, column + 1);
}

}  // namespace gradc
