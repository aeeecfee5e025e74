// SPDX-License-Identifier: MIT
// For tests: finding a registered scenario's variant and exploring it.
#ifndef SPECS_SCENARIOS_EXPLORE_FOR_TEST_H_
#define SPECS_SCENARIOS_EXPLORE_FOR_TEST_H_

#include <algorithm>
#include <string>
#include <vector>

#include "checker/api/explore.h"
#include "checker/api/scenario.h"

namespace specs {

struct Chosen {
  const graze::Scenario* scenario = nullptr;
  const graze::Variant* variant = nullptr;  // null: there is none
};

inline Chosen Choose(const std::string& name, const std::string& generation, const std::string& configuration) {
  for (const graze::Scenario* scenario : graze::RegisteredScenarios()) {
    if (scenario->name != name) continue;
    for (const graze::Variant& variant : scenario->variants) {
      if (variant.generation == generation && variant.configuration == configuration) return {scenario, &variant};
    }
  }
  return {};
}

inline graze::Result ExploreChosen(const Chosen& chosen, const std::string& memory_model = "sc") {
  graze::Options options;
  options.memory_model = memory_model;
  return graze::Explore(*chosen.scenario, *chosen.variant, options);
}

// "I-LEAK/D01", "I-UAF/-", sorted.
inline std::vector<std::string> ViolationsOf(const graze::Result& result) {
  std::vector<std::string> all;
  for (const graze::Violation& violation : result.violations) {
    all.push_back(violation.rule + "/" + (violation.catalogue_id.empty() ? "-" : violation.catalogue_id));
  }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace specs

#endif  // SPECS_SCENARIOS_EXPLORE_FOR_TEST_H_
