// SPDX-License-Identifier: MIT
// I-PROG: a program's references add up: one from loading, one more for each entry that carries it, each given up once; it does not run
// when the last is gone; and when nothing is left of the map, only open descriptors hold any. More puts than gets are reported on the spot.
#include <algorithm>
#include <string_view>

#include "specs/invariants/invariants.h"

namespace specs {
namespace {

namespace observed = cpumap::observed;

struct Program {
  uint64_t prog;
  Moments gets, puts, runs, closed;
};

std::vector<Program> ProgramsOf(const graze::Execution& execution) {
  std::vector<Program> programs;
  for (const graze::Observation& moment : execution.observations()) {
    const std::string_view tag = moment.tag;
    if (tag == observed::kProgLoaded) programs.push_back({moment.a, {}, {}, {}, {}});
  }
  for (const graze::Observation& moment : execution.observations()) {
    const std::string_view tag = moment.tag;
    for (Program& program : programs) {
      if (program.prog != moment.a) continue;
      if (tag == observed::kProgGet) program.gets.push_back(&moment);
      if (tag == observed::kProgPut) program.puts.push_back(&moment);
      if (tag == observed::kProgClosed) program.closed.push_back(&moment);
      if (tag == observed::kProgRun) program.runs.push_back(&moment);
    }
  }
  return programs;
}

std::string Check(const History& history, const Program& program, const graze::Execution& execution) {
  for (const graze::Observation* put : program.puts) {
    if (put->b != 0) continue;
    const bool runs_on = std::ranges::any_of(program.runs, [&](const graze::Observation* run) { return !execution.Before(*run, *put); });
    if (runs_on) return "a program runs and its last reference is given up without waiting for that";
  }
  const auto carried = static_cast<size_t>(std::ranges::count_if(history.entries, [&](const EntryHistory& entry) {
    return entry.at_end.alive && reinterpret_cast<uintptr_t>(entry.at_end.prog) == program.prog;
  }));
  const size_t descriptors = program.closed.empty() ? 1 : 0;
  const size_t taken = program.gets.size() + 1, held = taken - std::min(taken, program.puts.size());
  if (execution.finished() && held != carried + descriptors) {
    return "a program has " + std::to_string(held) + " references, for " + std::to_string(carried) + " entries and " +
           std::to_string(descriptors) + " descriptors";
  }
  return "";
}

}  // namespace

void CheckPrograms(const History& history, graze::Execution& execution) {
  for (const Program& program : ProgramsOf(execution)) {
    const std::string broken = Check(history, program, execution);
    if (broken.empty()) {
      execution.CountCheck(kProg);
    } else {
      execution.Report(kProg, broken);
    }
  }
}

}  // namespace specs
