// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/gradbench/protocol.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <new>

#include "runtime/scores.h"

namespace gradc::gradbench {
namespace {

using Clock = std::chrono::steady_clock;

std::int64_t nanoseconds(Clock::duration d) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(d).count();
}
Json timing(const char* name, Clock::duration d) { return {{"name", name}, {"nanoseconds", nanoseconds(d)}}; }

std::string word(const Json& message, const char* field) {
  return message.contains(field) && message[field].is_string() ? message[field].get<std::string>() : "";
}

// JSON has no word for NaN and infinity.
bool has_words(const Json& value) {
  if (value.is_number_float()) return std::isfinite(value.get<double>());
  return !value.is_structured() || std::ranges::all_of(value, has_words);
}

Json failed(std::string why) { return {{"success", false}, {"error", std::move(why)}}; }

// How often a function is to be run: at least so many times, and at least so long in all.
struct Repeats {
  double runs = 1, seconds = 0;
};
std::optional<Repeats> repeats(const Json& input) {
  Repeats made;
  for (const auto& [field, to] : {std::pair{"min_runs", &made.runs}, std::pair{"min_seconds", &made.seconds}})
    if (input.is_object() && input.contains(field)) {
      if (!input[field].is_number()) return {};
      *to = input[field].get<double>();
    }
  return made;
}

}  // namespace

Json Tool::define(const Json& message) {
  const auto begin = Clock::now();
  const std::string error = session_.define(word(message, "module"));
  if (!error.empty()) return failed(error);
  return {{"success", true}, {"timings", {timing("check", Clock::now() - begin)}}};
}

Json Tool::evaluate(const Json& message) {
  if (!message.contains("input")) return failed("the message has no `input`");
  const std::optional<Repeats> wanted = repeats(message["input"]);
  if (!wanted) return failed("`min_runs` and `min_seconds` are numbers");
  const auto begin = Clock::now();
  std::string error;
  const std::optional<Ready> ready =
      session_.prepare(word(message, "module"), word(message, "function"), message["input"], error);
  if (!ready) return failed(error);
  Json timings = Json::array();
  timings.push_back(timing("prepare", Clock::now() - begin));
  std::chrono::duration<double> spent{};
  double runs = 0;
  do {
    const auto before = Clock::now();
    const std::int32_t status = ready->program->run();
    const auto taken = Clock::now() - before;
    if (const Diagnostics faults = status_diagnostics(status, "the model"); !faults.empty())
      return failed(faults.front().message);
    timings.push_back(timing("evaluate", taken));
    spent += taken;
    ++runs;
  } while (runs < wanted->runs || spent.count() < wanted->seconds);
  if (const Diagnostics faults = ready->program->failed_checks(); !faults.empty())
    return failed(faults.front().message);
  Json output = ready->output();
  if (!has_words(output)) return failed("the output has numbers that are not finite");
  return {{"success", true}, {"output", std::move(output)}, {"timings", std::move(timings)}};
}

Json Tool::answer_to(const Json& message) {
  if (!message.is_object()) return failed("a message is a JSON object");
  const std::string kind = word(message, "kind");
  if (kind == "start") return {{"tool", "gradc"}};
  if (kind == "define") return define(message);
  if (kind == "evaluate") return evaluate(message);
  if (kind == "analysis") return Json::object();
  return failed(fmt::format("there is no message of kind `{}`", kind));
}

std::string Tool::answer(const std::string& line) {
  Json made;
  const Json message = Json::parse(line, nullptr, false);
  try {
    made = answer_to(message);
  } catch (const std::bad_alloc&) {
    made = failed("there is not enough memory");
  }
  made["id"] = message.is_object() && message.contains("id") ? message["id"] : Json();
  return made.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace gradc::gradbench
