// SPDX-License-Identifier: MIT
// What a memory model costs: its CPU time per execution in multiples of what sequential consistency takes for one of the same program. The
// two are explored in turns, so that a machine that is busy with something else slows down both.
#ifndef CHECKER_BENCH_AGAINST_SC_H_
#define CHECKER_BENCH_AGAINST_SC_H_

#include <benchmark/benchmark.h>

#include <cstdint>
#include <ctime>
#include <functional>
#include <string>

#include "checker/api/explore.h"

namespace graze::internal {

struct TimedSearches {
  Result last;
  uint64_t executions = 0;
  double seconds = 0;  // of CPU time

  double Explore(const std::function<void()>& body, const std::string& model) {
    Options options;
    options.memory_model = model;
    options.keep_traces = false;
    const std::clock_t begin = std::clock();
    last = graze::Explore(body, options);
    const double passed = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    seconds += passed;
    executions += last.executions + last.blocked;
    return passed;
  }
  double PerExecution() const { return seconds / static_cast<double>(executions); }
};

// REQUIRES UseManualTime(): an iteration is one search under `model`.
inline void MeasureAgainstSc(benchmark::State& state, const std::function<void()>& body, const std::string& model) {
  TimedSearches sc, weak;
  for (auto _ : state) {
    sc.Explore(body, "sc");
    state.SetIterationTime(weak.Explore(body, model));
  }
  if (weak.last.verdict != Verdict::kVerified) return state.SkipWithError(weak.last.reason.c_str());
  state.counters["executions/s"] = 1 / weak.PerExecution();
  state.counters["executions"] = static_cast<double>(weak.last.executions);
  state.counters["blocked"] = static_cast<double>(weak.last.blocked);
  state.counters["doomed"] = static_cast<double>(weak.last.doomed);  // no executions; their time is part of what an execution costs
  state.counters["visits"] = static_cast<double>(weak.last.visits);
  state.counters["under sc"] = static_cast<double>(sc.last.executions);
  state.counters["times sc"] = weak.PerExecution() / sc.PerExecution();
}

}  // namespace graze::internal

#endif  // CHECKER_BENCH_AGAINST_SC_H_
