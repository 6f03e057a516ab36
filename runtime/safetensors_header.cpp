// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/safetensors_header.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <unordered_set>

namespace gradc {
namespace {

using Json = nlohmann::json;
constexpr std::size_t tensor_limit = 100000;
constexpr std::size_t rank_limit = 32;
constexpr std::string_view metadata_name = "__metadata__";

// Each event returns whether to go on; when it does not, `fault_` says why.
class HeaderReader final : public nlohmann::json_sax<Json> {
 public:
  explicit HeaderReader(std::vector<SafetensorsEntry>& entries) : entries_(entries) {}
  const std::string& fault() const { return fault_; }

  bool start_object(std::size_t) override {
    if (depth_ == 2 || in_list_) return unexpected("an object");
    ++depth_;
    if (depth_ == 2 && !metadata_) entries_.push_back({name_, "", {}, {}});
    return true;
  }
  bool end_object() override {
    --depth_;
    if (depth_ != 1 || metadata_) return true;
    return fields_ == 7 || fail("does not have `dtype`, `shape` and `data_offsets`");
  }
  bool key(string_t& key) override {
    if (depth_ == 1) {
      name_ = key;
      metadata_ = key == metadata_name;
      fields_ = 0;
      if (!names_.insert(key).second)
        return stop(fmt::format("the header names `{}` twice", key.substr(0, 80)));
      if (names_.size() > tensor_limit)
        return stop(fmt::format("the file has more than {} tensors", tensor_limit));
      return true;
    }
    if (metadata_) return true;
    field_ = key == "dtype" ? 1 : key == "shape" ? 2 : key == "data_offsets" ? 4 : 0;
    if (field_ == 0) return fail(fmt::format("has the unknown field `{}`", key.substr(0, 80)));
    if ((fields_ & field_) != 0) return fail(fmt::format("has `{}` twice", key));
    fields_ |= field_;
    return true;
  }
  bool start_array(std::size_t) override {
    if (depth_ != 2 || metadata_ || in_list_ || field_ == 1) return unexpected("a list");
    in_list_ = true;
    return true;
  }
  bool end_array() override {
    in_list_ = false;
    return field_ != 4 || entries_.back().offsets.size() == 2 ||
           fail("has offsets that are not two whole numbers");
  }
  bool string(string_t& value) override {
    if (depth_ == 2 && metadata_) return true;
    if (depth_ != 2 || in_list_ || field_ != 1) return unexpected("a text");
    entries_.back().dtype = value.substr(0, 80);
    return true;
  }
  bool number_unsigned(number_unsigned_t value) override {
    if (!in_list_) return unexpected("a number");
    SafetensorsEntry& entry = entries_.back();
    if (field_ == 4) {
      entry.offsets.push_back(value);
      return entry.offsets.size() <= 2 || fail("has offsets that are not two whole numbers");
    }
    if (entry.shape.size() == rank_limit || value > INT64_MAX)
      return fail("has a shape that is no list of sizes");
    entry.shape.push_back(static_cast<std::int64_t>(value));
    return true;
  }
  bool number_integer(number_integer_t) override { return unexpected("a negative number"); }
  bool number_float(number_float_t, const string_t&) override { return unexpected("a fraction"); }
  bool null() override { return unexpected("null"); }
  bool boolean(bool) override { return unexpected("a truth value"); }
  bool binary(binary_t&) override { return unexpected("binary data"); }
  bool parse_error(std::size_t at, const std::string&, const nlohmann::detail::exception&) override {
    return stop(fmt::format("the header is not valid JSON at its byte {}", at));
  }

 private:
  bool stop(std::string fault) {
    if (fault_.empty()) fault_ = std::move(fault);
    return false;
  }
  bool fail(const std::string& what) {
    return stop(fmt::format("tensor `{}` {}", name_.substr(0, 80), what));
  }
  bool unexpected(std::string_view what) {
    if (depth_ == 0) return stop("the header is no JSON object");
    return fail(fmt::format("has {} where none belongs", what));
  }

  std::vector<SafetensorsEntry>& entries_;
  std::unordered_set<std::string> names_;
  std::string name_;
  std::string fault_;
  int depth_ = 0;
  int field_ = 0;   // the one being read: 1 dtype, 2 shape, 4 data_offsets
  int fields_ = 0;  // those seen
  bool metadata_ = false;
  bool in_list_ = false;
};

}  // namespace

std::string read_safetensors_header(std::string_view text, std::vector<SafetensorsEntry>& entries) {
  HeaderReader reader(entries);
  Json::sax_parse(text.begin(), text.end(), &reader);
  return reader.fault();
}

}  // namespace gradc
