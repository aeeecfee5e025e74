// SPDX-License-Identifier: MIT
// XDP programs that entries carry. Loaded by the scenario's first thread, before it starts others.
#ifndef SPECS_ENVIRONMENT_ENTRY_PROGRAMS_H_
#define SPECS_ENVIRONMENT_ENTRY_PROGRAMS_H_

#include "model/cpumap/bpf.h"

namespace specs {

// Each returns a descriptor for Update().

// Passes every frame. 0, which is no program, where entries carry none.
int LoadPassingProgram();
// Does anything that needs no other entry: passes, drops, aborts, transmits, returns an action that does not exist, passes a frame without
// room for its header, redirects without a target. Every choice is explored.
int LoadErraticProgram();
// Redirects a frame to `key` when it comes for the first time, marked by a shorter packet, and passes it when it comes again.
int LoadRedirectingProgram(kernel::bpf_map* map, kernel::u32 key);

}  // namespace specs

#endif  // SPECS_ENVIRONMENT_ENTRY_PROGRAMS_H_
