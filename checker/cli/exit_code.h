// SPDX-License-Identifier: MIT
// What a command tells its caller.
#ifndef CHECKER_CLI_EXIT_CODE_H_
#define CHECKER_CLI_EXIT_CODE_H_

namespace graze {

enum ExitCode : int {
  kExitHolds = 0,  // within the stated bounds
  kExitViolation = 1,
  kExitUsage = 2,         // wrong usage, a scenario at fault, or an internal error
  kExitInconclusive = 3,  // a budget ran out, or it was interrupted
  kExitSkipped = 4,
  kExitNondeterministic = 5,  // the code under test
};

}  // namespace graze

#endif  // CHECKER_CLI_EXIT_CODE_H_
