// SPDX-License-Identifier: MIT
// What the text of a test gives reason to say beside its verdict.
#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

#include "checker/litmus/parser.h"

namespace graze::litmus {
namespace {

bool Loads(const Expr& expr) {
  if (expr.kind == Expr::Kind::kLoad) return true;
  if (expr.kind != Expr::Kind::kCall || !expr.primitive->returns) return false;
  const Action action = expr.primitive->action;
  return action != Action::kTryLock && action != Action::kSrcuLock;
}

unsigned LoadsIn(const Expr& expr) {
  unsigned loads = Loads(expr) ? 1 : 0;
  for (const auto& arg : expr.args) loads += LoadsIn(*arg);
  return loads;
}

// Its address and its value, where it has both, are of one expression.
bool LoadsTwice(const Statement& statement) {
  unsigned loads = 0;
  for (const auto& expr : statement.exprs) loads += LoadsIn(*expr);
  if (loads > 1) return true;
  for (const auto& part : statement.parts) {
    if (part != nullptr && LoadsTwice(*part)) return true;
  }
  return false;
}

bool OnlyLoads(const Expr& expr) {
  constexpr Action kHarmless[] = {Action::kLoad, Action::kFence, Action::kNothing, Action::kIsLocked};
  const bool harmless =
      expr.kind != Expr::Kind::kCall || std::count(std::begin(kHarmless), std::end(kHarmless), expr.primitive->action) > 0;
  return harmless && std::all_of(expr.args.begin(), expr.args.end(), [](const auto& arg) { return OnlyLoads(*arg); });
}

bool ReadsAny(const Expr& expr, const std::set<int64_t>& registers) {
  if (expr.kind == Expr::Kind::kRegister && registers.count(expr.number) != 0) return true;
  return std::any_of(expr.args.begin(), expr.args.end(), [&](const auto& arg) { return ReadsAny(*arg, registers); });
}

// The assignments of a body that is nothing but assignments and expressions, each executed every time; false if it is anything else.
bool CollectSteps(const Statement& statement, std::vector<const Statement*>* steps) {
  switch (statement.kind) {
    case Statement::Kind::kAssign:
    case Statement::Kind::kExpression: steps->push_back(&statement); return true;
    case Statement::Kind::kBlock:
      return std::all_of(statement.parts.begin(), statement.parts.end(), [&](const auto& part) { return CollectSteps(*part, steps); });
    default: return false;
  }
}

}  // namespace

bool Parser::OnlyWaits(const Statement& loop) const {
  std::vector<const Statement*> steps;
  if (!OnlyLoads(*loop.exprs[0]) || !CollectSteps(*loop.parts[0], &steps)) return false;
  std::set<int64_t> assigned;
  for (const Statement* const step : steps) {
    if (step->kind == Statement::Kind::kAssign) assigned.insert(static_cast<int64_t>(step->target));
  }
  // Nothing is handed on from one iteration to the next but to the condition.
  return std::all_of(steps.begin(), steps.end(),
                     [&](const Statement* step) { return OnlyLoads(*step->exprs[0]) && !ReadsAny(*step->exprs[0], assigned); });
}

// What is given a value and is out of everybody's reach.
void Parser::RemarkOnInit() {
  for (const auto& [location, line] : initial_lines_) {
    const std::string& name = test_.locations[location].name;
    if (reached_.count(name) == 0) Remark("no process has a location " + name);
  }
}

// A name that nobody declares or assigns to is 0, as in herd7: `true`, and most often a slip of the pen.
void Parser::RemarkOnCode() {
  for (const auto& process : test_.processes) {
    for (const RegisterInfo& info : process->registers) {
      if (info.declared || info.name == "NULL") continue;
      if (FindPrimitive(info.name) != nullptr) {
        Remark(info.name + " without parentheses is a variable of " + process->name + ", no call");
      } else {
        Remark("nothing assigns to " + std::to_string(process->number) + ":" + info.name + ", which is 0");
      }
    }
    if (LoadsTwice(process->body)) Remark("loads of one expression: left to right only");
  }
}

}  // namespace graze::litmus
