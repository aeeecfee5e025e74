// SPDX-License-Identifier: MIT
// Which steps of a trace explain its violation, when not all of them fit.
#ifndef CHECKER_REPORT_RELEVANCE_H_
#define CHECKER_REPORT_RELEVANCE_H_

#include <cstddef>
#include <vector>

#include "checker/verdict/violation.h"

namespace graze {

// Higher is kept longer.
enum class Relevance : unsigned char {
  kHidden,  // a word of the layer itself
  kBackground,
  kSwitch,         // first or last step of a thread's turn
  kCommunication,  // writes what another thread reads, or reads it
  kCall,           // calls of the scenario, their results, notes; threads that begin to be; grace periods
  kTurningPoint,   // synchronises with another thread, or is what an important step read from
  kSubject,        // changes the object of the violation
  kImportant,      // flagged by whoever recorded the trace
  kDecisive,       // nobody can follow the story without it: never folded
};

// Is it about threads that wait for ever? Else some may wait all the same, as a consumer does that has nothing more to do.
bool IsAboutAHang(const Violation& violation);

// One value per step of the trace. `named`: indices of steps that the text around the trace speaks of.
std::vector<Relevance> RankSteps(const Violation& violation, const std::vector<size_t>& named = {});

// A read that does not see the newest write before it in the trace: weak memory, which a table of steps cannot show otherwise.
struct StaleRead {
  size_t read = 0, missed = 0;  // indices into Trace::steps
};
std::vector<StaleRead> StaleReads(const Trace& trace);

// The step at which it goes wrong: the others matter less, the farther they are from it.
size_t FocusOf(const Violation& violation);

// One row of a folded trace: a step, or a run of steps left out.
struct FoldedRow {
  size_t step = 0;    // index into Trace::steps (the first one left out, for a fold)
  size_t folded = 0;  // 0: the step itself is shown; else how many visible ones are left out here
};

// The rows of at most `rows_max` lines that keep the most relevant steps, in trace order; more lines only if the decisive steps need them.
std::vector<FoldedRow> FoldSteps(const Violation& violation, size_t rows_max, const std::vector<size_t>& named = {});

// Every step, internal ones included.
std::vector<FoldedRow> AllSteps(const Trace& trace);

}  // namespace graze

#endif  // CHECKER_REPORT_RELEVANCE_H_
