// SPDX-License-Identifier: MIT
// The values at the end of one execution, and what the clauses of a test make of them.
#ifndef CHECKER_LITMUS_FINAL_STATE_H_
#define CHECKER_LITMUS_FINAL_STATE_H_

#include <cstdint>
#include <vector>

#include "checker/api/execution.h"
#include "checker/litmus/test.h"

namespace graze::litmus {

class FinalState {
 public:
  FinalState(const LitmusTest& test, const Execution& execution);

  int64_t ValueOf(const Operand& operand) const;
  bool Satisfies(const Proposition& proposition) const;
  // Of LitmusTest::observed.
  std::vector<int64_t> Observed() const;

 private:
  const LitmusTest& test_;
  const Execution& execution_;
  std::vector<std::vector<int64_t>> registers_;  // per process
};

}  // namespace graze::litmus

#endif  // CHECKER_LITMUS_FINAL_STATE_H_
