// The cells of a table: RFC 4180, with LF or CRLF, a BOM, a last line without its end, and blank lines
// (skipped). The separator is the first of `,` `;` TAB in the first line. No cell is interpreted here.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/support/result.h"

namespace gradc {

struct Cell {
  std::string_view text;  // without quotation marks
  std::size_t begin = 0;  // byte in the file
};

class CsvReader {
 public:
  // `text` must outlive the reader.
  CsvReader(std::string path, std::string_view text);

  // The next row's cells, in a buffer that the next call reuses. Empty at the end, and after a fault.
  const std::vector<Cell>& next_row();
  const Diagnostics& faults() const { return faults_; }

  // "data.csv:7:3", counted in lines and characters from 1.
  std::string place(std::size_t byte) const;
  const std::string& path() const { return path_; }

 private:
  void fault(DiagnosticCode code, std::size_t byte, std::string message, std::string help = "");
  bool read_cell(Cell& cell);
  bool read_quoted(Cell& cell);
  bool at_line_end() const;
  void skip_line_end();

  std::string path_;
  std::string_view text_;
  char separator_ = ',';
  std::size_t at_ = 0;
  std::vector<Cell> row_;
  std::deque<std::string> unescaped_;  // texts of this row's cells that held doubled quotation marks
  Diagnostics faults_;
};

}  // namespace gradc
