// SPDX-License-Identifier: MIT
// An XDP program that does not keep the contract of the redirect helper, on a driver that does everything right.
#ifndef SPECS_ENVIRONMENT_SLOPPY_PROGRAM_H_
#define SPECS_ENVIRONMENT_SLOPPY_PROGRAM_H_

#include "model/cpumap/bpf.h"

namespace specs {

// One program run inside a poll: asks for a redirect to `key`, then lets the packet pass.
void AskThenPass(kernel::bpf_map* map, kernel::u32 key);

// One packet inside a poll whose program, `prog`, returns the redirect code without having asked for a target: 0 or the negative errno.
int RedirectWithoutAsking(kernel::bpf_prog* prog);

}  // namespace specs

#endif  // SPECS_ENVIRONMENT_SLOPPY_PROGRAM_H_
