// What a run writes and reads: settings, parameters, curves, picture.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/run_dir.h"

#include <unistd.h>

#include "runtime/plot_svg.h"
#include "tests/runtime/files.h"
#include "tests/runtime/linear_model.h"

namespace gradc {
namespace {

TrainResult example_result() {
  TrainResult result;
  result.loss = "E";
  result.metrics = {"error"};
  for (int epoch = 1; epoch <= 3; ++epoch)
    result.history.push_back({epoch, {0.1 / epoch, {0.5}}, 0, Scores{0.2 / epoch, {0.25}}, 0.5});
  return result;
}

RunSettings example_settings() {
  return {.model = "linear",
          .precision = "f64",
          .dims = {{"D", 3}, {"H", 8}},
          .options = {.optimizer = {"adam", {{"rate", 0.1}}},
                      .batch = 128,
                      .epochs = 3,
                      .seed = 18446744073709551615U},
          .data = {{"x", "images.gz"}, {"", "t.csv"}},
          .test = {}};
}

std::vector<NamedArray> example_params() {
  std::vector<NamedArray> params = {{"w", HostArray(Storage::f64, {3})}, {"b", HostArray(Storage::f64, {})}};
  params[0].array.set_value(1, 0.1);
  return params;
}

TEST(Run, IsReadAsItWasWritten) {
  const TemporaryFolder folder;
  const auto made = RunDirectory::create(folder.path() + "/a/b/", "linear");
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->save_settings(example_settings(), "input x\n").empty());
  EXPECT_TRUE(made->save_params(example_params(), {}).empty());
  EXPECT_TRUE(made->save_results(example_result(), "linear", Scores{0.5, {1}}).empty());
  const auto run = open_run(made->path());
  ASSERT_TRUE(run) << render(run.diagnostics(), {});
  EXPECT_EQ(run->model_source, "input x\n");
  EXPECT_EQ(run->settings.model, "linear");
  EXPECT_EQ(run->settings.precision, "f64");
  EXPECT_EQ(run->settings.dims.at(1).name, "H");
  EXPECT_EQ(run->settings.options.seed, 18446744073709551615U);
  EXPECT_EQ(run->settings.options.batch, 128);
  EXPECT_EQ(run->settings.options.optimizer.name, "adam");
  EXPECT_EQ(run->settings.options.optimizer.arguments.at(2).name, "beta2");
  EXPECT_EQ(run->settings.options.optimizer.arguments.at(2).value, 0.999);
  EXPECT_EQ(run->settings.data.at(0).path, "images.gz");
  EXPECT_EQ(find(run->params, "w")->value(1), 0.1);
  EXPECT_EQ(folder.read("a/b/history.csv"),
            "epoch,train.E,train.error,validation.E,validation.error,seconds\n"
            "1,0.1,0.5,0.2,0.25,0.500000\n"
            "2,0.05,0.5,0.1,0.25,0.500000\n"
            "3,0.03333333333333333,0.5,0.06666666666666667,0.25,0.500000\n");
  EXPECT_NE(folder.read("a/b/results.json").find("\"test\": {\n    \"E\": 0.5,\n    \"error\": 1.0\n  }"),
            std::string::npos);
  EXPECT_TRUE(check_arrays(linear_model::functions[0], GRADC_PARAM, std::vector<NamedSize>{{"D", 3}},
                           run->params, "p")
                  .empty());
  EXPECT_TRUE(RunDirectory::create(made->path(), "linear"));  // an earlier run may be replaced
}

TEST(Run, SaysWhatDoesNotFit) {
  std::vector<NamedArray> params = example_params();
  params.pop_back();
  EXPECT_EQ(
      render(check_arrays(linear_model::functions[0], GRADC_PARAM, std::vector<NamedSize>{{"D", 4}}, params,
                          "run/params.safetensors"),
             {}),
      "run/params.safetensors: error: `w` is [3] of type f64, and the model declares [4] of type f64 [E532]\n"
      "run/params.safetensors: error: there is no value for `b` [E532]\n");
  const TemporaryFolder folder;
  EXPECT_EQ(folder.messages(open_run(folder.path() + "/none").diagnostics()),
            "none: error: there is no such folder [E531]\n   = help: name the folder that `gradc train` has "
            "written\n");
  folder.write("notes.txt", "mine");
  EXPECT_EQ(render(open_run(folder.path()).diagnostics(), {}),
            folder.path() +
                ": error: the folder has no file `settings.json` [E531]\n"
                "   = help: name the folder that `gradc train` has written\n");
  EXPECT_EQ(render(RunDirectory::create(folder.path(), "m").diagnostics(), {}),
            folder.path() +
                ": error: the folder holds other files, and is no earlier run [E530]\n"
                "   = help: choose a new folder with `--out`\n");
  for (const char* name : {"model.grad", "params.safetensors", "consts.safetensors"}) folder.write(name, "");
  for (const char* text : {"", "{", "[]", "{}", "{\"format\": 1}", "{\"format\": \"1\"}"}) {
    folder.write("settings.json", text);
    EXPECT_EQ(folder.messages(open_run(folder.path()).diagnostics()),
              "settings.json: error: these are not the settings of a run [E531]\n")
        << text;
  }
}

TEST(Run, GetsTheFirstFreeNumber) {
  const TemporaryFolder folder;
  const std::string before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  EXPECT_EQ(RunDirectory::create("", "mlp")->path(), "runs/mlp-001");
  EXPECT_EQ(RunDirectory::create("", "mlp")->path(), "runs/mlp-002");
  EXPECT_EQ(RunDirectory::create("", "../a b")->path(), "runs/___a_b-001");
  std::filesystem::current_path(before);
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST(Plot, HasALineForEachSeries) {
  const std::string svg =
      plot_svg({.title = "a < b & \"c\"",
                .x_label = "epoch",
                .y_label = "E",
                .series = {{"training", {1, 2, 3}, {0.5, 0.3, 0.2}}, {"validation", {1, 3}, {0.6, 0.4}}}});
  EXPECT_EQ(count(svg, "<polyline"), 2U);
  EXPECT_EQ(count(svg, "a &lt; b &amp; &quot;c&quot;"), 2U);
  EXPECT_EQ(count(svg, ">0.20<"), 0U);
  EXPECT_EQ(count(svg, ">0.2<"), 1U);
  EXPECT_EQ(count(svg, ">2</text>"), 1U);
  EXPECT_NE(svg.find("prefers-color-scheme: dark"), std::string::npos);
}

TEST(Plot, IsLogarithmicOverSeveralDecades) {
  const std::string svg = plot_svg({"t", "x", "y", {{"s", {1, 2, 3}, {10, 1e-2, 1e-5}}}});
  EXPECT_EQ(count(svg, ">10⁻⁵<"), 1U);
  EXPECT_EQ(count(svg, ">0.01<"), 1U);
}

TEST(Plot, BearsWhatCannotBeDrawn) {
  EXPECT_NE(plot_svg({"t", "x", "y", {{"s", {1, 2}, {NAN, INFINITY}}}}).find("no finite values"),
            std::string::npos);
  EXPECT_NE(plot_svg({"t", "x", "y", {}}).find("no finite values"), std::string::npos);
  EXPECT_EQ(count(plot_svg({"t", "x", "y", {{"s", {1}, {0}}}}), "<polyline"), 1U);
  PlotSeries longest{.name = "s"};
  for (int i = 0; i < 100000; ++i) longest.x.push_back(i), longest.y.push_back(i == 777 ? 5 : 1);
  const std::string svg = plot_svg({"t", "x", "y", {longest}});
  EXPECT_LT(svg.size(), 40000U);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

}  // namespace
}  // namespace gradc
