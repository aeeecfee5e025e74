// SPDX-License-Identifier: MIT
// Brute force: every consistent execution graph of a small program under a memory model with RCU, found without any cleverness that could
// be wrong in the same way as the engine. Independent of checker/explore, consistency, runtime and graph.
#ifndef CHECKER_TESTING_ORACLE_H_
#define CHECKER_TESTING_ORACLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "checker/testing/canonical.h"
#include "checker/testing/model.h"
#include "checker/testing/program.h"

namespace graze::proof {

struct OracleOptions {
  Model model = Model::kSc;
  size_t graphs_max = 60'000;  // distinct graphs tried; a larger program is given up as too large
  bool keep_text = false;      // fill CompleteGraph::text, reads and last
  // The other way of adding events: every read reads the newest write and every write becomes the newest one. Under sequential consistency
  // each graph still arises, by adding its events in an order that explains it; far fewer graphs are tried in vain. Only there.
  bool newest_only = false;
};

struct CompleteGraph {
  uint64_t hash = 0;
  uint64_t core = 0;     // without the reads at which threads are blocked (CanonicalGraph::CoreHash)
  bool blocked = false;  // some thread did not finish
  // Blocked for good in a fair execution: every blocked thread, when it reads the newest write that it can consistently read, is not
  // satisfied; neither is any thread able to go on once everything behind the grace periods that these threads hold back is taken out.
  // Depends on `core` only: the other blocked reads are taken out first.
  bool hung = false;
  // The same with the other blocked reads left where they are. What they saw may show that a section began before a grace period, so this
  // can hold where `hung` does not.
  bool hung_as_seen = false;
  bool raced = false;
  bool used_after_free = false;
  std::string text;
  std::vector<uint32_t> reads;                 // values of all reads, thread by thread
  std::array<uint32_t, kLocations> last = {};  // of each location
};

struct OracleResult {
  bool too_large = false;             // nothing else is meaningful then
  std::vector<CompleteGraph> graphs;  // each once, sorted by hash
  uint64_t partial = 0;               // consistent graphs visited, complete ones included
  uint64_t tried = 0;                 // graphs tested for consistency
  uint64_t rcu_tested = 0;            // of them tested for the RCU axiom
  uint64_t rcu_rejected = 0;          // consistent otherwise, but forbidden by the RCU axiom
  uint64_t rcu_disagreed = 0;         // the two forms of the RCU axiom differ: always 0
  uint64_t plain_rejected = 0;        // forbidden by plain-coherence alone (LKMM)
  uint64_t stuck = 0;                 // consistent partial graphs without any consistent extension
};

// REQUIRES WellFormed(program).
OracleResult BruteForce(const Program& program, const OracleOptions& options = {});

// Every schedule of an operational semantics, no partial order reduction: a shared memory, one step at a time; a grace period starts, and
// ends once the sections that were open at its start are over. The graphs of its runs. Under sequential consistency, and only there, they
// are the consistent graphs.
struct InterleavingOptions {
  bool wait = false;  // true: a thread waits until it can go on; false: it may give up for good at any value it does not want
  size_t states_max = 60'000;
  bool keep_text = false;  // fill InterleavingResult::texts
};
struct InterleavingResult {
  bool too_large = false;                      // more than states_max states; nothing else is meaningful then
  std::vector<uint64_t> finished = {};         // hashes of the distinct graphs in which all threads finished, sorted
  std::vector<uint64_t> blocked = {};          // the others. With `wait` these are the deadlocks, without the reads that never came about
  uint64_t states = 0;                         // distinct ones, where a state includes its history
  std::map<uint64_t, std::string> texts = {};  // by hash
};
InterleavingResult Interleave(const Program& program, const InterleavingOptions& options = {});

}  // namespace graze::proof

#endif  // CHECKER_TESTING_ORACLE_H_
