// The messages of GradBench (github.com/gradbench/gradbench): one JSON object per line, each answered by one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/gradbench/session.h"

namespace gradc::gradbench {

class Tool {
 public:
  explicit Tool(Models models) : session_(std::move(models)) {}
  // One line, whatever the message is; what cannot be done says so in it.
  std::string answer(const std::string& line);

 private:
  Json answer_to(const Json& message);
  Json define(const Json& message);
  Json evaluate(const Json& message);

  Session session_;
};

}  // namespace gradc::gradbench
