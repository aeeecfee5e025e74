// SPDX-License-Identifier: MIT
// A graph in the words of a memory model: its events, with the fences that the model puts beside some of them, as elements with tags, and
// the relations that everything else is defined from. One per question; built from scratch each time.
#ifndef CHECKER_TESTING_LOWERED_H_
#define CHECKER_TESTING_LOWERED_H_

#include <array>
#include <cstdint>
#include <vector>

#include "checker/testing/model.h"
#include "checker/testing/oracle_graph.h"
#include "checker/testing/relation.h"

namespace graze::proof {

// A grace period, or a read-side section. A walk leaves a section at its lock and enters it at its unlock.
struct RcuNode {
  bool grace;
  int domain;  // -1: RCU, else of sleepable RCU
  size_t enter, leave;
};

struct Lowered {
  Lowered(const OracleGraph& graph, Model model);

  size_t size = 0;
  Set all = 0;
  Set r = 0, w = 0, m = 0;
  Set plain = 0, racy = 0;       // neither of them is marked
  Set marked = 0;                // everything but plain and racy accesses
  Set acquire = 0, release = 0;  // reads, writes
  Set seq_cst = 0, mb = 0;       // both
  Set noreturn = 0;              // reads
  Set rmws = 0;                  // halves of RMWs, and attempts that failed; no lock words
  Set failed = 0;                // attempts that failed, of locks too
  Set lkr = 0, lkw = 0, ul = 0;  // taking a lock (two halves), giving it back
  Set tried = 0;                 // those of trylock
  Set sync = 0, srcu_sync = 0;   // grace periods
  Set frees = 0;                 // to LKMM they are plain writes of no location
  Set srcu_lock = 0, srcu_unlock = 0;
  std::array<Set, kFenceWords> fence = {};  // by what the model takes them for

  Relation po;          // within threads, transitive
  Relation handover;    // from a create to what the thread does first, from the last it does to a join
  Relation rf, co, fr;  // co, fr transitive; the initial writes are left out, nothing comes before them
  Relation rmw;
  Relation addr, data, ctrl;  // as the program has them
  Relation same_thread, same_location;

  Relation order() const { return po | handover; }
  Relation internal(const Relation& a) const { return a & same_thread; }
  Relation external(const Relation& a) const { return a - same_thread; }
  Relation po_loc() const { return po & same_location; }
  // Around any of `fences`.
  Relation fencerel(Set fences) const { return fences == 0 ? Relation(size) : Then(To(po, fences), po); }
  Set Fences(FenceWord word) const { return fence[static_cast<size_t>(word)]; }

  std::vector<RcuNode> nodes;  // of RCU: outermost sections, those left open reach to the end of their thread. SRCU: see LowerSrcu
  std::array<size_t, kEventsMax> element = {};    // of an event
  std::array<size_t, kThreadsMax> open_end = {};  // the virtual end of the section that a thread has left open; 0 if there is none

 private:
  size_t AddElement(int thread);
  void AddThread(const OracleGraph& graph, int t);
  void AddFencesBeside(const OracleGraph& graph, int t);
  void AddEvent(const OracleGraph& graph, int e);
  void AddAccess(const OracleGraph& graph, int e);
  void AddRmwTags(const OracleEvent& event, Set self, bool stored);
  void AddSections(const OracleGraph& graph, int t);
  void AddCommunication(const OracleGraph& graph);
  void AddHandovers(const OracleGraph& graph);
  void AddSrcuNodes(const OracleGraph& graph);

  const Model model_;
  std::array<std::vector<size_t>, kThreadsMax> of_thread_;
};

// The fence that a model takes `word` for; -1 if for none.
int LowerFence(FenceWord word, Model model);

}  // namespace graze::proof

#endif  // CHECKER_TESTING_LOWERED_H_
