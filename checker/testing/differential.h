// SPDX-License-Identifier: MIT
// The engine against the oracles, one program at a time.
#ifndef CHECKER_TESTING_DIFFERENTIAL_H_
#define CHECKER_TESTING_DIFFERENTIAL_H_

#include <cstdint>
#include <string>

#include "checker/api/explore.h"
#include "checker/testing/generate.h"
#include "checker/testing/model.h"
#include "checker/testing/program.h"

namespace graze::proof {

// How a program is run on the engine. What the engine finds must not depend on it.
struct EngineSetup {
  Options options;
  bool join = false;  // the main thread joins the program's threads
};
// Varies scheduler, its seed, queue order, splitting into work items, self checks and the main thread with `number`.
EngineSetup VariedSetup(uint64_t number, Model model = Model::kSc);
std::string ToText(const EngineSetup& setup);

enum class Agreement : uint8_t { kEqual, kDifferent, kTooLarge };

struct Comparison {
  Agreement agreement = Agreement::kEqual;
  std::string difference;                            // what differs, with the text of the first graph on one side only
  bool by_graphs = false, by_interleavings = false;  // which oracles it was not too large for
  uint64_t graphs = 0;                               // complete ones, with and without blocked threads
  uint64_t events = 0;                               // of the largest of them that the engine found
  bool raced = false, used_after_free = false, blocked = false, hung = false, rcu_mattered = false, doomed = false;
  bool plain_coherence_mattered = false;
};

// Three explorers that share nothing but the canonical form of a graph: the engine, the oracle that builds graphs (oracle.cc), and the one
// that runs schedules (interleave.cc). A program that is too large for one oracle is compared with the other, one too large for both is
// left out. Equal means:
//  - a data race is reported if and only if some consistent graph has one; the rest is asked of race-free programs only, because a race
//    ends its branch of the search (but no graph is ever made up or reported twice);
//  - the graphs in which every thread finished are exactly the oracle's, each reported once;
//  - a graph with a blocked thread is one of the oracle's (the engine leaves out most of those that more scheduling would unblock);
//  - every graph in which the blocked threads wait for good is reported, up to what the waiting reads saw, and called a stall; so may
//    be a graph in which what the waiting reads saw shows that they wait for good; no other is;
//  - the finished graphs of all schedules are the same ones. Without a grace period, so are the deadlocks, and if every thread may give up
//    waiting, all graphs. With one, a schedule may end in a deadlock that no graph shows (oracle_test.cc has an example), but if a graph is
//    a stall then some schedule ends in a deadlock.
// Under other models than sc there are no schedules, and what is said of them is not asked.
// REQUIRES WellFormed(program), and a model of ModelFromName in setup.options.
Comparison Compare(const Program& program, const EngineSetup& setup);

// Shrinks `program` as long as the explorers differ under `setup`, and describes the result for a test failure.
std::string Explain(const Program& program, const EngineSetup& setup);

}  // namespace graze::proof

#endif  // CHECKER_TESTING_DIFFERENTIAL_H_
