// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/page.h"

#include <filesystem>

#include "compiler/driver/shown_claims.h"
#include "compiler/render/graph.h"

namespace gradc::driver {
namespace fs = std::filesystem;

Page page_of(const ModelFile& file, const Options& options, const System& equations) {
  Page page;
  page.title = fs::path(file.sources[0].name()).filename().string();
  page.source = file.sources[0].text();
  page.claims = shown_claims(file, options);
  page.picture = graph_svg(graph_of(equations));
  return page;
}

}  // namespace gradc::driver
