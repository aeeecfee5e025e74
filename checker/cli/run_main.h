// SPDX-License-Identifier: MIT
// The whole program, for checker_main.cc and for tests.
#ifndef CHECKER_CLI_RUN_MAIN_H_
#define CHECKER_CLI_RUN_MAIN_H_

#include <ostream>

namespace graze {

// Runs the command that the arguments name, on the scenarios linked into the program, and returns the exit code.
int RunMain(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

}  // namespace graze

#endif  // CHECKER_CLI_RUN_MAIN_H_
