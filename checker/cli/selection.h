// SPDX-License-Identifier: MIT
// Which scenarios, variants and memory models a command line means.
#ifndef CHECKER_CLI_SELECTION_H_
#define CHECKER_CLI_SELECTION_H_

#include <string>
#include <vector>

#include "checker/api/explore.h"
#include "checker/api/scenario.h"
#include "checker/cli/bounds.h"

namespace graze {

struct SelectedSearch {
  const Scenario* scenario = nullptr;
  const Variant* variant = nullptr;
  std::string memory_model;
};

struct SelectionRequest {
  std::string what = {};                        // part of a scenario's name, a catalogue id or a CVE; empty = everything
  std::vector<std::string> generations = {};    // empty = all
  std::vector<std::string> memory_models = {};  // empty = lkmm; "all" = every one
  std::string lkmm = {}, rw = {};               // which of its forms lkmm takes: "6.1" or empty, "deps" or empty
  std::string configuration = {};               // part of a configuration, or "none" for scenarios without one; empty = all
  bool thorough = false;                        // with what takes minutes
  BoundSettings bounds = {};                    // in place of the scenarios' own
};

// A search whose scenario does not take the bounds that were asked for.
struct NotTaken {
  SelectedSearch search;
  std::string why;
};

struct Selection {
  std::vector<SelectedSearch> searches;
  std::vector<SelectedSearch> left_out;  // to --thorough
  std::vector<NotTaken> not_taken;
  std::string bug;  // catalogue id, if that is what was asked for
};

// False with one line that says what was wrong and what there is instead.
bool Select(const SelectionRequest& request, Selection* selection, std::string* error);
bool SelectFrom(std::vector<const Scenario*> scenarios, const SelectionRequest& request, Selection* selection, std::string* error);

// The variants of a scenario; an unnamed one if it has none.
std::vector<const Variant*> VariantsOf(const Scenario& scenario);

// "Cpumap.Teardown v5.9 sc [start=ran]".
std::string Describe(const SelectedSearch& search);
// A line that says what was left out, and the command that does it as well. Empty if nothing was.
std::string RenderLeftOut(const std::vector<SelectedSearch>& left_out, const std::string& thorough_command);
// Lines about bounds that were set: that known verdicts are about others, and which searches do not take them. Empty if none was.
std::string RenderBoundsSet(const Selection& selection);

}  // namespace graze

#endif  // CHECKER_CLI_SELECTION_H_
