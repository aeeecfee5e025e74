// SPDX-License-Identifier: MIT
// Compares a number of programs, first the classics and then random ones of all modes, in several processes, and says now and then how far
// it is.
#ifndef CHECKER_TESTING_RANDOM_RUN_H_
#define CHECKER_TESTING_RANDOM_RUN_H_

#include <cstdint>
#include <string>

#include "checker/testing/census.h"
#include "checker/testing/model.h"

namespace graze::proof {

struct RandomRunOptions {
  Model model = Model::kSc;
  uint64_t programs = 1;
  uint64_t first_seed = 0;       // random program n has mode n % ModesOf(model) and seed first_seed + n / ModesOf(model)
  unsigned processes = 1;        // program n is compared by process n % processes; the set of programs does not depend on it
  uint64_t differences_max = 3;  // then it ends; differences are shrunk, which takes long
  bool self_check = true;        // let the engine check itself in some of the runs (VariedSetup)
  bool shrink = true;
  unsigned progress_seconds = 10;  // 0: no lines of progress
};

struct RandomRunResult {
  uint64_t done = 0;
  bool interrupted = false;  // by SIGINT or SIGTERM: fewer programs than wanted
  uint64_t differences = 0;  // a process that died counts as one: it was the engine that ended it
  Census census;
};

// Differences and progress are printed to stdout as they come.
RandomRunResult RunRandomPrograms(const RandomRunOptions& options);

}  // namespace graze::proof

#endif  // CHECKER_TESTING_RANDOM_RUN_H_
