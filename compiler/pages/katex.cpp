// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/pages/katex.h"

#include <array>

// The bytes of a file, between two labels (GNU as, ".incbin").
#define EMBED(name, file)                                                                    \
  asm(".section .rodata\n.global gradc_" #name "\n.global gradc_" #name                      \
      "_end\n"                                                                               \
      "gradc_" #name ":\n.incbin \"" file "\"\ngradc_" #name "_end:\n.byte 0\n.previous\n"); \
  extern "C" const char gradc_##name[];                                                      \
  extern "C" const char gradc_##name##_end[]

EMBED(katex_js, GRADC_KATEX_DIR "/katex.js");
EMBED(katex_css, GRADC_KATEX_DIR "/katex.min.css");
EMBED(font_main, GRADC_KATEX_FONTS "/KaTeX_Main-Regular.woff2");
EMBED(font_main_bold, GRADC_KATEX_FONTS "/KaTeX_Main-Bold.woff2");
EMBED(font_math, GRADC_KATEX_FONTS "/KaTeX_Math-Italic.woff2");
EMBED(font_ams, GRADC_KATEX_FONTS "/KaTeX_AMS-Regular.woff2");
EMBED(font_caligraphic, GRADC_KATEX_FONTS "/KaTeX_Caligraphic-Regular.woff2");
EMBED(font_size1, GRADC_KATEX_FONTS "/KaTeX_Size1-Regular.woff2");
EMBED(font_size2, GRADC_KATEX_FONTS "/KaTeX_Size2-Regular.woff2");
EMBED(font_size3, GRADC_KATEX_FONTS "/KaTeX_Size3-Regular.woff2");
EMBED(font_size4, GRADC_KATEX_FONTS "/KaTeX_Size4-Regular.woff2");

namespace gradc {
namespace {

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

struct Font {
  std::string_view family, style, weight, bytes;
};

// RFC 4648, section 4.
std::string base64(std::string_view bytes) {
  static constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k)
      out += i + k > bytes.size() ? '=' : digits[group >> (18 - 6 * k) & 63];
  }
  return out;
}

}  // namespace

std::string_view katex_script() { return between(gradc_katex_js, gradc_katex_js_end); }

std::string katex_style() {
  const std::array fonts = {
      Font{"KaTeX_Main", "normal", "400", between(gradc_font_main, gradc_font_main_end)},
      Font{"KaTeX_Main", "normal", "700", between(gradc_font_main_bold, gradc_font_main_bold_end)},
      Font{"KaTeX_Math", "italic", "400", between(gradc_font_math, gradc_font_math_end)},
      Font{"KaTeX_AMS", "normal", "400", between(gradc_font_ams, gradc_font_ams_end)},
      Font{"KaTeX_Caligraphic", "normal", "400", between(gradc_font_caligraphic, gradc_font_caligraphic_end)},
      Font{"KaTeX_Size1", "normal", "400", between(gradc_font_size1, gradc_font_size1_end)},
      Font{"KaTeX_Size2", "normal", "400", between(gradc_font_size2, gradc_font_size2_end)},
      Font{"KaTeX_Size3", "normal", "400", between(gradc_font_size3, gradc_font_size3_end)},
      Font{"KaTeX_Size4", "normal", "400", between(gradc_font_size4, gradc_font_size4_end)}};
  std::string out;
  for (const Font& font : fonts)
    out += "@font-face{font-family:" + std::string(font.family) + ";font-style:" + std::string(font.style) +
           ";font-weight:" + std::string(font.weight) + ";src:url(data:font/woff2;base64," +
           base64(font.bytes) + ") format('woff2')}\n";
  // The sheet's own fonts are files beside it.
  std::string_view sheet = between(gradc_katex_css, gradc_katex_css_end);
  for (std::size_t at; (at = sheet.find("@font-face{")) != sheet.npos;) {
    out += sheet.substr(0, at);
    sheet.remove_prefix(sheet.find('}', at) + 1);
  }
  return out + std::string(sheet);
}

}  // namespace gradc
