// SPDX-License-Identifier: MIT
// Acts out one process of a litmus test as a simulated thread, with the dependencies that its syntax shows.
//
// A register remembers the loads that its value was computed from, however pointless the computation (r ^ r). A branch governs what is done
// inside the branch taken, and nothing after the branches have joined again; a register assigned inside carries on what governed the
// assignment to later conditions, but to no value or address. So herd7 has it.
#ifndef CHECKER_LITMUS_INTERPRET_H_
#define CHECKER_LITMUS_INTERPRET_H_

#include "checker/litmus/test.h"

namespace graze::litmus {

inline constexpr char kRegisterTag[] = "litmus register";  // observation: process, register, value
inline constexpr char kErrorRule[] = "litmus";             // what a process may not do: the test cannot be judged

struct Run {
  const LitmusTest* test = nullptr;
  unsigned unroll = 2;
  bool cut_off = false;  // some execution needed more iterations, and was left out
};

// Runs on the calling simulated thread. Its registers' final values are observations, as far as clauses speak of them.
void RunProcess(const Process& process, Run* run);

}  // namespace graze::litmus

#endif  // CHECKER_LITMUS_INTERPRET_H_
