// SPDX-License-Identifier: MIT
// Assertions about the checker itself. They are never compiled out: a checker with a silent internal error says "verified".
#ifndef CHECKER_BASE_CHECK_H_
#define CHECKER_BASE_CHECK_H_

namespace graze::internal {

// Prints "[checker bug]", the expression and the context (scenario, token so far) and ends the process with code 2.
[[noreturn]] void CheckFailed(const char* file, int line, const char* expression);
// Prints what the process was doing to stderr; set by whoever runs a search. Null clears it.
using CheckContext = void (*)();
void SetCheckContext(CheckContext context);

}  // namespace graze::internal

#define GRAZE_CHECK(expression) \
  (__builtin_expect(!!(expression), 1) ? (void)0 : ::graze::internal::CheckFailed(__FILE__, __LINE__, #expression))

#endif  // CHECKER_BASE_CHECK_H_
