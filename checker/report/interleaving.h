// SPDX-License-Identifier: MIT
// The interleaving of an execution as a table: one column per simulated thread, time runs downwards.
#ifndef CHECKER_REPORT_INTERLEAVING_H_
#define CHECKER_REPORT_INTERLEAVING_H_

#include <cstddef>
#include <string>
#include <vector>

#include "checker/report/relevance.h"
#include "checker/verdict/violation.h"

namespace graze {

// A header line, then the rows; before them, if there is no room for the names of all threads, what the numbers at the heads of columns
// stand for. A step that needs more room than its column has reaches into those to the right, which are empty in its row, and goes on in
// a line of its own where that is not enough.
// Columns stand in the order in which their threads begin, those of `first` before all others.
std::vector<std::string> RenderInterleaving(const Trace& trace, const std::vector<FoldedRow>& rows, size_t width,
                                            const std::vector<std::string>& first = {});

// "cpu_map[0] 0 -> rcpu#1", "read rcpu#1.refcnt = 2  <- #14".
std::string DescribeStep(const TraceStep& step);

// "__cpu_map_entry_free cpumap.cc:148"; empty if unknown. Trace steps, blocked threads and violations all carry such a place.
std::string Place(const std::string& function, const std::string& file, unsigned line);

}  // namespace graze

#endif  // CHECKER_REPORT_INTERLEAVING_H_
