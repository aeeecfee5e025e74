// SPDX-License-Identifier: MIT
// The invariants of the map, one file each. They judge a complete execution from what was observed in it; what must be seen the moment it
// happens is reported by the engine or the kernel layer under the same names.
#ifndef SPECS_INVARIANTS_INVARIANTS_H_
#define SPECS_INVARIANTS_INVARIANTS_H_

#include "checker/api/execution.h"
#include "specs/invariants/history.h"

namespace specs {

inline constexpr char kRef[] = "I-REF";
inline constexpr char kSingleFree[] = "I-SINGLE-FREE";
inline constexpr char kOnce[] = "I-ONCE";
inline constexpr char kEmpty[] = "I-EMPTY";
inline constexpr char kLive[] = "I-LIVE";
inline constexpr char kLeak[] = "I-LEAK";
inline constexpr char kUaf[] = "I-UAF";
inline constexpr char kFifo[] = "I-FIFO";
inline constexpr char kRace[] = "I-RACE";

// Each reports what breaks its invariant and counts what it had to check.
void CheckReferences(const History& history, graze::Execution& execution);
void CheckSingleFree(const History& history, graze::Execution& execution);
void CheckOnce(const History& history, graze::Execution& execution);
void CheckEmpty(const History& history, graze::Execution& execution);
void CheckLive(const History& history, graze::Execution& execution);
void CheckLeak(const History& history, graze::Execution& execution);
void CheckUseAfterFree(const History& history, graze::Execution& execution);
void CheckFifo(const History& history, graze::Execution& execution);
void CheckRace(const History& history, graze::Execution& execution);

// The clause of I-LIVE for scenarios that leave the map in use: no kthread is left asleep with frames in its ring.
void CheckNoSleepOnFrames(const History& history, graze::Execution& execution);

void CheckAll(const History& history, graze::Execution& execution);

}  // namespace specs

#endif  // SPECS_INVARIANTS_INVARIANTS_H_
