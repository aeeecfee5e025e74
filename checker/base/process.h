// SPDX-License-Identifier: MIT
// Running another program and reading what it says.
#ifndef CHECKER_BASE_PROCESS_H_
#define CHECKER_BASE_PROCESS_H_

#include <string>
#include <vector>

namespace graze {

// Where the standard error of the program goes.
enum class ErrorStream { kInherited, kWithOutput };

// Waits for the program; its standard output goes to `output`, to this program's standard error if that is null. The exit code, 127 if it
// cannot start, 128 and the signal's number if it is killed.
int RunProgram(const std::vector<std::string>& command, ErrorStream errors, std::string* output);

}  // namespace graze

#endif  // CHECKER_BASE_PROCESS_H_
