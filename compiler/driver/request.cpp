// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/request.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradc::driver {
namespace {

std::vector<std::string> names(const ModelFile& file, bool declared, bool equations) {
  std::vector<std::string> result;
  if (declared)
    for (const Declaration& d : file.model.declarations) result.push_back(file.tensor(d.tensor).name);
  if (equations)
    for (TensorId t : file.model.equations) result.push_back(file.tensor(t).name);
  return result;
}

bool contains(const std::vector<TensorId>& list, TensorId t) {
  return std::ranges::find(list, t) != list.end();
}

class Lookup {
 public:
  Lookup(const ModelFile& file, Request& request) : file_(file), request_(request) {}

  void of(const std::string& name) {
    const TensorId t = find_tensor(file_, name);
    if (!t.valid()) return unknown("--of", name, "equations", names(file_, false, true));
    if (!contains(file_.model.equations, t))
      return fault(DiagnosticCode::E601, "--of " + name, fmt::format("`{}` is given, not computed", name),
                   "name an equation");
    if (!contains(request_.of, t)) request_.of.push_back(t);
  }

  void wrt(const std::string& name) {
    const TensorId t = find_tensor(file_, name);
    if (!t.valid()) return unknown("--wrt", name, "names", names(file_, true, true));
    if (file_.tensor(t).type != Type::real)
      return fault(DiagnosticCode::E606, "--wrt " + name,
                   fmt::format("`{}` is {}, and there is no derivative by it", name,
                               file_.tensor(t).type == Type::integer ? "an integer" : "a condition"));
    if (!contains(request_.wrt, t)) request_.wrt.push_back(t);
  }

  // Derivatives are of numbers that can change by a little.
  void check_derivable() {
    for (TensorId t : request_.of)
      if (file_.tensor(t).type != Type::real)
        fault(DiagnosticCode::E606, "--of " + file_.tensor(t).name,
              fmt::format("`{}` is {}, and has no derivative", file_.tensor(t).name,
                          file_.tensor(t).type == Type::integer ? "an integer" : "a condition"),
              "`--order 0` gives its value");
    if (request_.wrt.empty() && !request_.of.empty())
      fault(DiagnosticCode::E606, file_.sources.front().name(),
            "the file gives nothing that a derivative could be by");
  }

  // By what was not asked for by name there may be none.
  void check_partials(bool must) {
    while (const auto unknown = unknown_partial(file_, request_)) {
      if (must) {
        faults.push_back({DiagnosticCode::E308,
                          without_partial_message(*unknown, file_.tensor(unknown->by).name),
                          {file_.tensor(unknown->in).declared, "needed here"},
                          {},
                          std::string(without_partial_help)});
        return;
      }
      std::erase(request_.wrt, unknown->by);
    }
  }

  Diagnostics faults;

 private:
  void fault(DiagnosticCode code, std::string option, std::string message, std::string help = {}) {
    faults.push_back(error_at(code, std::move(option), std::move(message), std::move(help)));
  }
  void unknown(const std::string& option, const std::string& name, std::string_view what,
               const std::vector<std::string>& known) {
    fault(DiagnosticCode::E601, option + " " + name, fmt::format("the file has no `{}`", name),
          nearest(name, known, what));
  }

  const ModelFile& file_;
  Request& request_;
};

}  // namespace

std::optional<UnknownPartial> unknown_partial(const ModelFile& file, const Request& request) {
  for (TensorId of : request.of)
    if (file.tensor(of).type == Type::real)
      if (auto found = gradc::unknown_partial(file.model.system, of, request.wrt, request.order)) return found;
  return std::nullopt;
}

TensorId find_tensor(const ModelFile& file, std::string_view name) {
  for (const Declaration& d : file.model.declarations)
    if (file.tensor(d.tensor).name == name) return d.tensor;
  for (TensorId t : file.model.equations)
    if (file.tensor(t).name == name) return t;
  return {};
}

Result<Request> make_request(const ModelFile& file, const Options& options, int order, DefaultWrt wrt) {
  Request request;
  request.order = order;
  request.sparse = options.sparse;
  if (!options.mode.empty()) request.mode = options.mode == "forward" ? Mode::forward : Mode::reverse;
  Lookup look(file, request);
  for (const std::string& name : options.of) look.of(name);
  if (options.of.empty()) request.of = file.model.default_outputs;
  for (const std::string& name : options.wrt) look.wrt(name);
  if (options.wrt.empty()) {
    const auto take = [&](Role role) {
      for (const Declaration& d : file.model.declarations)
        if (file.tensor(d.tensor).role == role && file.tensor(d.tensor).type == Type::real)
          request.wrt.push_back(d.tensor);
    };
    if (wrt == DefaultWrt::inputs_and_params) take(Role::input);
    take(Role::param);
    if (request.wrt.empty()) take(Role::input);
    if (request.wrt.empty()) take(Role::constant);
  }
  if (request.of.empty() && options.of.empty())
    look.faults.push_back(error_at(DiagnosticCode::E605, file.sources.front().name(),
                                   "the file has no scalar of which values or derivatives could be wanted",
                                   "name an equation with `--of`"));
  // Without a stated order, what has no derivative comes as its value alone.
  const bool must = options.order || !options.wrt.empty() || wrt == DefaultWrt::params_or_inputs;
  if (order > 0 && must && look.faults.empty()) look.check_derivable();
  if (order > 0 && look.faults.empty()) look.check_partials(must);
  if (request.sparse && request.mode == Mode::forward)
    look.faults.push_back(error_at(DiagnosticCode::E606, "--mode forward",
                                   "entries are had in reverse mode, where the subscripts show them",
                                   "leave `--mode` out, or `--sparse`"));
  if (request.sparse && order > 1)
    for (TensorId t : request.of)
      if (file.tensor(t).rank() > 0)
        look.faults.push_back(error_at(DiagnosticCode::E606, "--of " + file.tensor(t).name,
                                       "sparse second derivatives are those of a scalar",
                                       "`--order 1` has its Jacobian"));
  if (!look.faults.empty()) return std::move(look.faults);
  return request;
}

}  // namespace gradc::driver
