// SPDX-License-Identifier: MIT
// Which searches take minutes, and which speak of an environment that is nowhere.
#include "checker/cli/search_facts.h"

#include <algorithm>

namespace specs {
namespace {

struct Long {
  const char* scenario;
  const char* generation;
  const char* configuration;
  const char* memory_model;  // and its forms
};

// Each takes a minute or more of CPU time, the deletion a third of one. What stands beside it for a plain check: StressUpdates with one
// frame (`frames=1`); TwoTasks, where the same two tasks meet over one entry that stays, and break the same.
constexpr Long kLong[] = {
    {"Cpumap.StressUpdates", "v5.8", "start=ran stop=signal should_stop=acquire", "lkmm"},
    {"Cpumap.StressUpdates", "v5.8", "start=ran stop=signal should_stop=acquire", "rc11"},
    {"Cpumap.StressUpdates", "v5.9", "start=ran stop=signal should_stop=acquire", "lkmm"},
    {"Cpumap.StressUpdates", "v5.9", "start=ran stop=signal should_stop=acquire", "rc11"},
    {"Cpumap.TwoTasksDelete", "v7.1", "should_stop=acquire rt=no-bh-lock", "lkmm"},
    {"Cpumap.TwoTasksTwoEntries", "v7.1", "rt=no-bh-lock", "lkmm"},
};

// Of kernels with v7.1's cpumap.c: the request to stop signals the kthread in all of them.
constexpr char kNoSignal[] = "stop=no-signal";

graze::SearchFacts FactsOf(const std::string& scenario, const std::string& generation, const std::string& configuration,
                           const std::string& memory_model) {
  const bool takes_minutes = std::ranges::any_of(kLong, [&](const Long& each) {
    return each.scenario == scenario && each.generation == generation && each.configuration == configuration &&
           (each.memory_model == memory_model || memory_model.starts_with(std::string(each.memory_model) + "-"));
  });
  return {.takes_minutes = takes_minutes, .hypothetical = configuration.find(kNoSignal) == std::string::npos ? "" : kNoSignal};
}

[[maybe_unused]] const bool registered = graze::RegisterSearchFacts(&FactsOf);

}  // namespace
}  // namespace specs
