// SPDX-License-Identifier: MIT
// Executions and events per second of CPU time, and where that time goes (counters "in ..., %", by folder of the sources).
//
// The counted programs are always measured. The environment variable GRAZE_BENCHMARK_SCENARIOS, a substring of "SCENARIO generation
// configuration", adds every registered scenario it matches; link the scenarios in to measure them.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "checker/api/graze.h"
#include "checker/bench/counted_programs.h"
#include "checker/bench/sampler.h"
#include "checker/runtime/symbolize.h"

namespace graze {
namespace {

// Divides by what the search spent, which is what an iteration is.
void Report(benchmark::State& state, const Result& last, uint64_t executions, uint64_t events) {
  using benchmark::Counter;
  if (last.verdict == Verdict::kError) state.SkipWithError(last.reason.c_str());
  state.counters["executions/s"] = Counter(static_cast<double>(executions), Counter::kIsRate);
  state.counters["events/s"] = Counter(static_cast<double>(events), Counter::kIsRate);
  state.counters["executions"] = static_cast<double>(last.executions);
  state.counters["blocked"] = static_cast<double>(last.blocked);
  state.counters["visits"] = static_cast<double>(last.visits);
  state.counters["events_max"] = static_cast<double>(last.events_max);
}

// "checker/explore/revisit.cc" -> "explore". What a header of the standard library costs is its caller's, what the user API costs is the
// checked code's; compiled library code is "system".
std::string Folder(const void* address) {
  const std::string file = Symbolize(static_cast<const char*>(address) + 1).file;  // as if it were a return address
  const size_t end = file.rfind('/');
  if (file.empty() || file[0] == '/' || end == std::string::npos) return "system";
  const size_t before = file.rfind('/', end - 1);
  const size_t begin = before == std::string::npos ? 0 : before + 1;
  const std::string folder = file.substr(begin, end - begin);
  return folder == "api" || folder == "bench" ? "checked code" : folder;
}

void ReportShares(benchmark::State& state, const internal::Sampler& sampler) {
  std::map<std::string, double> shares;
  for (const void* address : sampler.samples()) shares[Folder(address)] += 100.0 / static_cast<double>(sampler.samples().size());
  for (const auto& [folder, share] : shares) state.counters["in " + folder + ", %"] = share;
}

void Measure(benchmark::State& state, const std::function<Result()>& explore) {
  uint64_t executions = 0;
  uint64_t events = 0;
  Result last;
  const internal::Sampler sampler;
  for (auto _ : state) {
    last = explore();
    executions += last.executions + last.blocked;
    events += last.events;
  }
  Report(state, last, executions, events);
  ReportShares(state, sampler);
}

Options MeasuredOptions() {
  Options options;
  options.keep_traces = false;
  return options;
}

void AddProgram(const std::string& name, std::function<void()> body) {
  benchmark::RegisterBenchmark(name.c_str(), [body = std::move(body)](benchmark::State& state) {
    Measure(state, [&] { return Explore(body, MeasuredOptions()); });
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

void AddScenario(const Scenario& scenario, const Variant& variant, const std::string& filter) {
  const std::string name = scenario.name + " " + variant.generation + " " + variant.configuration;
  if (name.find(filter) == std::string::npos) return;
  benchmark::RegisterBenchmark(name.c_str(), [&scenario, variant](benchmark::State& state) {
    Measure(state, [&] { return Explore(scenario, variant, MeasuredOptions()); });
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
  const char* filter = std::getenv("GRAZE_BENCHMARK_SCENARIOS");
  if (filter != nullptr) graze::AddScenarios(filter);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
