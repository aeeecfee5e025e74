// SPDX-License-Identifier: MIT
// What a layer above the engine (a kernel layer, a port of some other runtime) may call: the operations of checked code.
#ifndef CHECKER_API_OPS_H_
#define CHECKER_API_OPS_H_

#include "checker/runtime/ops.h"

#endif  // CHECKER_API_OPS_H_
