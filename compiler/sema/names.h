// The names that a file defines: dims, tensors, equations, functions. One name, one definition; order is
// free. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/sema/reports.h"
#include "compiler/sema/shape.h"
#include "grammar/syntax.h"

namespace gradc::sema {

enum class EntityKind : std::uint8_t { dim, tensor, equation, function };
enum class Progress : std::uint8_t { untouched, active, done };

struct Entity {
  EntityKind kind;
  syntax::Spelled name;
  std::size_t statement;  // where it is defined
  std::size_t item = 0;   // which of the statement's items
  struct Place {
    std::size_t statement, item;
  };
  std::vector<Place> more = {};  // equation in several lines: the others
  Progress progress = Progress::untouched;
  bool used = false;
  bool read = false;        // equation: by another one,
  bool read_whole = false;  // and all its elements, under no condition
  Shape shape = {};         // tensor, equation: once done
  TensorId tensor = {};     // tensor, equation: once done
  DimId dim = {};           // dim
};

class Names {
 public:
  // Enters every definition of the program; reports names that are defined twice.
  Names(const syntax::Program& program, Reports& reports);

  // The entity of that name, or null.
  Entity* find(syntax::TextId name);
  Entity* find(std::string_view name);
  std::vector<Entity>& all() { return entities_; }

  // For "did you mean": every name of the file that such a thing could bear.
  std::vector<std::string> spellings(std::optional<EntityKind> kind = std::nullopt) const;

 private:
  void enter(EntityKind kind, syntax::Spelled name, std::size_t statement, std::size_t item = 0);
  void warn_of_hidden(syntax::Spelled name);
  void take_over(const syntax::Use& use);
  void check_parameters(const syntax::Left& left);
  void refuse_results(const syntax::Equation& equation);

  const syntax::Program& program_;
  Reports& reports_;
  std::vector<Entity> entities_;
  std::unordered_map<syntax::TextId, std::size_t> by_name_;
};

// "an input", "a dim", "an equation": for messages.
std::string described(const Entity& entity, const syntax::Program& program);

}  // namespace gradc::sema
