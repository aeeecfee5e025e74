// SPDX-License-Identifier: MIT
// Runs searches, each in a process of its own, a few at a time. A crash costs one search, not the others.
#ifndef CHECKER_CLI_SEARCH_RUNNER_H_
#define CHECKER_CLI_SEARCH_RUNNER_H_

#include <cstdint>
#include <vector>

#include "checker/cli/progress.h"
#include "checker/cli/selection.h"
#include "checker/report/table.h"

namespace graze {

struct RunSettings {
  unsigned jobs = 1;            // processes at a time; 0 = all in this process, for debuggers
  double seconds_max = 0;       // for all searches together; 0 = no bound. Each gets an equal part of what is left when it begins.
  uint64_t executions_max = 0;  // per search; 0 = no bound
};

// The results in the order of `selected`, whatever the order in which they came. Once Interrupted() it ends, with what was found so far.
std::vector<Search> RunSearches(const std::vector<SelectedSearch>& selected, const RunSettings& settings, ProgressLine* progress);

// Names the known bugs among the violations that have no id yet.
void Classify(Result* result);

}  // namespace graze

#endif  // CHECKER_CLI_SEARCH_RUNNER_H_
