// SPDX-License-Identifier: MIT
// Executions and events per second of CPU time, and where that time goes (counters "in ..., %", by folder of the sources).
//
// The counted programs are always measured, some of them under every memory model against sequential consistency ("times sc": CPU time per
// execution, which doomed graphs take time of and are none; the name begins with the model). The environment variable
// GRAZE_BENCHMARK_SCENARIOS, a substring of "SCENARIO generation configuration", adds every registered scenario it matches; link the
// scenarios in to measure them.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <functional>
#include <string>
#include <utility>

#include "checker/api/graze.h"
#include "checker/bench/against_sc.h"
#include "checker/bench/counted_programs.h"
#include "checker/bench/measure.h"

namespace graze {
namespace {

Options MeasuredOptions() {
  Options options;
  options.keep_traces = false;
  return options;
}

void AddProgram(const std::string& name, std::function<void()> body) {
  benchmark::RegisterBenchmark(name.c_str(), [body = std::move(body)](benchmark::State& state) {
    internal::Measure(state, [&] { return Explore(body, MeasuredOptions()); });
  })->Unit(benchmark::kMillisecond);
}

void AddPrograms() {
  AddProgram("fetch_add(5)", [] { programs::FetchAdd(5); });
  AddProgram("lock(5)", [] { programs::LockOnce(5); });
  AddProgram("locked_counter(3x3)", [] { programs::LockedCounter(3, 3); });
  AddProgram("casw(4)", [] { programs::Casw(4); });
  AddProgram("lastzero(10)", [] { programs::LastZero(10); });
  AddProgram("readers(13)", [] { programs::Readers(13); });
  AddProgram("store_buffering(4)", [] { programs::StoreBuffering(4); });
  AddProgram("ring(2x2)", [] { programs::Ring(programs::RingConsumer::kStopsWhenEmpty); });
  AddProgram("ring_waiting(2x2)", [] { programs::Ring(programs::RingConsumer::kWaits); });
  AddProgram("treiber(3+1)", [] { programs::TreiberStack(3, programs::Popper::kRetries); });
}

void AddProgram(const std::string& model, const std::string& name, std::function<void()> body) {
  benchmark::RegisterBenchmark((model + " " + name).c_str(),
                               [body = std::move(body), model](benchmark::State& state) { internal::MeasureAgainstSc(state, body, model); })
      ->Unit(benchmark::kMillisecond)
      ->UseManualTime();
}

void AddModels() {
  for (const std::string& model : MemoryModelNames()) {
    if (model == "sc") continue;
    AddProgram(model, "atomic_inc_return(6)", [] { programs::AtomicIncReturn(6); });
    AddProgram(model, "spin_lock(5)", [] { programs::LockedCounter(5, 1); });
    AddProgram(model, "casw(4)", [] { programs::Casw(4); });
    AddProgram(model, "lastzero(8)", [] { programs::LastZero(8); });
    AddProgram(model, "readers(8)", [] { programs::Readers(8); });
    AddProgram(model, "store_buffering(4)", [] { programs::StoreBuffering(4); });
    AddProgram(model, "big0(2)", [] { programs::Big0(2); });
    AddProgram(model, "fibonacci(3)", [] { programs::Fibonacci(3); });
    AddProgram(model, "treiber(3+1)", [] { programs::TreiberStack(3, programs::Popper::kRetries); });
  }
}

void AddScenario(const Scenario& scenario, const Variant& variant, const std::string& filter) {
  const std::string name = scenario.name + " " + variant.generation + " " + variant.configuration;
  if (name.find(filter) == std::string::npos) return;
  benchmark::RegisterBenchmark(name.c_str(), [&scenario, variant](benchmark::State& state) {
    internal::Measure(state, [&] { return Explore(scenario, variant, MeasuredOptions()); });
  })->Unit(benchmark::kMillisecond);
}

void AddScenarios(const std::string& filter) {
  for (const Scenario* scenario : RegisteredScenarios()) {
    if (scenario->variants.empty()) AddScenario(*scenario, Variant{}, filter);
    for (const Variant& variant : scenario->variants) AddScenario(*scenario, variant, filter);
  }
}

}  // namespace
}  // namespace graze

int main(int argc, char** argv) {
  graze::AddPrograms();
  graze::AddModels();
  const char* filter = std::getenv("GRAZE_BENCHMARK_SCENARIOS");
  if (filter != nullptr) graze::AddScenarios(filter);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
