// SPDX-License-Identifier: MIT
// Acts out one process of a litmus test as a simulated thread, with the dependencies that its syntax shows.
//
// A register remembers the loads that its value was computed from, however pointless the computation (r ^ r). A branch governs what is done
// inside the branch taken, and nothing after the branches have joined again; a register assigned inside carries on what governed the
// assignment to later conditions, but to no value or address. So herd7 has it.
#ifndef CHECKER_LITMUS_INTERPRET_H_
#define CHECKER_LITMUS_INTERPRET_H_

#include <cstdint>
#include <vector>

#include "checker/litmus/test.h"

namespace graze::litmus {

inline constexpr char kRegisterTag[] = "litmus register";  // observation: process, register, value
inline constexpr char kErrorRule[] = "litmus";             // what a process may not do: the test cannot be judged

inline constexpr char kFlagTag[] = "litmus flag";  // observation: a Flag

// What the model objects to in an execution that it judges all the same.
enum class Flag : uint8_t {
  kUnmatchedRcuUnlock,
  kUnmatchedSrcuLock,
  kUnmatchedSrcuUnlock,
  kMultipleSrcuMatches,
  kSrcuBadNesting,
  kSrcuBadValueMatch,
  kInvalidSleep,
};
// Its name in the newest model, or in that of Linux 6.1.
const char* NameOf(Flag flag, bool newest);

// Ways in which some execution used a location.
struct LocationUse {
  const SourceSite* as_memory = nullptr;  // one of the places
  bool as_lock = false;
  bool as_domain = false;  // of sleepable RCU
};

struct Run {
  const LitmusTest* test = nullptr;
  unsigned unroll = 2;
  std::vector<LocationUse> uses;  // by number of the location
  bool cookies_match = true;      // the model pairs sections of sleepable RCU by their cookies, rather than by nesting
  bool cut_off = false;           // some execution needed more iterations, and was left out
};

// Runs on the calling simulated thread. Its registers' final values are observations, as far as clauses speak of them.
void RunProcess(const Process& process, Run* run);

}  // namespace graze::litmus

#endif  // CHECKER_LITMUS_INTERPRET_H_
