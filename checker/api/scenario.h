// SPDX-License-Identifier: MIT
// A scenario: a small program whose every execution is explored, and what must hold in each of them.
#ifndef CHECKER_API_SCENARIO_H_
#define CHECKER_API_SCENARIO_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "checker/api/execution.h"
#include "checker/verdict/result.h"

namespace graze {

// A bound that may be set to something else than the scenario's own value (`check --bound-NAME=N`).
struct SettableBound {
  std::string name;  // as it is printed: "ring size"
  uint64_t own = 0, min = 0, max = 0;
};

// One way to run a scenario. `generation` and `configuration` are names for people and for selection on the command line; `arg` is handed
// to the body.
struct Variant {
  std::string generation;                       // "v5.9", or empty
  std::string configuration;                    // "start=ran stop=signal", or empty
  std::vector<Bound> bounds;                    // printed beside the verdict
  const void* arg = nullptr;                    // must outlive the registry
  std::vector<std::string> without_rules = {};  // of the scenario's rules, those that have nothing to check here
  std::vector<SettableBound> settable = {};     // of the bounds, those that are no part of the story
  // Makes of `variant` one with these values of its settable bounds, in their order; false with a line where they do not go together. Not
  // null where something is settable.
  bool (*rebound)(const Variant& variant, const std::vector<uint64_t>& values, Variant* changed, std::string* why_not) = nullptr;
  std::string bounds_set = {};  // "bulk=8 ring-size=4": which were set, and to what; a part of tokens
};

struct Scenario {
  std::string name;                                      // "Cpumap.EnqueueVsDelete"
  std::string summary;                                   // one line: who does what
  void (*body)(const Variant&) = nullptr;                // runs on simulated thread 0
  void (*at_end)(const Variant&, Execution&) = nullptr;  // may be null; called for each complete execution, and again
                                                         // when a violation is replayed
  std::vector<Variant> variants = {};                    // empty = one unnamed variant
  std::vector<std::string> rules = {};                   // invariants that must have had something to check (no vacuous pass)
  bool leak_check = true;  // a tracked object alive at the end of a finished execution is a violation of rule I-LEAK
};

// The invariants that must have had something to check in this variant.
std::vector<std::string> RulesOf(const Scenario& scenario, const Variant& variant);

// Every registered scenario, sorted by name; a duplicate name is an internal error. Registration is static (see GRAZE_SCENARIO).
std::vector<const Scenario*> RegisteredScenarios();
bool RegisterScenario(Scenario scenario);

// Maps a violation (with its trace) to an id of a bug catalogue, or "" if it is none of them. At most one classifier is registered.
struct CatalogueFacts {
  std::string id, title, fixed_by, cve;
};
struct Classifier {
  std::string (*classify)(const Violation&) = nullptr;
  const CatalogueFacts* (*facts)(const std::string& id) = nullptr;
};
void RegisterClassifier(Classifier classifier);
Classifier RegisteredClassifier();

// GRAZE_SCENARIO(StoreBuffering, "two threads store, then load the other's word") { ... }
#define GRAZE_SCENARIO(ident, summary_text)                                                                     \
  static void GrazeScenarioBody_##ident(const ::graze::Variant& variant);                                       \
  [[maybe_unused]] static const bool graze_scenario_registered_##ident =                                        \
      ::graze::RegisterScenario({.name = #ident, .summary = summary_text, .body = &GrazeScenarioBody_##ident}); \
  static void GrazeScenarioBody_##ident([[maybe_unused]] const ::graze::Variant& variant)

}  // namespace graze

#endif  // CHECKER_API_SCENARIO_H_
