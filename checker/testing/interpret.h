// SPDX-License-Identifier: MIT
// Runs a program of program.h as checked code on the engine and brings the graphs that the engine reports into canonical form.
#ifndef CHECKER_TESTING_INTERPRET_H_
#define CHECKER_TESTING_INTERPRET_H_

#include <cstdint>
#include <string>
#include <vector>

#include "checker/api/explore.h"
#include "checker/testing/canonical.h"
#include "checker/testing/program.h"

namespace graze::proof {

struct EngineGraph {
  uint64_t hash = 0;
  uint64_t core = 0;
  bool blocked = false;
  bool waits_shown = true;  // every read at which a thread is blocked is part of the graph, so that `hash` is comparable
  bool hopeless = false;
  uint32_t events = 0;  // those that count in canonical form
  std::string text;     // filled on request
};

struct EngineOutcome {
  Result result;
  std::vector<EngineGraph>
      graphs;          // as reported, in order: duplicates stay visible. Graphs that end in a race or a use after free are left out.
  bool raced = false;  // a data race was reported
  bool used_after_free = false;  // or a second free
  bool stalled = false;          // a deadlock or a hung task was reported
  std::string other_violation;   // anything else that was reported: programs of this language cannot fail in another way
};

// REQUIRES WellFormed(program). The main thread creates the program's threads, and joins them if `join` is set. options.on_graph is taken.
EngineOutcome RunOnEngine(const Program& program, Options options, bool join, bool keep_text = false);

}  // namespace graze::proof

#endif  // CHECKER_TESTING_INTERPRET_H_
