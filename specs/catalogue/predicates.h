// SPDX-License-Identifier: MIT
// One predicate per catalogue entry that can be recognised.
#ifndef SPECS_CATALOGUE_PREDICATES_H_
#define SPECS_CATALOGUE_PREDICATES_H_

#include "checker/verdict/violation.h"

namespace specs {

bool IsEntryLeakedByEarlyStop(const graze::Violation& violation);  // D01
bool IsFrameLostByEarlyStop(const graze::Violation& violation);    // D02
bool IsStopRequestLost(const graze::Violation& violation);         // D15
bool IsExitDecidedByAnOldLook(const graze::Violation& violation);  // D33
bool IsUnsetQueueRead(const graze::Violation& violation);          // D18
bool IsStaleTargetUsed(const graze::Violation& violation);         // D20
bool IsForeignListChanged(const graze::Violation& violation);      // D24
bool IsHandedOnTooEarly(const graze::Violation& violation);        // D46
bool IsFlushForgotten(const graze::Violation& violation);          // D25
bool IsFlushBitLeft(const graze::Violation& violation);            // D05
bool IsMapFreedUnderFlush(const graze::Violation& violation);      // D06
bool IsEntryFreedUnderFlush(const graze::Violation& violation);    // D07
bool IsQueueRacedByCallback(const graze::Violation& violation);    // D08
bool IsSharedInfoUnaligned(const graze::Violation& violation);     // D12
bool IsSharedInfoBeyond(const graze::Violation& violation);        // D13
bool IsImpossibleCpuAsked(const graze::Violation& violation);      // D17
bool IsStaleMapUsed(const graze::Violation& violation);            // D21
bool IsOfflineQueueForgotten(const graze::Violation& violation);   // D34
bool IsDeviceGone(const graze::Violation& violation);              // D35
bool IsWakeUpLost(const graze::Violation& violation);              // D14

}  // namespace specs

#endif  // SPECS_CATALOGUE_PREDICATES_H_
