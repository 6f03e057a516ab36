// gradc explain-cost: what a training step (or a model's values and derivatives) costs, loop nest by loop
// nest: counted, predicted from what this machine can do, and measured. SPDX-License-Identifier: Apache-2.0
// WITH LLVM-exception
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <random>

#include "compiler/driver/command_compile.h"
#include "compiler/driver/commands.h"
#include "compiler/driver/compiled.h"
#include "compiler/driver/given_values.h"
#include "compiler/driver/model_functions.h"
#include "compiler/kernel/cost.h"
#include "runtime/host_array.h"
#include "runtime/model.h"
#include "runtime/thread_pool.h"
#include "runtime/workspace.h"

namespace gradc::driver {
namespace {

// Arrays and workspace for a program, and each of its kernels as a function of its own, on the same memory.
class Bench {
 public:
  Bench(const kernel::Program& program, const CompileSettings& settings, std::vector<std::int64_t> sizes)
      : sizes_(std::move(sizes)) {
    programs_.push_back(program);
    for (const kernel::Kernel& k : program.kernels) {
      programs_.push_back(program);
      programs_.back().name = k.name;
      programs_.back().kernels = {k};
    }
    jit_.emplace(codegen::Model{"cost", settings.f32 ? GRADC_F32 : GRADC_F64, programs_},
                 code_options(settings));
    const gradc_function_info& whole = jit_->info().functions[0];
    const std::vector<std::int64_t> all = all_sizes(whole, sizes_);
    std::mt19937_64 random(1);
    for (const gradc_array_info& info : arrays(whole)) {
      arrays_.emplace_back(storage_of(info.scalar), shape_of(info, all));
      HostArray& a = arrays_.back();
      bytes_[is_output(info.role)] += static_cast<std::int64_t>(a.bytes().size());
      // Numbers of moderate size; members and lengths that fit everywhere.
      if (!is_output(info.role) && info.scalar != GRADC_I32)
        for (std::int64_t i = 0; i < a.size(); ++i)
          a.set_value(i, std::uniform_real_distribution<double>(0.1, 0.9)(random));
      if (info.role == GRADC_LENGTH)
        for (std::int64_t i = 0; i < a.size(); ++i)
          a.set_value(i, static_cast<double>(extent_of(info.members, all)));
      pointers_.push_back(a.bytes().empty() ? static_cast<void*>(&nothing_) : a.bytes().data());
    }
    workspace_bytes_ = whole.workspace_bytes ? whole.workspace_bytes(sizes_.data()) : 0;
    workspace_.reserve(std::max<std::int64_t>(workspace_bytes_, 1));
  }

  // Seconds of one run, the best of several batches; 0 is the whole, k + 1 is kernel k.
  double seconds(std::size_t function) {
    const gradc_function_info& f = jit_->info().functions[function];
    const auto run = [&] { f.call(sizes_.data(), pointers_.data(), nullptr, workspace_.data(), thread_pool()); };
    const auto timed = [&](int turns) {
      const auto start = std::chrono::steady_clock::now();
      for (int k = 0; k < turns; ++k) run();
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / turns;
    };
    run();
    const int turns = static_cast<int>(std::clamp(4e-3 / std::max(timed(1), 1e-9), 1.0, 1e6));
    double best = std::numeric_limits<double>::infinity();
    for (int batch = 0; batch < 7; ++batch) best = std::min(best, timed(turns));
    return best;
  }

  std::int64_t workspace_bytes() const { return workspace_bytes_; }
  std::int64_t given_bytes() const { return bytes_[0]; }
  std::int64_t result_bytes() const { return bytes_[1]; }

 private:
  std::vector<std::int64_t> sizes_;
  std::vector<kernel::Program> programs_;
  std::optional<codegen::JitModel> jit_;
  std::vector<HostArray> arrays_;
  std::vector<void*> pointers_;
  Workspace workspace_;
  std::int64_t workspace_bytes_ = 0, bytes_[2] = {0, 0};
  double nothing_ = 0;
};

// What this machine can do with so many threads, measured with programs of our own.
struct Machine {
  double operations, near, far;  // a second: in products of matrices; bytes from its caches, and from memory
  double seconds(double done, double moved) const {
    return std::max(done / operations, moved / (moved < cached ? near : far));
  }
  static constexpr double cached = 1e6;  // bytes that stay in a cache
};

double measured(const std::string& text, const CompileSettings& settings) {
  Dump quiet("");
  const std::optional<ModelFile> file = check_model({"machine", Source("machine.grad", text)}, {}, quiet);
  Options options;
  options.of = {"y"};
  const Result<Request> request = make_request(*file, options, 0, DefaultWrt::inputs_and_params);
  const kernel::FunctionSpec function =
      value_function(*file, differentiate(file->model.system, *request), quiet);
  const std::vector<kernel::Program> programs = lower_all({&function, 1}, settings, quiet);
  return Bench(programs[0], settings, {}).seconds(0);
}

Machine machine(const CompileSettings& settings) {
  constexpr std::int64_t n = 512;
  const auto copied = [&](std::int64_t elements) {
    return 2 * (settings.f32 ? 4.0 : 8.0) * static_cast<double>(elements) /
           measured(fmt::format("dim N = {}\nconst x[N]\ny[i] = 2*x[i]\n", elements), settings);
  };
  return {2.0 * n * n * n /
              measured(fmt::format("dim N = {0}, M = {0}, K = {0}\nconst a[N, K], b[K, M]\ny = a @ b\n", n),
                       settings),
          copied(20000), copied(8000000)};
}

std::string in_units(double x, std::initializer_list<const char*> units) {
  auto unit = units.begin();
  while (x >= 1000 && unit + 1 != units.end()) x /= 1000, ++unit;
  return x >= 100 || x == 0 ? fmt::format("{:.0f} {}", x, *unit) : fmt::format("{:.3g} {}", x, *unit);
}
std::string count_of(double x) { return in_units(x, {"", "k", "M", "G", "T"}); }
std::string bytes_of(double x) { return in_units(x, {"B", "kB", "MB", "GB"}); }
std::string time_of(double seconds) { return in_units(seconds * 1e9, {"ns", "µs", "ms", "s"}); }

std::string joined(const std::vector<std::string>& names, std::size_t width) {
  std::string text;
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (text.size() + names[k].size() > width && !text.empty()) return text + ", …";
    text += (text.empty() ? "" : ", ") + names[k];
  }
  return text;
}

// The run-time sizes: those of --dim, the batch, and of what is still open a small one.
std::vector<std::int64_t> sizes_of(const ModelFile& file, const Options& options,
                                   const kernel::Program& program) {
  std::vector<std::int64_t> sizes;
  for (std::size_t k = 0; k < program.size_names.size(); ++k) {
    const auto stated = options.dims.find(program.size_names[k]);
    const bool batch = static_cast<std::int32_t>(k) == program.batch;
    sizes.push_back(batch                          ? options.batch.value_or(file.model.train.options.batch)
                    : stated != options.dims.end() ? stated->second
                                                   : 32);
  }
  return sizes;
}

void explain(const ModelFile& file, const Options& options, const kernel::Program& program,
             const CompileSettings& settings, const Machine& can) {
  const std::vector<std::int64_t> sizes = sizes_of(file, options, program);
  const auto values = kernel::evaluate(program.sizes, sizes);
  std::string at;
  for (std::size_t k = 0; k < sizes.size(); ++k)
    at += fmt::format(", {} = {}", program.size_names[k], sizes[k]);
  fmt::print("{}{}, {}\n", program.name, at, settings.f32 ? "f32" : "f64");
  Bench bench(program, settings, sizes);
  const double whole = bench.seconds(0);
  struct Row {
    std::string makes;
    double operations, bytes, predicted, measured;
    bool at_most;
  };
  std::vector<Row> rows;
  Row sum{"all", 0, 0, 0, whole, false};
  for (std::size_t k = 0; k < program.kernels.size(); ++k) {
    const kernel::Cost c = kernel::cost(program, program.kernels[k], values);
    const double bytes = c.loaded + c.stored;
    if (c.operations == 0 && bytes == 0) continue;  // adds up the parts of sums, and there is one part
    rows.push_back({joined(c.writes, 34), c.operations, bytes, can.seconds(c.operations, bytes),
                    bench.seconds(k + 1), c.at_most});
    sum.operations += rows.back().operations;
    sum.bytes += rows.back().bytes;
    sum.predicted += rows.back().predicted;
  }
  rows.push_back(sum);
  fmt::print("{:<36} {:>10} {:>9} {:>8} {:>10} {:>10} {:>8}\n", "computes", "operations", "bytes", "per byte",
             "at least", "measured", "of peak");
  for (const Row& r : rows) {
    const double peak = r.measured > 0 ? 100 * r.operations / can.operations / r.measured : 0;
    fmt::print("{:<36} {:>10} {:>9} {:>8} {:>10} {:>10} {:>7.0f}%\n", r.makes,
               (r.at_most ? "≤ " : "") + count_of(r.operations), bytes_of(r.bytes),
               r.bytes > 0 ? fmt::format("{:.3g}", r.operations / r.bytes) : "", time_of(r.predicted),
               time_of(r.measured), peak);
  }
  fmt::print("memory: given {}, results {}, working memory {}\n",
             bytes_of(static_cast<double>(bench.given_bytes())),
             bytes_of(static_cast<double>(bench.result_bytes())),
             bytes_of(static_cast<double>(bench.workspace_bytes())));
}

}  // namespace

int explain_cost_command(const Options& options) {
  const int used = options.threads.value_or(1);
  set_threads(used);
  Dump dump("");
  const std::optional<ModelFile> file = load_model(options, dump);
  if (!file) return status_user_error;
  const Result<std::vector<kernel::FunctionSpec>> functions = compiled_functions(*file, options, dump);
  if (!functions) return report(functions.diagnostics());
  CompileSettings settings = settings_of(*file, options);
  settings.kernel_of_each_loop = true;
  const Machine can = machine(settings);
  fmt::print(
      "{} of this machine: {}FLOP/s in products of matrices, {}/s from its caches, {}/s from memory\n",
      used == 1 ? "one core" : fmt::format("{} cores", used),
      in_units(can.operations, {"", "k", "M", "G", "T"}), bytes_of(can.near), bytes_of(can.far));
  for (const kernel::Program& program : lower_all(*functions, settings, dump)) {
    fmt::print("\n");
    explain(*file, options, program, settings, can);
  }
  return status_ok;
}

}  // namespace gradc::driver
