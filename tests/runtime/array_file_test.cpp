// IDX and .npy files, whole and damaged, and how their arrays fit inputs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <zlib.h>

#include <cstring>
#include <vector>

#include "runtime/dataset/dataset.h"
#include "runtime/dataset/idx.h"
#include "runtime/dataset/npy.h"
#include "tests/runtime/files.h"

namespace gradc {
namespace {

std::string idx(unsigned char type, const std::vector<unsigned>& extents, const std::string& data) {
  std::string bytes = {0, 0, static_cast<char>(type), static_cast<char>(extents.size())};
  for (const unsigned extent : extents)
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(extent >> shift);
  return bytes + data;
}

std::string gzip(const std::string& bytes) {
  z_stream stream = {};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(bytes.size() + 1000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string npy(const std::string& header, const std::string& data) {
  return std::string("\x93NUMPY\x01\0", 8) + static_cast<char>(header.size()) + '\0' + header + data;
}

std::string message(const Result<HostArray>& array) {
  EXPECT_FALSE(array);
  return render(array.diagnostics(), {});
}

TEST(Idx, ReadsEveryType) {
  const auto pixels = read_idx("f", idx(8, {2, 1, 2}, "\x01\x02\xFF\x00" + std::string()));
  EXPECT_FALSE(pixels);  // the literal ends at its NUL: three bytes of four
  const auto bytes = read_idx("f", idx(8, {2, 2}, std::string("\x01\x02\xFF\x00", 4)));
  ASSERT_TRUE(bytes);
  EXPECT_EQ(bytes->storage(), Storage::u8);
  EXPECT_EQ(bytes->value(2), 255);
  const auto shorts = read_idx("f", idx(0x0B, {2}, std::string("\xFF\xFE\x01\x00", 4)));
  ASSERT_TRUE(shorts);
  EXPECT_EQ(shorts->value(0), -2);
  EXPECT_EQ(shorts->value(1), 256);
  const auto floats = read_idx("f", idx(0x0D, {1}, std::string("\x3F\xC0\0\0", 4)));
  ASSERT_TRUE(floats);
  EXPECT_EQ(floats->value(0), 1.5);
  const auto doubles = read_idx("f", idx(0x0E, {1}, std::string("\xC0\x04\0\0\0\0\0\0", 8)));
  ASSERT_TRUE(doubles);
  EXPECT_EQ(doubles->value(0), -2.5);
}

TEST(Idx, RefusesWhatIsDamaged) {
  EXPECT_EQ(message(read_idx("f.idx", std::string(2, '\0'))),
            "f.idx: error: the IDX file has 2 bytes, its head needs 4 [E521]\n");
  EXPECT_EQ(message(read_idx("f.idx", idx(0x0A, {1}, "x"))),
            "f.idx: error: the IDX file has the unknown type byte 0x0a [E521]\n");
  EXPECT_EQ(message(read_idx("f.idx", idx(8, {}, "x"))),
            "f.idx: error: the IDX file has no axis of examples [E521]\n");
  EXPECT_EQ(message(read_idx("f.idx", idx(8, {1, 2}, "").substr(0, 9))),
            "f.idx: error: the IDX file ends within its 2 extents [E521]\n");
  EXPECT_EQ(message(read_idx("f.idx", idx(8, {2, 3}, "12345"))),
            "f.idx: error: the IDX file of shape [2, 3] needs 6 bytes behind its head, and has 5 [E521]\n");
  EXPECT_EQ(message(read_idx("f.idx", idx(8, {2}, "123"))),
            "f.idx: error: the IDX file of shape [2] needs 2 bytes behind its head, and has 3 [E521]\n");
  EXPECT_EQ(
      message(read_idx("f.idx", idx(0x0E, {0x80000000, 0x80000000, 4}, "123"))),
      "f.idx: error: the IDX file of shape [2147483648, 2147483648, 4] needs too many bytes behind its head, "
      "and has 3 [E521]\n");
}

TEST(Npy, ReadsTypesOrdersAndVersions) {
  const std::string one("\0\0\0\0\0\0\xF0\x3F", 8);
  const auto c = read_npy("f", npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }   \n", one));
  ASSERT_TRUE(c) << message(c);
  EXPECT_EQ(c->value(0), 1);
  const auto scalar = read_npy("f", npy("{\"shape\":(),'fortran_order':False,'descr':'=f8'}", one));
  ASSERT_TRUE(scalar);
  EXPECT_EQ(scalar->shape(), Shape{});
  const auto big =
      read_npy("f", npy("{'descr':'>f8','fortran_order':False,'shape':(1,)}", {one.rbegin(), one.rend()}));
  ASSERT_TRUE(big);
  EXPECT_EQ(big->value(0), 1);
  const auto fortran =
      read_npy("f", npy("{'descr':'|u1','fortran_order':True,'shape':(2,3)}", "\1\2\3\4\5\6"));
  ASSERT_TRUE(fortran);
  EXPECT_EQ(std::vector<int>(fortran->as<std::uint8_t>().begin(), fortran->as<std::uint8_t>().end()),
            (std::vector<int>{1, 3, 5, 2, 4, 6}));
  const auto empty = read_npy("f", npy("{'descr':'<f4','fortran_order':False,'shape':(0,5)}", ""));
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->shape(), (Shape{0, 5}));
  const auto wide =
      read_npy("f", npy("{'descr':'<i8','fortran_order':False,'shape':(1,)}", std::string(8, '\xFF')));
  ASSERT_TRUE(wide);
  EXPECT_EQ(wide->storage(), Storage::i32);
  EXPECT_EQ(wide->value(0), -1);
  std::string second = npy("{'descr':'|u1','fortran_order':False,'shape':(1,)}", "\x07");
  second[6] = 2;
  second.insert(10, 2, '\0');
  const auto version2 = read_npy("f", second);
  ASSERT_TRUE(version2);
  EXPECT_EQ(version2->value(0), 7);
}

TEST(Npy, RefusesWhatItDoesNotKnow) {
  const std::string good = "{'descr':'<f8','fortran_order':False,'shape':(1,)}";
  EXPECT_EQ(message(read_npy("f.npy", npy("{'descr':'|O','fortran_order':False,'shape':(1,)}", "12345678"))),
            "f.npy: error: the .npy file holds elements of type `|O` [E522]\n   = help: save it with "
            "`.astype('f8')`\n");
  EXPECT_EQ(message(read_npy("f.npy", npy(good, "1234567"))),
            "f.npy: error: the .npy file of shape [1] and type `<f8` has 7 bytes of elements [E522]\n");
  EXPECT_EQ(message(read_npy("f.npy", npy(good, "123456789"))),
            "f.npy: error: the .npy file of shape [1] and type `<f8` has 9 bytes of elements [E522]\n");
  EXPECT_EQ(message(read_npy("f.npy", npy(good, "").substr(0, 30))),
            "f.npy: error: the .npy file ends within its header [E522]\n");
  EXPECT_EQ(message(read_npy("f.npy", std::string("\x93NUMPY\x02\0\xFF\xFF\xFF\xFF", 12))),
            "f.npy: error: the .npy file has a header of 4294967295 bytes, more than 65536 [E522]\n");
  EXPECT_EQ(message(read_npy("f.npy", std::string("\x93NUMPY\x09\0\0\0", 10))),
            "f.npy: error: the .npy file has the unknown version 9 [E522]\n");
  EXPECT_EQ(message(read_npy(
                "f.npy", npy("{'descr':'<f8','fortran_order':False,'shape':(3037000500,3037000500,8)}", ""))),
            "f.npy: error: the .npy file of shape [3037000500, 3037000500, 8] and type `<f8` has 0 bytes of "
            "elements "
            "[E522]\n");
  for (const char* header :
       {"", "{", "{'descr':'<f8'}", "{'descr':'<f8','fortran_order':0,'shape':(1,)}",
        "{'descr':'<f8','fortran_order':False,'shape':(1)}",
        "{'descr':'<f8','fortran_order':False,'shape':(-1,)}",
        "{'descr':'<f8','fortran_order':False,'shape':(1,)} x", "{'descr':'<f8','descr':'<f8','shape':(1,)}",
        "{'descr':[('a','<f8')],'fortran_order':False,'shape':(1,)}",
        "{'descr':'<f8','fortran_order':False,'shape':(99999999999999999999,)}"})
    EXPECT_FALSE(read_npy("f.npy", npy(header, "12345678"))) << header;
}

TEST(Npy, RoundTripsBitForBit) {
  HostArray array(Storage::f32, {2, 3});
  for (std::int64_t i = 0; i < 6; ++i) array.set_value(i, 0.1 * static_cast<double>(i));
  const std::string bytes = write_npy(array);
  EXPECT_EQ((bytes.size() - 24) % 64, 0U);
  const auto again = read_npy("f", bytes);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->shape(), array.shape());
  EXPECT_EQ(write_npy(*again), bytes);
  EXPECT_TRUE(read_npy("f", write_npy(HostArray(Storage::f64, {}))));
}

// Every truncation and every flipped bit is read or refused, and never read beyond the end (the sanitizers
// watch).
TEST(Npy, AnyDamageIsReadOrRefused) {
  const std::string good = write_npy(HostArray(Storage::f64, {2, 2}));
  for (std::size_t n = 0; n < good.size(); ++n) EXPECT_FALSE(read_npy("f", good.substr(0, n)));
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    const auto array = read_npy("f", bad);
    EXPECT_TRUE(array || has_errors(array.diagnostics()));
  }
}

class BindTest : public testing::Test {
 protected:
  std::string message(std::vector<ColumnSpec> specs, std::vector<DataSource> sources) {
    const auto dataset = bind_data(specs, sources);
    EXPECT_FALSE(dataset);
    return folder_.messages(dataset.diagnostics());
  }
  TemporaryFolder folder_;
};

TEST_F(BindTest, ImagesFitAFlatInputAndStayBytes) {
  const std::string images = folder_.write("images.idx.gz", gzip(idx(8, {2, 2, 3}, "abcdefghijkl")));
  const std::string labels = folder_.write("labels.idx.gz", gzip(idx(8, {2}, "\1\2")));
  const std::vector<ColumnSpec> specs = {
      {.name = "x", .extents = {{"D", -1}}, .scalar = GRADC_F32},
      {.name = "label", .extents = {}, .scalar = GRADC_I32, .members = {"K", 3}}};
  const std::vector<DataSource> sources = {parse_data_source("x=" + images),
                                           parse_data_source("label=" + labels)};
  const auto dataset = bind_data(specs, sources);
  ASSERT_TRUE(dataset) << folder_.messages(dataset.diagnostics());
  EXPECT_EQ(dataset->column("x")->storage(), Storage::u8);
  EXPECT_EQ(dataset->column("x")->shape(), (Shape{2, 6}));
  EXPECT_EQ(dataset->column("label")->as<std::int32_t>()[1], 2);
  ASSERT_EQ(dataset->inferred.size(), 1U);
  EXPECT_EQ(dataset->inferred[0].second, 6);
  const std::vector<ColumnSpec> few = {
      specs[0], {.name = "label", .extents = {}, .scalar = GRADC_I32, .members = {"K", 2}}};
  EXPECT_EQ(message(few, sources),
            "labels.idx.gz: error: example 1 (from 0) holds 2, and the members of `K` are 0 to 1 [E513]\n");
  const std::vector<ColumnSpec> other = {{.name = "x", .extents = {{"", 3}, {"", 2}}}, specs[1]};
  EXPECT_EQ(message(other, sources),
            "images.idx.gz: error: the file holds [2, 3] for each of 2 examples, and the model declares "
            "`x[3, 2]` [E516]\n");
}

TEST_F(BindTest, DimsMustAgree) {
  const std::string a = folder_.write("a.npy", write_npy(HostArray(Storage::f64, {4, 3})));
  const std::string b = folder_.write("b.npy", write_npy(HostArray(Storage::f64, {4, 2})));
  EXPECT_EQ(
      message({{.name = "a", .extents = {{"D", -1}}}, {.name = "b", .extents = {{"D", -1}}}},
              {{"a", a}, {"b", b}}),
      "b.npy: error: the file holds [2] for each of 4 examples, and the model declares `b[3]` [E516]\n");
  EXPECT_EQ(
      message({{.name = "a", .extents = {{"D", -1}}}, {.name = "b", .extents = {}, .scalar = GRADC_F32}},
              {{"a", a}, {"b", folder_.write("c.npy", write_npy(HostArray(Storage::f64, {5})))}}),
      "c.npy: error: `b` has 5 examples, and `a` has 4 [E517]\n");
  EXPECT_EQ(message({{.name = "a", .extents = {{"D", -1}, {"E", -1}}}}, {{"a", a}}),
            "a.npy: error: `a` does not tell the size of `D` [E515]\n   = help: say it: `--dim D=…`\n");
}

TEST_F(BindTest, NamesAreChecked) {
  const std::string a = folder_.write("a.npy", write_npy(HostArray(Storage::f64, {4})));
  const ColumnSpec label = {.name = "label", .extents = {}};
  EXPECT_EQ(
      message({label}, {{"lable", a}}),
      "a.npy: error: the model has no input or target `lable` [E520]\n   = help: did you mean `label`?\n");
  EXPECT_EQ(message({label}, {{"label", a}, {"label", a}}), "a.npy: error: `label` is given twice [E520]\n");
  EXPECT_EQ(message({label}, {{"", a}, {"", a}}),
            "a.npy: error: more than one table is given [E520]\n"
            "   = help: name what a further file holds: `--data NAME=FILE`\n");
  EXPECT_EQ(message({label}, {}),
            "--data: error: there is no data for `label` [E519]\n   = help: add `--data label=FILE`\n");
  EXPECT_EQ(message({label}, {{"", a}}).substr(0, 76),
            "a.npy: error: the file holds one array, and does not say for which input [E5");
  EXPECT_EQ(message({label}, {{"label", folder_.path() + "/none.csv"}}),
            "none.csv: error: No such file or directory [E500]\n");
  EXPECT_EQ(message({label}, {{"label", folder_.path()}}),
            folder_.path() + ": error: Is a directory [E500]\n");
}

TEST_F(BindTest, ValuesAreChecked) {
  HostArray array(Storage::f64, {2});
  array.set_value(1, 1e300);
  const std::string large = folder_.write("large.npy", write_npy(array));
  array.set_value(1, std::numeric_limits<double>::quiet_NaN());
  const std::string nan = folder_.write("nan.npy", write_npy(array));
  EXPECT_EQ(message({{.name = "a", .extents = {}, .scalar = GRADC_F32}}, {{"a", large}}),
            "large.npy: error: example 1 (from 0) holds 1e+300, too large for f32 [E508]\n"
            "   = help: train with `--precision f64`\n");
  EXPECT_EQ(message({{.name = "a", .extents = {}}}, {{"a", nan}}),
            "nan.npy: error: example 1 (from 0) holds nan, which is not finite [E509]\n"
            "   = help: remove the example, or fill in a value\n");
}

TEST_F(BindTest, CompressedFilesMustBeWhole) {
  const std::string whole = gzip(idx(8, {1000}, std::string(1000, 'x')));
  const ColumnSpec x = {.name = "x", .extents = {}};
  const std::string cut = folder_.write("cut.gz", whole.substr(0, whole.size() - 9));
  EXPECT_EQ(message({x}, {{"x", cut}}),
            "cut.gz: error: the compressed file ends too early [E503]\n   = help: fetch it again\n");
  std::string bad = whole;
  bad[bad.size() - 6] = static_cast<char>(bad[bad.size() - 6] ^ 1);  // the checksum
  EXPECT_EQ(message({x}, {{"x", folder_.write("bad.gz", bad)}}),
            "bad.gz: error: the compressed file is damaged [E503]\n");
}

TEST(DataSource, SplitsNameAndPath) {
  EXPECT_EQ(parse_data_source("x=a=b.csv").name, "x");
  EXPECT_EQ(parse_data_source("x=a=b.csv").path, "a=b.csv");
  EXPECT_EQ(parse_data_source("./a=b.csv").name, "");
  EXPECT_EQ(parse_data_source("plain.csv").path, "plain.csv");
}

TEST(FashionMnist, IsReadFromDebiansFiles) {
  const std::string folder = "/usr/share/datasets/fashion-mnist/";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "dataset-fashion-mnist is not installed";
  const std::vector<ColumnSpec> specs = {
      {.name = "x", .extents = {{"D", 784}}, .scalar = GRADC_F32},
      {.name = "label", .extents = {}, .scalar = GRADC_I32, .members = {"K", 10}}};
  const std::vector<DataSource> sources = {{"x", folder + "t10k-images-idx3-ubyte.gz"},
                                           {"label", folder + "t10k-labels-idx1-ubyte.gz"}};
  const auto dataset = bind_data(specs, sources);
  ASSERT_TRUE(dataset) << render(dataset.diagnostics(), {});
  EXPECT_EQ(dataset->examples, 10000);
  EXPECT_EQ(dataset->column("label")->value(0), 9);  // an ankle boot
}

}  // namespace
}  // namespace gradc
