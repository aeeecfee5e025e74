// SPDX-License-Identifier: MIT
// What every benchmark of a search reports: executions and events per second of CPU time, and where that time goes (counters
// "in ..., %", by folder of the sources).
#ifndef CHECKER_BENCH_MEASURE_H_
#define CHECKER_BENCH_MEASURE_H_

#include <benchmark/benchmark.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "checker/api/explore.h"
#include "checker/bench/sampler.h"
#include "checker/runtime/symbolize.h"

namespace graze::internal {

// Divides by what the search spent, which is what an iteration is.
inline void Report(benchmark::State& state, const Result& last, uint64_t executions, uint64_t events) {
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
inline std::string Folder(const void* address) {
  const std::string file = Symbolize(static_cast<const char*>(address) + 1).file;  // as if it were a return address
  const size_t end = file.rfind('/');
  if (file.empty() || file[0] == '/' || end == std::string::npos) return "system";
  const size_t before = file.rfind('/', end - 1);
  const size_t begin = before == std::string::npos ? 0 : before + 1;
  const std::string folder = file.substr(begin, end - begin);
  return folder == "api" || folder == "bench" ? "checked code" : folder;
}

inline void ReportShares(benchmark::State& state, const Sampler& sampler) {
  std::map<std::string, double> shares;
  for (const void* address : sampler.samples()) shares[Folder(address)] += 100.0 / static_cast<double>(sampler.samples().size());
  for (const auto& [folder, share] : shares) state.counters["in " + folder + ", %"] = share;
}

inline void Measure(benchmark::State& state, const std::function<Result()>& explore) {
  uint64_t executions = 0;
  uint64_t events = 0;
  Result last;
  const Sampler sampler;
  for (auto _ : state) {
    last = explore();
    executions += last.executions + last.blocked;
    events += last.events;
  }
  Report(state, last, executions, events);
  ReportShares(state, sampler);
}

}  // namespace graze::internal

#endif  // CHECKER_BENCH_MEASURE_H_
