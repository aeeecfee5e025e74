// SPDX-License-Identifier: MIT
// `check --patch FILE`: the same searches with and without a patch, and what it changes.
#ifndef CHECKER_CLI_CHECK_PATCH_H_
#define CHECKER_CLI_CHECK_PATCH_H_

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "checker/cli/command.h"
#include "checker/cli/search_runner.h"
#include "checker/cli/selection.h"

namespace graze {

struct PatchCheck {
  std::string file, json;
  SelectionRequest selection;
  RunSettings run;
  std::vector<std::string> forwarded;  // flags of `run`, as the patched program takes them
  std::string thorough_command;        // this one with --thorough
  bool quiet = false;
};

// The exit code speaks about the patched program: 0 holds, 1 violation, 2 an unusable patch, 3 inconclusive.
int CheckPatch(const PatchCheck& check, const Terminal& terminal);

// ---- parts of it ----------------------------------------------------------------------------------------------------------------------

// One bug, or one unnamed mistake, in the reports before and after.
struct PatchFinding {
  std::string id;                          // catalogue id, or "unnamed"
  std::vector<std::string> before, after;  // invariants, sorted
};
// `before` and `after` are documents of `check --json`. In the order of ids.
std::vector<PatchFinding> ComparePatch(const nlohmann::ordered_json& before, const nlohmann::ordered_json& after);
// The searches whose verdicts differ as a table, the number of the others, and which bugs are gone, left and new.
std::string RenderPatchComparison(const nlohmann::ordered_json& before, const nlohmann::ordered_json& after, const std::string& generation);

}  // namespace graze

#endif  // CHECKER_CLI_CHECK_PATCH_H_
