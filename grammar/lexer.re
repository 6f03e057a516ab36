// The lexical rules, made into C++ by re2c. What is a name follows UAX #31, by the categories of utf8proc.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "grammar/lexer.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include "compiler/support/rational.h"
#include "grammar/substitutes.h"
#include "grammar/text.h"

namespace gradc::grammar {
namespace {

using T = Parser::token;

// Longer numbers and larger exponents are no constants of a model, and exact rationals of theirs would fill the memory.
constexpr std::size_t most_digits = 1000;
constexpr int largest_exponent = 1000;
// So many digits without an exponent are a real number, whatever they are.
constexpr std::size_t largest_digits = std::numeric_limits<double>::max_exponent10;

class Lexer {
 public:
  Lexer(std::string_view text, std::uint32_t file, syntax::Texts& texts, Reports& reports)
      : text_(text), cursor_(text.data()), file_(file), texts_(texts), reports_(reports), names_(texts, reports) {}

  std::vector<Token> run() {
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") cursor_ += 3;
    while (step() && !reports_.full()) {
    }
    emit(T::TOK_EOF, at_end());
    return std::move(tokens_);
  }

 private:
  bool step();

  const char* at_end() const { return text_.data() + text_.size(); }
  std::uint32_t offset(const char* p) const { return static_cast<std::uint32_t>(p - text_.data()); }
  std::string_view matched() const { return {start_, static_cast<std::size_t>(cursor_ - start_)}; }
  SourceRange range() const { return {file_, offset(start_), offset(cursor_)}; }

  void emit(TokenKind kind, std::int32_t payload = -1) {
    tokens_.push_back({kind, first_on_line_, blank_line_, offset(start_), offset(cursor_), payload});
    first_on_line_ = blank_line_ = line_is_blank_ = false;
  }
  void emit(TokenKind kind, const char* at) {
    start_ = cursor_ = at;
    first_on_line_ = true;
    emit(kind);
  }
  void line_end() {
    blank_line_ = blank_line_ || line_is_blank_;
    first_on_line_ = line_is_blank_ = true;
  }

  void error(DiagnosticCode code, std::string message, std::string help) {
    reports_.add(code, range(), std::move(message), std::move(help));
  }
  void name(std::string_view spelled) { emit(T::TOK_NAME, names_.add(spelled, range()).value); }
  void word();
  bool word_follows() const;
  void at_most();
  void number();
  void runs_into_word();
  void point_behind();
  void point_before();
  void primes();
  void digits_in_name();
  void substitute(const Substitute& meant, DiagnosticCode code);
  void stray();

  std::string_view text_;
  const char* cursor_;
  const char* start_ = nullptr;
  std::uint32_t file_;
  syntax::Texts& texts_;
  Reports& reports_;
  Names names_;
  std::vector<Token> tokens_;
  bool first_on_line_ = true;
  bool blank_line_ = false;    // since the last token
  bool line_is_blank_ = true;  // so far
};

bool Lexer::step() {
  start_ = cursor_;
  const char* marker = nullptr;
  /*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = cursor_;
    re2c:define:YYMARKER = marker;
    re2c:define:YYPEEK = "static_cast<unsigned char>(*cursor_)";
    re2c:yyfill:enable = 0;

    digit = [0-9];
    first = [A-Za-z_\x80-\xff];  // what is not ASCII is looked at in word()
    more  = first | digit;
    decimal = digit+ ("." digit+)? ([eE] [+-]? digit+)?;

    [\x00]              { return false; }  // only the end: check_text lets no NUL through
    [ \t]+              { return true; }
    "\r"? "\n"          { line_end(); return true; }
    "#" [^\n\x00]*      { line_is_blank_ = false; return true; }

    "dim"       { emit(T::TOK_DIM); return true; }
    "seq"       { emit(T::TOK_SEQ); return true; }
    "input"     { emit(T::TOK_INPUT); return true; }
    "target"    { emit(T::TOK_TARGET); return true; }
    "const"     { emit(T::TOK_CONST); return true; }
    "param"     { emit(T::TOK_PARAM); return true; }
    "noise"     { emit(T::TOK_NOISE); return true; }
    "use"       { emit(T::TOK_USE); return true; }
    "deriv"     { emit(T::TOK_DERIV); return true; }
    "unchecked" { emit(T::TOK_UNCHECKED); return true; }
    "minimize"  { emit(T::TOK_MINIMIZE); return true; }
    "penalty"   { emit(T::TOK_PENALTY); return true; }
    "metric"    { emit(T::TOK_METRIC); return true; }
    "check"     { emit(T::TOK_CHECK); return true; }
    "claim"     { emit(T::TOK_CLAIM); return true; }
    "train"     { emit(T::TOK_TRAIN); return true; }
    "if"        { emit(T::TOK_IF); return true; }
    "then"      { emit(T::TOK_THEN); return true; }
    "else"      { emit(T::TOK_ELSE); return true; }
    "and"       { emit(T::TOK_AND); return true; }
    "or"        { emit(T::TOK_OR); return true; }
    "not"       { emit(T::TOK_NOT); return true; }
    "in"        { emit(T::TOK_IN); return true; }
    "init"      { emit(T::TOK_INIT); return true; }
    "iterate"   { emit(T::TOK_ITERATE); return true; }
    "implicit"  { emit(T::TOK_IMPLICIT); return true; }
    "to"        { emit(T::TOK_TO); return true; }
    "until"     { emit(T::TOK_UNTIL); return true; }
    "where"     { emit(T::TOK_WHERE); return true; }
    "for"       { emit(T::TOK_FOR); return true; }
    "at" [ \t]+ "most" { at_most(); return true; }
    "_"         { emit(T::TOK_PLACEHOLDER); return true; }

    "+" { emit(T::TOK_PLUS); return true; }       "-" { emit(T::TOK_MINUS); return true; }
    "*" { emit(T::TOK_STAR); return true; }       "/" { emit(T::TOK_SLASH); return true; }
    "@" { emit(T::TOK_AT); return true; }         "^" { emit(T::TOK_CARET); return true; }
    "==" { emit(T::TOK_EQ); return true; }        "!=" { emit(T::TOK_NE); return true; }
    "<" { emit(T::TOK_LT); return true; }         "<=" { emit(T::TOK_LE); return true; }
    ">" { emit(T::TOK_GT); return true; }         ">=" { emit(T::TOK_GE); return true; }
    "=" { emit(T::TOK_DEFINE); return true; }     ".." { emit(T::TOK_DOTS); return true; }
    "," { emit(T::TOK_COMMA); return true; }      ":" { emit(T::TOK_COLON); return true; }
    "~" { emit(T::TOK_TILDE); return true; }
    "(" { emit(T::TOK_LPAREN); return true; }     ")" { emit(T::TOK_RPAREN); return true; }
    "[" { emit(T::TOK_LBRACKET); return true; }   "]" { emit(T::TOK_RBRACKET); return true; }
    "{" { emit(T::TOK_LBRACE); return true; }     "}" { emit(T::TOK_RBRACE); return true; }

    first more*         { word(); return true; }
    decimal             { number(); return true; }
    digit+ "."          { point_behind(); return true; }
    "." digit+ ([eE] [+-]? digit+)? { point_before(); return true; }
    "'"+                { primes(); return true; }

    ["] [^"\n\r\\\x00]* ["] {
      const std::string_view inside = matched().substr(1, matched().size() - 2);
      emit(T::TOK_STRING, texts_.intern(nfc(inside)).value);
      return true;
    }
    ["] [^"\n\r\x00]* ["] {
      error(DiagnosticCode::E015, "a backslash in a string", "a string is taken as it stands; it holds no `\\` and no `\"`");
      emit(T::TOK_STRING, texts_.intern("").value);
      return true;
    }
    ["] [^"\n\r\x00]* {
      error(DiagnosticCode::E009, "the string does not end on its line", "close it with `\"`");
      emit(T::TOK_STRING, texts_.intern("").value);
      return true;
    }

    "**" | "&&" | "||" | "&" | "|" | "!" | "===" | "<>" | "=<" | "=>" | ";" | "+=" | "-=" | "*=" | "/=" | ":=" |
    "<-" | "->" | "%" | "?" | ".*" | "./" | ".^" | ".T" | "." | "\\" {
      substitute(*foreign_token(matched()), DiagnosticCode::E010);
      return true;
    }
    "//" [^\n\x00]* {
      cursor_ = start_ + 2;
      substitute(*foreign_token("//"), DiagnosticCode::E010);
      return true;
    }
    * { stray(); return true; }
  */
}

enum class Letter { first, more, digit, none };  // may start a name, may go on in one, a raised or lowered digit, neither

Letter letter(char32_t c) {
  if (c == '_') return Letter::first;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL: return Letter::first;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_PC: return Letter::more;
    case UTF8PROC_CATEGORY_NO: return Letter::digit;
    default: return Letter::none;  // utf8proc's enumeration, of which the rest is no part of a name
  }
}

// The match is a run of ASCII letters, digits and of bytes of other characters; the name is the longest part of it
// from the start that is one.
void Lexer::word() {
  const char* p = start_;
  bool digits = false;
  while (p < cursor_) {
    std::size_t length = 1;
    const char32_t c = first_code_point({p, static_cast<std::size_t>(cursor_ - p)}, &length);
    const Letter kind = letter(c);
    if (kind == Letter::none || (p == start_ && kind != Letter::first)) break;
    if (look_alike({p, length})) break;
    digits = digits || kind == Letter::digit;
    p += length;
  }
  if (p == start_) return stray();
  cursor_ = p;
  if (digits) return digits_in_name();
  name(matched());
}

bool Lexer::word_follows() const {
  std::size_t length = 1;
  const std::string_view rest(cursor_, static_cast<std::size_t>(at_end() - cursor_));
  if (rest.empty()) return false;
  return letter(first_code_point(rest, &length)) == Letter::first && !look_alike(rest.substr(0, length));
}

// One token, so that `at` and `most` stay free as names.
void Lexer::at_most() {
  if (!word_follows() && !(*cursor_ >= '0' && *cursor_ <= '9')) return emit(T::TOK_AT_MOST);
  cursor_ = start_ + 2;
  name(matched());
}

void Lexer::number() {
  const std::string_view text = matched();
  const std::size_t e = text.find_first_of("eE");
  bool is_sound = text.size() <= most_digits;
  if (e != std::string_view::npos) {
    std::string_view digits = text.substr(e + 1);
    if (digits[0] == '+') digits.remove_prefix(1);
    int exponent = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (failed != std::errc() || exponent > largest_exponent || exponent < -largest_exponent) {
      error(DiagnosticCode::E008, "the exponent of this number is too large",
            fmt::format("exponents go from -{0} to {0}", largest_exponent));
      is_sound = false;
    }
  }
  if (text.size() > most_digits)
    error(DiagnosticCode::E008, fmt::format("a number of {} characters", text.size()),
          fmt::format("a number has at most {} characters", most_digits));
  if (is_sound && (e != std::string_view::npos || text.size() > largest_digits))
    if (const auto value = Rational::parse(text); value && std::isinf(value->to_double()))
      error(DiagnosticCode::E008, "this number is too large for a real number",
            fmt::format("real numbers go up to {}", std::numeric_limits<double>::max()));
  if (word_follows()) runs_into_word();
  emit(T::TOK_NUMBER, texts_.intern(text).value);
}

// `2x`, `1e`: the word is passed over.
void Lexer::runs_into_word() {
  const std::string value(matched());
  const char* p = cursor_;
  while (p < at_end()) {
    std::size_t length = 1;
    const Letter kind = letter(first_code_point({p, static_cast<std::size_t>(at_end() - p)}, &length));
    if (kind != Letter::first && kind != Letter::more) break;
    p += length;
  }
  const std::string letters(cursor_, p);
  cursor_ = p;
  std::string help = fmt::format("write `{}*{}`", value, letters);
  if (letters == "e" || letters == "E")
    help = fmt::format("an exponent needs digits: `{}e5`; a product is `{}*{}`", value, value, letters);
  if (value == "0" && (letters[0] == 'x' || letters[0] == 'b')) help = "numbers are written in decimal";
  error(DiagnosticCode::E006, fmt::format("the number `{}` runs into `{}`", value, letters), help);
}

void Lexer::point_behind() {
  if (*cursor_ == '.') {  // `1..9` is a range
    --cursor_;
    return number();
  }
  const std::string_view value = matched().substr(0, matched().size() - 1);
  error(DiagnosticCode::E007, fmt::format("the number `{}` has no digit behind its point", matched()),
        fmt::format("write `{0}` or `{0}.0`", value));
  emit(T::TOK_NUMBER, texts_.intern(value).value);
}

void Lexer::point_before() {
  const std::string value = "0" + std::string(matched());
  error(DiagnosticCode::E007, fmt::format("the number `{}` has no digit before its point", matched()), fmt::format("write `{}`", value));
  emit(T::TOK_NUMBER, texts_.intern(value).value);
}

void Lexer::primes() {
  const bool behind_operand = !tokens_.empty() && tokens_.back().end == offset(start_) &&
                              (tokens_.back().kind == T::TOK_NAME || tokens_.back().kind == T::TOK_RPAREN || tokens_.back().kind == T::TOK_RBRACKET);
  if (behind_operand) return emit(T::TOK_PRIMES, static_cast<std::int32_t>(matched().size()));
  error(DiagnosticCode::E014, "a prime stands directly behind a name or a bracket", "`f'(x)` is a derivative, `A'` a transpose; strings stand in double quotes");
}

void Lexer::digits_in_name() {
  const std::string written(matched());
  std::string base, tail;
  bool superscript = false, subscript = false;
  for (std::size_t i = 0; i < written.size();) {
    std::size_t length = 1;
    const char32_t c = first_code_point(std::string_view(written).substr(i), &length);
    const std::string here = written.substr(i, length);
    const std::string plain = nfkc(here);
    if (tail.empty() && (plain == here || plain[0] < '0' || plain[0] > '9'))
      base += here;
    else
      tail += plain;
    superscript = superscript || c == 0xB2 || c == 0xB3 || c == 0xB9 || (c >= 0x2070 && c <= 0x2079);
    subscript = subscript || (c >= 0x2080 && c <= 0x2089);
    i += length;
  }
  if (superscript)
    error(DiagnosticCode::E005, fmt::format("`{}` holds a superscript digit", written), fmt::format("write `{}^{}` for the power", base, tail));
  else if (subscript)
    error(DiagnosticCode::E005, fmt::format("`{}` holds a subscript digit", written), fmt::format("write `{}_{}`, which prints as `{}`", base, tail, written));
  else
    error(DiagnosticCode::E005, fmt::format("`{}` holds a character that is no letter", written), "a name holds letters, digits and `_`");
  name(subscript ? base + "_" + tail : base);
}

void Lexer::substitute(const Substitute& meant, DiagnosticCode code) {
  error(code, code == DiagnosticCode::E003 ? fmt::format("`{}` is not an ASCII character", meant.written) : fmt::format("`{}` is not written here", meant.written),
        std::string(meant.help));
  if (meant.blank) return;
  if (meant.kind == T::TOK_NAME) return name(meant.name);
  emit(meant.kind, meant.kind == T::TOK_PRIMES ? 1 : -1);
}

void Lexer::stray() {
  std::size_t length = 1;
  const char32_t c = first_code_point({start_, static_cast<std::size_t>(at_end() - start_)}, &length);
  cursor_ = start_ + length;
  if (const Substitute* meant = look_alike(matched())) return substitute(*meant, DiagnosticCode::E003);
  error(DiagnosticCode::E004, fmt::format("`{}` (U+{:04X}) has no meaning here", matched(), static_cast<std::uint32_t>(c)), "a name holds letters, digits and `_`");
  emit(T::TOK_REFUSED);
}

}  // namespace

std::vector<Token> tokenize(std::string_view text, std::uint32_t file, syntax::Texts& texts, Reports& reports) {
  return Lexer(text, file, texts, reports).run();
}

}  // namespace gradc::grammar
