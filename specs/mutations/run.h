// SPDX-License-Identifier: MIT
// Builds and runs mutants, and judges what they show.
#ifndef SPECS_MUTATIONS_RUN_H_
#define SPECS_MUTATIONS_RUN_H_

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "checker/cli/command.h"
#include "specs/mutations/mutation.h"

namespace specs {

struct MutationRunOptions {
  std::string build_folder;  // empty = the one this executable stands in
  std::string memory_model;  // empty = the weakest that shows each; rows that another one is needed for are left out
  std::string generation;    // empty = all
  std::string not_of = {};   // leaves out mutations that this generation has as well; empty = none
  double seconds_max = 300;  // per scenario
};

enum class PairOutcome : uint8_t {
  kAsExpected,
  kDifferent,     // from what the file says, or it does not build
  kInconclusive,  // a budget ran out
  kBroken,        // it could not be judged: an internal error, a scenario at fault, a mutant killed
};

struct PairResult {
  std::string mutation = {}, generation = {};
  bool left_out = false;  // not run, and not counted
  PairOutcome outcome = PairOutcome::kDifferent;
  std::string summary = {};  // "I-UAF in Cpumap.UpdateDelete", or what went wrong
  std::vector<std::string> tokens = {};
  std::vector<graze::MutantSearch> searches = {};
  double seconds = 0;
};

// Runs the pairs of `selection`: an id, or "all". Unknown ids give an empty result and an error.
std::vector<PairResult> RunMutations(const std::string& selection, const MutationRunOptions& options, std::string* error);

// 0 if each pair is as expected (and there is one), 2 if one is broken, else 1 if one is different, else 3.
int ExitCodeOf(const std::vector<PairResult>& results);

// `graze check --mutation SELECTION`: runs, prints a table and "N/N pairs"; the exit code of the command. `report`, if given, comes to hold
// what was found.
int CheckMutations(const std::string& selection, const MutationRunOptions& options, std::ostream& out, std::ostream& errors,
                   graze::MutationReport* report = nullptr);

}  // namespace specs

#endif  // SPECS_MUTATIONS_RUN_H_
