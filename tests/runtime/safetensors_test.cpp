// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/safetensors.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <cstring>

#include "compiler/support/atomic_file.h"
#include "tests/runtime/files.h"

namespace gradc {
namespace {

std::vector<NamedArray> example() {
  std::vector<NamedArray> arrays = {{"w", HostArray(Storage::f32, {2, 3})},
                                    {"θ", HostArray(Storage::f64, {})},
                                    {"empty", HostArray(Storage::f32, {0})},
                                    {"k", HostArray(Storage::i32, {2})}};
  for (std::int64_t i = 0; i < 6; ++i) arrays[0].array.set_value(i, 0.1 * static_cast<double>(i));
  arrays[1].array.set_value(0, -1e-300);
  arrays[3].array.set_value(1, -7);
  return arrays;
}

std::string file(const std::string& header, const std::string& data) {
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + data;
}

std::string message(const std::string& bytes) {
  const auto arrays = read_safetensors("p.safetensors", bytes);
  EXPECT_FALSE(arrays);
  return render(arrays.diagnostics(), {});
}

TEST(Safetensors, RoundTripsBitForBit) {
  const std::string bytes = write_safetensors(example());
  const auto arrays = read_safetensors("p", bytes);
  ASSERT_TRUE(arrays) << render(arrays.diagnostics(), {});
  EXPECT_EQ(write_safetensors(*arrays), bytes);
  EXPECT_EQ(find(*arrays, "θ")->value(0), -1e-300);
  EXPECT_TRUE(read_safetensors("p", write_safetensors({})));
}

TEST(Safetensors, RefusesWhatIsDamaged) {
  const std::string prefix = "p.safetensors: error: ";
  EXPECT_EQ(message("1234"), prefix + "the file is too short for a safetensors file [E523]\n");
  EXPECT_EQ(message(std::string(8, '\xFF')),
            prefix + "the header would have 18446744073709551615 bytes, more than 16777216 [E523]\n");
  EXPECT_EQ(message(file("{}", "").substr(0, 9)), prefix + "the file ends within its header [E523]\n");
  EXPECT_EQ(message(file(" {}", "")), prefix + "the header does not begin with `{` [E523]\n");
  EXPECT_EQ(message(file("{\"a\":", "")), prefix + "the header is not valid JSON at its byte 6 [E523]\n");
  EXPECT_EQ(message(file("{\"a\":" + std::string(100000, '[') + std::string(100000, ']') + "}", "")),
            prefix + "tensor `a` has a list where none belongs [E523]\n");
  EXPECT_EQ(message(file("{}", "x")), prefix + "1 bytes belong to no tensor [E523]\n");
  const auto with = [&](const std::string& entries, const std::string& data) {
    return message(file("{" + entries + "}", data));
  };
  EXPECT_EQ(with(R"("a":1)", ""), prefix + "tensor `a` has a number where none belongs [E523]\n");
  EXPECT_EQ(with(R"("a":{"dtype":"U8"})", ""),
            prefix + "tensor `a` does not have `dtype`, `shape` and `data_offsets` [E523]\n");
  EXPECT_EQ(with(R"("a":{"x":1})", ""), prefix + "tensor `a` has the unknown field `x` [E523]\n");
  EXPECT_EQ(with(R"("a":{"dtype":"U8","dtype":"U8"})", ""), prefix + "tensor `a` has `dtype` twice [E523]\n");
  EXPECT_TRUE(read_safetensors("p", file(R"({"__metadata__":{"format":"pt"}})", "")));
  EXPECT_EQ(with(R"("a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]})", "xx"),
            prefix + "tensor `a` has the unsupported type `BF16` [E523]\n");
  EXPECT_EQ(with(R"("a":{"dtype":"U8","shape":[-1],"data_offsets":[0,2]})", "xx"),
            prefix + "tensor `a` has a negative number where none belongs [E523]\n");
  EXPECT_EQ(with(R"("a":{"dtype":"U8","shape":[2],"data_offsets":[2,0]})", "xx"),
            prefix + "tensor `a` has offsets outside the file [E523]\n");
  EXPECT_EQ(with(R"("a":{"dtype":"U8","shape":[2],"data_offsets":[0]})", "xx"),
            prefix + "tensor `a` has offsets that are not two whole numbers [E523]\n");
  EXPECT_EQ(with(R"("a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]})", "xx"),
            prefix + "tensor `a` has offsets outside the file [E523]\n");
  EXPECT_EQ(with(R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,2]})", "xx"),
            prefix + "tensor `a` has 2 bytes, which is not the size of its shape [1] [E523]\n");
  EXPECT_EQ(
      with(R"("a":{"dtype":"F64","shape":[2305843009213693952,8],"data_offsets":[0,0]})", ""),
      prefix +
          "tensor `a` has 0 bytes, which is not the size of its shape [2305843009213693952, 8] [E523]\n");
  EXPECT_EQ(
      with(
          R"("a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]})",
          "xxx"),
      prefix + "tensor `b` leaves a gap before it, or overlaps with another [E523]\n");
  EXPECT_EQ(with(R"("a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]})", "xx"),
            prefix + "tensor `a` leaves a gap before it, or overlaps with another [E523]\n");
  EXPECT_EQ(
      with(
          R"("a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]})",
          "x"),
      prefix + "the header names `a` twice [E523]\n");
  std::string many;
  for (int i = 0; i <= 100000; ++i)
    many +=
        (i > 0 ? ",\"" : "\"") + std::to_string(i) + R"(":{"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  EXPECT_EQ(with(many, ""), prefix + "the file has more than 100000 tensors [E523]\n");
}

// A truncated file is always noticed; a flipped bit is read or refused, and what is read is written as it
// was.
TEST(Safetensors, AnyDamageIsReadOrRefused) {
  const std::string good = write_safetensors(example());
  for (std::size_t n = 0; n < good.size(); ++n) EXPECT_FALSE(read_safetensors("p", good.substr(0, n)));
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    const auto arrays = read_safetensors("p", bad);
    EXPECT_TRUE(arrays || has_errors(arrays.diagnostics()));
  }
}

TEST(AtomicFile, ReplacesAFileAndLeavesNothingElse) {
  const TemporaryFolder folder;
  const std::string path = folder.write("p", "old");
  EXPECT_TRUE(write_file(path, "new").empty());
  EXPECT_EQ(folder.read("p"), "new");
  EXPECT_TRUE(write_file(path, "").empty());
  EXPECT_EQ(folder.read("p"), "");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(AtomicFile, KeepsTheOldFileWhenItFails) {
  const TemporaryFolder folder;
  EXPECT_EQ(folder.messages(write_file(folder.path() + "/none/p", "x")),
            "none/p: error: cannot write: No such file or directory [E530]\n");
  std::filesystem::create_directory(folder.path() + "/p");
  folder.write("p/inner", "kept");
  EXPECT_EQ(folder.messages(write_file(folder.path() + "/p", "x")),
            "p: error: cannot write: Is a directory [E530]\n");
  EXPECT_EQ(folder.read("p/inner"), "kept");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

// As on a full disk: the write fails half-way.
TEST(AtomicFile, KeepsTheOldFileWhenThereIsNoRoom) {
  const TemporaryFolder folder;
  const std::string path = folder.write("p", "old");
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small = {.rlim_cur = 100, .rlim_max = before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const Diagnostics diagnostics = write_file(path, std::string(1000, 'x'));
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(folder.messages(diagnostics), "p: error: cannot write: File too large [E530]\n");
  EXPECT_EQ(folder.read("p"), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(AtomicFile, OrphansAreRemoved) {
  const TemporaryFolder folder;
  folder.write(".p.0123456789abcdef.gradc-tmp", "half");
  folder.write("p", "whole");
  remove_orphans(folder.path());
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
  EXPECT_EQ(folder.read("p"), "whole");
}

}  // namespace
}  // namespace gradc
