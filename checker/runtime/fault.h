// SPDX-License-Identifier: MIT
// Wild accesses of checked code that no operation saw (SIGSEGV, SIGBUS, SIGFPE) become violations instead of the end of the process.
#ifndef CHECKER_RUNTIME_FAULT_H_
#define CHECKER_RUNTIME_FAULT_H_

namespace graze::internal {

// Handlers are in place between the two calls; a fault outside checked code gets what was there before.
void InstallFaultHandlers();
void RemoveFaultHandlers();

}  // namespace graze::internal

#endif  // CHECKER_RUNTIME_FAULT_H_
