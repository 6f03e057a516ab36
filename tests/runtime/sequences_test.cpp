// Examples of different lengths: where tables and other files say that they end, and what each mistake says.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <limits>
#include <vector>

#include "runtime/batch_feeder.h"
#include "runtime/dataset/dataset.h"
#include "runtime/dataset/npy.h"
#include "tests/runtime/files.h"

namespace gradc {
namespace {

const ColumnSpec x = {.name = "x", .extents = {{"T", -1, true}, {"D", 2, false}}};
const ColumnSpec y = {.name = "y", .extents = {{"T", -1, true}}};
const ColumnSpec length = {
    .name = "T", .extents = {}, .scalar = GRADC_I32, .members = {"T"}, .required = false, .is_length = true};

class Sequences : public testing::Test {
 protected:
  Result<Dataset> read(const std::string& text, std::vector<ColumnSpec> specs) {
    return bind_data(specs, std::vector<DataSource>{{"", folder_.write("data.csv", text)}});
  }
  std::string message(const std::string& text, std::vector<ColumnSpec> specs) {
    const Result<Dataset> dataset = read(text, std::move(specs));
    EXPECT_FALSE(dataset) << text;
    return folder_.messages(dataset.diagnostics());
  }
  static std::vector<double> numbers(const HostArray& array) {
    std::vector<double> out;
    for (std::int64_t i = 0; i < array.size(); ++i) out.push_back(array.value(i));
    return out;
  }
  TemporaryFolder folder_;
};

using Numbers = std::vector<double>;

TEST_F(Sequences, EndBehindTheLastFilledCell) {
  const auto data =
      read("x.0.0,x.0.1,x.1.0,x.1.1,x.2.0,x.2.1\n1,2,3,4,,\n,,,,,\n1,2,3,4,5,6\n7,8,,,,\n", {x});
  ASSERT_TRUE(data) << folder_.messages(data.diagnostics());
  EXPECT_EQ(data->examples, 4);
  EXPECT_EQ(numbers(data->lengths[0].array), (Numbers{2, 0, 3, 1}));
  EXPECT_EQ(data->longest, (std::vector<std::pair<std::string, std::int64_t>>{{"T", 3}}));
  EXPECT_TRUE(data->inferred.empty());
  EXPECT_EQ(data->column("x")->shape(), (Shape{4, 3, 2}));
  EXPECT_EQ(numbers(data->example(x, 0)), (Numbers{1, 2, 3, 4}));
  EXPECT_EQ(data->example(x, 1).shape(), (Shape{0, 2}));
  EXPECT_EQ(numbers(data->example(x, 3)), (Numbers{7, 8}));
}

TEST_F(Sequences, TheLastAxisCanBeTheOneThatEnds) {
  const ColumnSpec channels = {.name = "x", .extents = {{"D", 2, false}, {"T", -1, true}}};
  const auto data = read("x.0.0,x.0.1,x.0.2,x.1.0,x.1.1,x.1.2\n1,2,,4,5,\n", {channels});
  ASSERT_TRUE(data) << folder_.messages(data.diagnostics());
  EXPECT_EQ(numbers(data->example(channels, 0)), (Numbers{1, 2, 4, 5}));
}

TEST_F(Sequences, ACellInTheMiddleIsMissed) {
  EXPECT_EQ(message("y.0,y.1,y.2\n1,,3\n", {y}),
            "data.csv:2:3: error: the cell of column `y.1` is empty [E510]\n"
            "   = help: fill it in, or remove the row\n");
  EXPECT_EQ(message("x.0.0,x.0.1\n1,\n", {x}),
            "data.csv:2:3: error: the cell of column `x.0.1` is empty [E510]\n"
            "   = help: fill it in, or remove the row\n");
}

TEST_F(Sequences, InputsOfOneExampleAreEquallyLong) {
  EXPECT_EQ(
      message("x.0.0,x.0.1,x.1.0,x.1.1,y.0,y.1\n1,2,3,4,5,\n", {x, y}),
      "data.csv:2:1: error: the example has 2 steps of `x` and 1 of `y`, and both run over `T` [E524]\n");
}

TEST_F(Sequences, AColumnMaySayTheLengths) {
  const auto data = read("y.0,y.1,y.2,T\n1,2,3,3\n4,0,0,1\n5,6,,2\n", {y, length});
  ASSERT_TRUE(data) << folder_.messages(data.diagnostics());
  EXPECT_EQ(numbers(data->lengths[0].array), (Numbers{3, 1, 2}));
  EXPECT_EQ(data->columns.size(), 1u);
  EXPECT_EQ(message("y.0,y.1,T\n1,,2\n1,2,2\n", {y, length}),
            "data.csv: error: example 0 (from 0) is to have 2 steps of `T`, and 1 are there [E524]\n");
  EXPECT_EQ(message("y.0,y.1,T\n1,2,3\n", {y, length}),
            "data.csv:2:5: error: column `T` holds 3, and an example has 0 to 2 steps [E513]\n");
}

TEST_F(Sequences, WithoutATableAllAreAsLongAsTheArray) {
  const std::vector<DataSource> sources = {{"y", folder_.write("y.csv", "y.0,y.1\n1,2\n3,4\n")}};
  const auto data = bind_data(std::vector<ColumnSpec>{y, length}, sources);
  ASSERT_TRUE(data) << folder_.messages(data.diagnostics());
  EXPECT_EQ(numbers(data->lengths[0].array), (Numbers{2, 2}));
}

// Whatever fills an array behind the ends, it is not looked at.
TEST_F(Sequences, PaddingIsNotRead) {
  HostArray padded(Storage::f64, {2, 3}), lengths(Storage::i32, {2}), members(Storage::i32, {2, 3});
  for (std::int64_t i = 0; i < 6; ++i) {
    const bool behind = i == 2 || i > 3;
    padded.set_value(i, behind ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(i));
    members.set_value(i, behind ? 99 : 1);
  }
  lengths.set_value(0, 2);
  lengths.set_value(1, 1);
  const ColumnSpec word = {
      .name = "w", .extents = {{"T", -1, true}}, .scalar = GRADC_I32, .members = {"K", 4}};
  const std::vector<DataSource> sources{{"y", folder_.write("y.npy", write_npy(padded))},
                                        {"w", folder_.write("w.npy", write_npy(members))},
                                        {"T", folder_.write("T.npy", write_npy(lengths))}};
  const auto data = bind_data(std::vector<ColumnSpec>{y, word, length}, sources);
  ASSERT_TRUE(data) << folder_.messages(data.diagnostics());
  EXPECT_EQ(numbers(*data->column("y")), (Numbers{0, 1, 0, 3, 0, 0}));
  EXPECT_EQ(numbers(*data->column("w")), (Numbers{1, 1, 0, 1, 0, 0}));
  EXPECT_EQ(numbers(data->lengths[0].array), (Numbers{2, 1}));
}

TEST_F(Sequences, CallsAreAsLongAsTheLongest) {
  const auto data = read("y.0,y.1,y.2\n1,,\n1,2,3\n", {y});
  ASSERT_TRUE(data);
  const std::vector<NamedSize> sizes = {{"K", 4}, {"T", 9}};
  const auto longest = with_longest(sizes, &*data);
  ASSERT_EQ(longest.size(), 2u);
  EXPECT_EQ(longest[1].name, "T");
  EXPECT_EQ(longest[1].value, 3);
}

}  // namespace
}  // namespace gradc
