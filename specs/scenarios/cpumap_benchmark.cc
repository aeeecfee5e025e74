// SPDX-License-Identifier: MIT
// Executions and events per second of CPU time on two scenarios: one with traffic against teardown, one with two producers.
#include <benchmark/benchmark.h>

#include "specs/scenarios/explore_for_test.h"

namespace specs {
namespace {

void Measure(benchmark::State& state, const char* scenario) {
  const Chosen chosen = Choose(scenario, "v5.9", "start=ran stop=signal");
  uint64_t executions = 0;
  uint64_t events = 0;
  for (auto _ : state) {
    const graze::Result result = ExploreChosen(chosen);
    if (result.verdict != graze::Verdict::kVerified) state.SkipWithError(result.reason.c_str());
    executions += result.executions + result.blocked;
    events += result.events;
    state.counters["events_max"] = static_cast<double>(result.events_max);
  }
  state.counters["executions/s"] = benchmark::Counter(static_cast<double>(executions), benchmark::Counter::kIsRate);
  state.counters["events/s"] = benchmark::Counter(static_cast<double>(events), benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(Measure, EnqueueVsDelete, "Cpumap.EnqueueVsDelete")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Measure, TwoProducers, "Cpumap.TwoProducers")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace specs
