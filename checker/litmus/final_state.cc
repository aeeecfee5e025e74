// SPDX-License-Identifier: MIT
#include "checker/litmus/final_state.h"

#include <algorithm>

#include "checker/litmus/interpret.h"

namespace graze::litmus {

FinalState::FinalState(const LitmusTest& test, const Execution& execution) : test_(test), execution_(execution) {
  for (const auto& process : test.processes) registers_.emplace_back(process->registers.size());
  for (const Observation& observation : execution.observations()) {
    if (observation.tag == kRegisterTag) registers_[observation.a][observation.b] = static_cast<int64_t>(observation.c);
  }
}

int64_t FinalState::ValueOf(const Operand& operand) const {
  switch (operand.kind) {
    case Operand::Kind::kConstant: return operand.number;
    case Operand::Kind::kRegister: return registers_[operand.process][operand.index];
    case Operand::Kind::kLocation: break;
  }
  const auto location = static_cast<size_t>(operand.number);
  uint64_t value = 0;
  if (execution_.FinalValue(reinterpret_cast<const void*>(test_.locations[location].address), &value)) return static_cast<int64_t>(value);
  return test_.locations[location].initial;
}

bool FinalState::Satisfies(const Proposition& proposition) const {
  const auto holds = [&](const Proposition& part) { return Satisfies(part); };
  const std::vector<Proposition>& parts = proposition.parts;
  switch (proposition.kind) {
    case Proposition::Kind::kTrue: return true;
    case Proposition::Kind::kFalse: return false;
    case Proposition::Kind::kEqual: return ValueOf(proposition.left) == ValueOf(proposition.right);
    case Proposition::Kind::kNot: return !Satisfies(parts[0]);
    case Proposition::Kind::kAnd: return std::all_of(parts.begin(), parts.end(), holds);
    case Proposition::Kind::kOr: return std::any_of(parts.begin(), parts.end(), holds);
    case Proposition::Kind::kImplies: return !Satisfies(parts[0]) || Satisfies(parts[1]);
  }
  return false;
}

std::vector<int64_t> FinalState::Observed() const {
  std::vector<int64_t> values;
  for (const Operand& operand : test_.observed) values.push_back(ValueOf(operand));
  return values;
}

}  // namespace graze::litmus
