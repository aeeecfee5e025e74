// SPDX-License-Identifier: MIT
// What follows the processes: the locations to show, a filter, the condition.
#include <algorithm>
#include <utility>

#include "checker/litmus/parser.h"

namespace graze::litmus {

void Parser::ParseClauses() {
  while (!failed()) {
    if (At("locations")) {
      ParseLocations();
    } else if (Accept("filter")) {
      test_.has_filter = true;
      test_.filter = ParseProposition();
    } else {
      break;
    }
  }
  if (At("~") || At("not")) {
    Advance();
    Expect("exists", "after '~'");
    test_.quantifier = Quantifier::kNotExists;
    test_.condition = ParseProposition();
  } else if (At("exists") || At("forall") || At("(")) {  // the last is an old form of "exists"
    test_.quantifier = At("forall") ? Quantifier::kForall : Quantifier::kExists;
    if (!At("(")) Advance();
    test_.condition = ParseProposition();
  }
  Accept(";");
  if (!failed() && token_.kind != Token::Kind::kEnd) FailHere("the end of the test");
  ObserveAll(test_.condition);
}

void Parser::ParseLocations() {
  Advance();
  Expect("[", "after 'locations'");
  while (!failed() && !At("]")) {
    if (Accept(";")) continue;
    if (AtType()) TakeType();
    Observe(ParseOperand());
    if (AtType()) TakeType();  // "x int*"
    while (Accept("*")) {
    }
    if (!At("]")) Expect(";", "between the locations to show");
  }
  Expect("]", "after the locations to show");
}

// ---- propositions -----------------------------------------------------------------------------------------------------------------

Proposition Parser::ParseProposition() {
  const Nesting nesting(this);
  if (TooDeep(token_.line)) return {};
  Proposition left = ParseDisjunction();
  if (!Accept("=>")) return left;
  Proposition implies{.kind = Proposition::Kind::kImplies};
  implies.parts.push_back(std::move(left));
  implies.parts.push_back(ParseProposition());
  return implies;
}

Proposition Parser::ParseDisjunction() {
  Proposition left = ParseConjunction();
  if (!At("\\/")) return left;
  Proposition any{.kind = Proposition::Kind::kOr};
  any.parts.push_back(std::move(left));
  while (Accept("\\/")) any.parts.push_back(ParseConjunction());
  return any;
}

Proposition Parser::ParseConjunction() {
  Proposition left = ParseAtom();
  if (!At("/\\")) return left;
  Proposition all{.kind = Proposition::Kind::kAnd};
  all.parts.push_back(std::move(left));
  while (Accept("/\\")) all.parts.push_back(ParseAtom());
  return all;
}

Proposition Parser::ParseAtom() {
  const Nesting nesting(this);
  if (TooDeep(token_.line)) return {};
  if (At("~") || At("not")) {
    Advance();
    Proposition negation{.kind = Proposition::Kind::kNot};
    negation.parts.push_back(ParseAtom());
    return negation;
  }
  if (Accept("true")) return {.kind = Proposition::Kind::kTrue};
  if (Accept("false")) return {.kind = Proposition::Kind::kFalse};
  if (Accept("(")) {
    Proposition inner = ParseProposition();
    Expect(")", "after a proposition");
    return inner;
  }
  return ParseComparison();
}

Proposition Parser::ParseComparison() {
  Proposition equal{.kind = Proposition::Kind::kEqual};
  const unsigned line = token_.line;
  equal.left = ParseOperand();
  const bool differs = At("!=") || At("<>");
  if (differs || At("==")) {
    Advance();
  } else {
    Expect("=", "in a comparison");
  }
  if (failed()) return equal;
  if (equal.left.kind == Operand::Kind::kConstant) Fail(line, "a comparison begins with a location or a register");
  // On the right a bare name is the address of a location; `*x` and `[x]` are its value.
  const bool star = Accept("*");
  const bool bracket = !star && Accept("[");
  equal.right = ParseOperand();
  if (bracket) Expect("]", "after the name of a location");
  if (!star && !bracket && equal.right.kind == Operand::Kind::kLocation) {
    equal.right = {.kind = Operand::Kind::kConstant, .number = test_.locations[static_cast<size_t>(equal.right.number)].address};
  }
  if (!differs) return equal;
  Proposition negation{.kind = Proposition::Kind::kNot};
  negation.parts.push_back(std::move(equal));
  return negation;
}

// "1:r1", "P1:r1", "x", "[x]", "a[1]", "&x", "-1".
Operand Parser::ParseOperand() {
  const unsigned line = token_.line;
  if (Accept("[")) {
    const Operand inner = ParseOperand();
    Expect("]", "after the name of a location");
    return inner;
  }
  if (Accept("&")) {
    const std::string name = TakeName("the name of a location");
    RemarkOnLocation(name);
    return {.kind = Operand::Kind::kConstant, .number = failed() ? 0 : test_.locations[LocationNamed(name)].address};
  }
  int64_t number = 0;
  if (!AtName()) {
    if (token_.kind != Token::Kind::kNumber && !At("-")) {
      FailHere("a location, a register or a number");
      return {};
    }
    if (!TakeNumber(&number)) return {};
    if (!Accept(":")) return {.kind = Operand::Kind::kConstant, .number = number};
    const std::string name = TakeName("the name of a register");
    return number < 0 ? Operand{} : RegisterOperand(static_cast<uint32_t>(number), name, line);
  }
  const std::string name = TakeName("a location or a register");
  if (name.size() > 1 && name[0] == 'P' && At(":")) {
    Advance();
    const std::string register_name = TakeName("the name of a register");
    for (const auto& process : test_.processes) {
      if (process->name == name) return RegisterOperand(process->number, register_name, line);
    }
    Fail(line, "there is no process " + name);
    return {};
  }
  if (Accept("[")) {
    TakeNumber(&number);
    Expect("]", "after the number of an element");
  }
  if (failed()) return {};
  if (name == "true" || name == "false") return {.kind = Operand::Kind::kConstant, .number = name == "true" ? 1 : 0};
  RemarkOnLocation(name);
  return {.kind = Operand::Kind::kLocation, .number = static_cast<int64_t>(ElementNamed(name, number))};
}

Operand Parser::RegisterOperand(uint32_t number, const std::string& name, unsigned line) {
  if (failed()) return {};
  if (number >= test_.processes.size()) {
    Fail(line, "there is no process " + std::to_string(number));
    return {};
  }
  process_ = test_.processes[number].get();
  const size_t index = RegisterNamed(name);
  RegisterInfo& info = process_->registers[index];
  info.observed = true;
  if (info.parameter) Remark(std::to_string(number) + ":" + name + " is a parameter, the address of " + name);
  process_ = nullptr;
  return {.kind = Operand::Kind::kRegister, .process = number, .index = index};
}

void Parser::Remark(const std::string& note) {
  if (std::find(test_.notes.begin(), test_.notes.end(), note) == test_.notes.end()) test_.notes.push_back(note);
}

void Parser::RemarkOnLocation(const std::string& name) {
  if (locations_.count(name) == 0) Remark("no process has a location " + name);
}

void Parser::Observe(const Operand& operand) {
  if (operand.kind == Operand::Kind::kConstant) return;
  const auto it = std::find(test_.observed.begin(), test_.observed.end(), operand);
  if (it == test_.observed.end()) test_.observed.push_back(operand);
}

void Parser::ObserveAll(const Proposition& proposition) {
  if (proposition.kind == Proposition::Kind::kEqual) {
    Observe(proposition.left);
    Observe(proposition.right);
  }
  for (const Proposition& part : proposition.parts) ObserveAll(part);
}

}  // namespace graze::litmus
