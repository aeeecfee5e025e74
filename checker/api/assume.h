// SPDX-License-Identifier: MIT
// Narrowing the environment: executions in which the condition does not hold are left out, and counted as blocked.
//
// An assumption that hides a bug makes a verdict worthless, so state each one among the bounds of the scenario.
#ifndef CHECKER_API_ASSUME_H_
#define CHECKER_API_ASSUME_H_

#include <source_location>

#include "checker/api/site.h"
#include "checker/runtime/ops.h"

namespace graze {

inline void assume(bool condition, std::source_location where = std::source_location::current()) {
  Assume(condition, internal::SiteOf(where));
}

}  // namespace graze

#endif  // CHECKER_API_ASSUME_H_
