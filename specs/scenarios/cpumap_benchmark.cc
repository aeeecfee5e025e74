// SPDX-License-Identifier: MIT
// Two scenarios, one with traffic against teardown and one with two producers: their rates, and where the time goes.
#include "checker/bench/measure.h"
#include "specs/scenarios/explore_for_test.h"

namespace specs {
namespace {

void Measure(benchmark::State& state, const char* scenario) {
  const Chosen chosen = Choose(scenario, "v5.9", "start=ran stop=signal should_stop=acquire");
  graze::internal::Measure(state, [&] {
    graze::Result result = ExploreChosen(chosen);
    if (result.verdict != graze::Verdict::kVerified) state.SkipWithError(result.reason.c_str());
    return result;
  });
}

BENCHMARK_CAPTURE(Measure, EnqueueVsDelete, "Cpumap.EnqueueVsDelete")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Measure, TwoProducers, "Cpumap.TwoProducers")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace specs
