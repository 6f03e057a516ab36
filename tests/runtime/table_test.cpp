// Tables: what is read, and what each kind of mistake says.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <clocale>
#include <vector>

#include "runtime/dataset/dataset.h"
#include "tests/runtime/files.h"

namespace gradc {
namespace {

const ColumnSpec scalar_x = {.name = "x", .extents = {}};
const ColumnSpec scalar_y = {.name = "y", .extents = {}};

class TableTest : public testing::Test {
 protected:
  Result<Dataset> read(const std::string& text, std::vector<ColumnSpec> specs = {scalar_x, scalar_y}) {
    const std::vector<DataSource> sources = {{"", folder_.write("data.csv", text)}};
    return bind_data(specs, sources);
  }
  std::vector<double> values(const Result<Dataset>& dataset, const std::string& name) {
    if (!dataset) {
      ADD_FAILURE() << render(dataset.diagnostics(), {});
      return {};
    }
    const HostArray* column = dataset->column(name);
    std::vector<double> out;
    for (std::int64_t i = 0; i < column->size(); ++i) out.push_back(column->value(i));
    return out;
  }
  std::string message(const std::string& text, std::vector<ColumnSpec> specs = {scalar_x, scalar_y}) {
    const Result<Dataset> dataset = read(text, std::move(specs));
    EXPECT_FALSE(dataset) << text;
    return folder_.messages(dataset.diagnostics());
  }
  TemporaryFolder folder_;
};

using Values = std::vector<double>;

TEST_F(TableTest, ColumnsAreFoundByName) {
  const auto dataset = read("id,y,x\na,1,2\nb,3,4\n");
  EXPECT_EQ(values(dataset, "x"), (Values{2, 4}));
  EXPECT_EQ(values(dataset, "y"), (Values{1, 3}));
  EXPECT_EQ(dataset->examples, 2);
}

TEST_F(TableTest, EveryLineEndAndNoneAtTheLast) {
  for (const char* text :
       {"x,y\n1,2\n3,4\n", "x,y\r\n1,2\r\n3,4\r\n", "x,y\r1,2\r3,4", "\xEF\xBB\xBFx,y\n1,2\n3,4",
        "x,y\n\n1,2\n\n3,4\n\n \n", "x;y\n1;2\n3;4\n", "x\ty\n1\t2\n3\t4\n", " x , y \n 1 , 2\n 3 ,4 \n",
        "x,y\n1,2\r\n3,4\r", "\n\nx,y\n1,2\r3,4"})
    EXPECT_EQ(values(read(text), "y"), (Values{2, 4})) << text;
}

TEST_F(TableTest, QuotedCells) {
  const auto dataset = read("\"a, \"\"b\"\"\n\",\"x\",y\n\"text\nover lines\",\"1.5\",2\n,3,\"4\"\n");
  EXPECT_EQ(values(dataset, "x"), (Values{1.5, 3}));
  EXPECT_EQ(values(dataset, "y"), (Values{2, 4}));
}

TEST_F(TableTest, SeveralColumnsAreOneTensor) {
  const ColumnSpec matrix = {.name = "m", .extents = {{"", 2}, {"", 2}}};
  EXPECT_EQ(values(read("m.0.0,m.1.0,m.0.1,m.1.1\n1,3,2,4\n", {matrix}), "m"), (Values{1, 2, 3, 4}));
  ColumnSpec listed = {.name = "v", .extents = {{"", 2}}};
  listed.columns = {"sepal length (cm)", "width"};
  EXPECT_EQ(values(read("width,sepal length (cm)\n2,1\n", {listed}), "v"), (Values{1, 2}));
}

TEST_F(TableTest, DimsAreTakenFromTheHeader) {
  const ColumnSpec vector = {.name = "x", .extents = {{"D", -1}}};
  const auto dataset = read("y,x.0,x.1,x.2\n0,1,2,3\n", {vector, scalar_y});
  ASSERT_TRUE(dataset);
  EXPECT_EQ(dataset->inferred, (std::vector<std::pair<std::string, std::int64_t>>{{"D", 3}}));
  EXPECT_EQ(dataset->column("x")->shape(), (Shape{1, 3}));
}

TEST_F(TableTest, LabelsAreChecked) {
  const ColumnSpec label = {.name = "c", .extents = {}, .scalar = GRADC_I32, .members = {"K", 3}};
  EXPECT_EQ(values(read("c\n0\n2.0\n1\n", {label}), "c"), (Values{0, 2, 1}));
  EXPECT_EQ(message("c,d\n0,1\n3,1\n-1,1\n1.5,1\ncat,1\n", {label}),
            "data.csv:3:1: error: column `c` holds 3, and the members of `K` are 0 to 2 [E513]\n"
            "data.csv:4:1: error: column `c` holds -1, and the members of `K` are 0 to 2 [E513]\n"
            "data.csv:5:1: error: column `c` holds `1.5`, and a member of `K` is a whole number [E514]\n"
            "data.csv:6:1: error: column `c` holds `cat`, which is not a number [E507]\n");
  const ColumnSpec unknown = {.name = "c", .extents = {}, .scalar = GRADC_I32, .members = {"K", -1}};
  EXPECT_EQ(message("c\n0\n", {unknown}),
            "data.csv: error: how many members `K` has cannot be seen from `c` [E515]\n"
            "   = help: say it: `--dim K=…`\n");
}

TEST_F(TableTest, TargetsMayBeMissing) {
  ColumnSpec target = scalar_y;
  target.required = false;
  const auto dataset = read("x\n1\n", {scalar_x, target});
  ASSERT_TRUE(dataset);
  EXPECT_EQ(dataset->column("y"), nullptr);
}

TEST_F(TableTest, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(message("x,y\n1,2\nabc,1,5\n"),
            "data.csv:3:7: error: the row has 3 cells, the first line names 2 [E506]\n");
  EXPECT_EQ(message("x,y\n1,zwölf\n"),
            "data.csv:2:3: error: column `y` holds `zwölf`, which is not a number [E507]\n");
  EXPECT_EQ(message("x;y\n1;2,5\n"),
            "data.csv:2:3: error: column `y` holds `2,5`, which is not a number [E507]\n"
            "   = help: write the decimal point as `.`\n");
  EXPECT_EQ(message("x,y\n1e400,2\n"),
            "data.csv:2:1: error: column `x` holds `1e400`, which is too large a number [E508]\n");
  EXPECT_EQ(message("x,y\n1,NaN\n"),
            "data.csv:2:3: error: column `y` holds `NaN`, which is not finite [E509]\n"
            "   = help: remove the row, or fill in a value\n");
  EXPECT_EQ(message("x,y\n1,\n"),
            "data.csv:2:3: error: the cell of column `y` is empty [E510]\n"
            "   = help: fill it in, or remove the row\n");
  EXPECT_EQ(message("x,y\n\"1,2\n"), "data.csv:2:1: error: this quotation mark is never closed [E511]\n");
  EXPECT_EQ(message("x,y\n\"1\"0,2\n"),
            "data.csv:2:4: error: text behind a cell's closing quotation mark [E511]\n"
            "   = help: a quotation mark within a cell is written twice\n");
  EXPECT_EQ(message("x,y\n1\"0,2\n"),
            "data.csv:2:2: error: a quotation mark inside a cell that does not begin with one [E511]\n"
            "   = help: write the cell in quotation marks, and `\"\"` for one of them\n");
  EXPECT_EQ(message(std::string("x,y\n1,\0002\n", 9)),
            "data.csv:2:3: error: the table holds a NUL byte [E512]\n   = help: save it as UTF-8 text\n");
  EXPECT_EQ(message("x,z\n1,2\n"),
            "data.csv: error: the table has no column `y` [E505]\n   = help: its columns are `x`, `z`\n");
  EXPECT_EQ(message("x,y,x\n1,2,3\n"), "data.csv: error: the table has more than one column `x` [E504]\n");
  EXPECT_EQ(message("1,2\n3,4\n"),
            "data.csv:1:1: error: the first line holds numbers, not the columns' names [E504]\n"
            "   = help: put a line with the inputs' names first\n");
  EXPECT_EQ(message(""), "data.csv: error: the file is empty [E501]\n");
  EXPECT_EQ(message("x,y\n"), "data.csv: error: the file has no examples [E518]\n");
}

TEST_F(TableTest, TensorsMustBeWhole) {
  const ColumnSpec vector = {.name = "pixel", .extents = {{"D", 3}}};
  EXPECT_EQ(message("pixel.0,pixel.2\n1,2\n", {vector}),
            "data.csv: error: the table has no column `pixel.1` [E505]\n"
            "   = help: its columns are `pixel.0`, `pixel.2`\n");
  EXPECT_EQ(
      message("pixle.0,pixel.1,pixel.2\n1,2,3\n", {vector}),
      "data.csv: error: the table has no column `pixel.0` [E505]\n   = help: did you mean `pixle.0`?\n");
  EXPECT_EQ(message("pixel.0,pixel.1,pixel.2,pixel.3\n1,2,3,4\n", {vector}),
            "data.csv: error: column `pixel.3` lies outside `pixel[3]` [E516]\n");
  const ColumnSpec unknown = {.name = "v", .extents = {{"D", -1}}};
  EXPECT_EQ(message("x\n1\n", {unknown}),
            "data.csv: error: the table has no column `v.0`, nor does it tell the size of `D` [E515]\n"
            "   = help: say it: `--dim D=…`\n");
}

TEST_F(TableTest, ATableThatIsWrongThroughoutIsReportedByItsFirstRows) {
  std::string text = "x,y\n";
  for (int i = 0; i < 1000; ++i) text += "a,b\n";
  const std::string messages = message(text);
  EXPECT_EQ(std::count(messages.begin(), messages.end(), '\n'), 8);
}

TEST_F(TableTest, StaysWithinTheLimitOfMemory) {
  const std::vector<ColumnSpec> specs = {{.name = "x", .extents = {{"D", std::int64_t{1} << 40}}}};
  EXPECT_EQ(message("x.0\n1\n", specs),
            "data.csv: error: the table has no column `x.1` [E505]\n   = help: its columns are `x.0`\n");
  const std::vector<DataSource> sources = {{"", folder_.write("data.csv", "x,y\n1,2\n3,4\n5,6\n")}};
  const std::vector<ColumnSpec> both = {scalar_x, scalar_y};
  const auto dataset = bind_data(both, sources, {.bytes = 17});
  EXPECT_EQ(folder_.messages(dataset.diagnostics()),
            "data.csv: error: `x` of shape [3] needs more than the limit of 17 bytes [E502]\n");
  EXPECT_EQ(folder_.messages(bind_data(both, sources, {.bytes = 10}).diagnostics()),
            "data.csv: error: the file holds more than the limit of 10 bytes [E502]\n");
}

TEST_F(TableTest, AnyPrefixIsReadOrRefused) {
  const std::string text = "x,y\r\n\"1\",2\n\n 3 ,\"4\"\r\n";
  for (std::size_t n = 0; n <= text.size(); ++n) {
    const auto dataset = read(text.substr(0, n));
    EXPECT_TRUE(dataset || has_errors(dataset.diagnostics()));
  }
}

}  // namespace
}  // namespace gradc
