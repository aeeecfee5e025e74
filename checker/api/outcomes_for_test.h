// SPDX-License-Identifier: MIT
// For tests: which results a program can have, over all its executions.
#ifndef CHECKER_API_OUTCOMES_FOR_TEST_H_
#define CHECKER_API_OUTCOMES_FOR_TEST_H_

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "checker/api/graze.h"

namespace graze::testing {

inline constexpr const char* kOutcomeTag = "outcome";

// Adds a value to the result of this execution. Call it from one thread only.
template <typename... Values>
void Outcome(Values... values) {
  (Observe(kOutcomeTag, static_cast<uint64_t>(values)), ...);
}

struct Outcomes {
  Result result;
  std::map<std::vector<uint64_t>, uint64_t> counts;  // result of an execution -> number of executions

  std::vector<std::vector<uint64_t>> Distinct() const {
    std::vector<std::vector<uint64_t>> found;
    for (const auto& [outcome, count] : counts) found.push_back(outcome);
    return found;
  }
};

namespace internal {

struct Collector {
  std::function<void()> body;
  Outcomes* outcomes;
};

inline void RunBody(const Variant& variant) { static_cast<const Collector*>(variant.arg)->body(); }

inline void Collect(const Variant& variant, Execution& execution) {
  std::vector<uint64_t> outcome;
  for (const Observation& each : execution.observations()) {
    if (std::string(each.tag) == kOutcomeTag) outcome.push_back(each.a);
  }
  ++static_cast<const Collector*>(variant.arg)->outcomes->counts[std::move(outcome)];
}

}  // namespace internal

inline Outcomes ExploreOutcomes(std::function<void()> body, const Options& options = {}) {
  Outcomes outcomes;
  const internal::Collector collector{std::move(body), &outcomes};
  Scenario scenario;
  scenario.name = "Test.Outcomes";
  scenario.summary = "a program of a test";
  scenario.body = &internal::RunBody;
  scenario.at_end = &internal::Collect;
  Variant variant;
  variant.arg = &collector;
  outcomes.result = Explore(scenario, variant, options);
  return outcomes;
}

// One line per violation, for failure messages.
inline std::string Describe(const Result& result) {
  std::string text = std::string(ToString(result.verdict)) + " " + result.reason + " executions=" + std::to_string(result.executions) +
                     " blocked=" + std::to_string(result.blocked);
  for (const Violation& each : result.violations) {
    text += "\n  " + std::string(ToString(each.kind)) + " [" + each.rule + "] " + each.message + " at " + each.file + ":" +
            std::to_string(each.line) + " x" + std::to_string(each.count);
  }
  return text;
}

}  // namespace graze::testing

#endif  // CHECKER_API_OUTCOMES_FOR_TEST_H_
