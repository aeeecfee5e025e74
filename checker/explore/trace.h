// SPDX-License-Identifier: MIT
// The trace of the execution that a search has just run along a schedule: its graph's insertion order is the order of the trace.
#ifndef CHECKER_EXPLORE_TRACE_H_
#define CHECKER_EXPLORE_TRACE_H_

#include <vector>

#include "checker/explore/explorer.h"
#include "checker/verdict/violation.h"

namespace graze::internal {

// REQUIRES Explorer::RunSchedule() with tracing on. `violation` decides which steps are important: those of the events `deciding`, or, if
// there are none, those at the position that it names.
Trace BuildTrace(const Explorer& explorer, const Violation& violation, const std::vector<Stamp>& deciding);

}  // namespace graze::internal

#endif  // CHECKER_EXPLORE_TRACE_H_
