// SPDX-License-Identifier: MIT
// The axioms of the memory models, each written as a closure of relations straight from its definition. Slow on purpose; shares nothing
// with the engine. In no model is there a cycle of program order and reads-from: the oracle never builds one.
#ifndef CHECKER_TESTING_AXIOMS_H_
#define CHECKER_TESTING_AXIOMS_H_

#include <array>

#include "checker/testing/lowered.h"
#include "checker/testing/model.h"
#include "checker/testing/oracle_graph.h"

namespace graze::proof {

// What a model says of a graph. The later questions are not asked if an earlier one was answered with no.
struct Verdict {
  bool base = false;  // all axioms but those below; atomicity of RMWs
  bool rcu_asked = false;
  // No closed walk with at least as many grace periods as sections: by counting (Floyd-Warshall with weights), and by the least fixpoint
  // that defines rcu-order. Counting knows one kind of sections; with sleepable RCU only the fixpoint is asked.
  bool rcu_by_counting = true, rcu_by_fixpoint = true;
  bool plain_coherence = true;  // LKMM

  bool consistent() const { return base && rcu_by_fixpoint && plain_coherence; }
};
Verdict Judge(const OracleGraph& graph, Model model);

// A grace period that had to wait for a section has not ended if that section's thread waits inside it for ever, and nothing behind it has
// happened, although the graph is consistent: which events are left without those. REQUIRES a consistent graph.
std::array<bool, kEventsMax> HappenedBeforeStall(const OracleGraph& graph, Model model);

// Two accesses of one location in different threads, one of them a write and one plain, both of which happened, that the model does not
// order. SC, TSO, RC11: by the closure of happens-before and the order between sections and grace periods. LKMM: its flag.
// REQUIRES a consistent graph.
bool HasRace(const OracleGraph& graph, Model model);

// An access of an object, or a second free of it, which happened and which the model does not order before a free of it. By the same order
// as races; in LKMM a free is a plain write, but one that no compiler reads the place of before, and whoever stores to where a load has
// led, or leaves a section that a grace period waits for, has done the load. REQUIRES a consistent graph.
bool HasUseAfterFree(const OracleGraph& graph, Model model);

// ---- for the models -------------------------------------------------------------------------------------------------------------

// The least relation that holds all walks of `link` with at least as many grace periods as sections, ends included.
Relation RcuOrder(const Lowered& g, const Relation& link);

struct Simple {
  bool consistent = false;
  Relation link;  // of grace periods and sections
  Relation hb;    // by which races are judged, without grace periods; not closed
};
Simple JudgeSc(const Lowered& g);
Simple JudgeTso(const Lowered& g);
Simple JudgeRc11(const Lowered& g);

// Linux, in the words and the order of linux-kernel.cat.
class Lkmm {
 public:
  Lkmm(const Lowered& g, Model model);

  // coherence, happens-before, propagation
  bool Consistent() const { return coherent_ && Acyclic(hb_) && Acyclic(pb_); }
  Relation rcu_link() const;    // REQUIRES coherence
  bool PlainCoherence();        // REQUIRES the other axioms, as everything below
  bool DataRace(Set happened);  // among these elements
  bool IsBeforeFree(size_t access, size_t free);

 private:
  bool Coherence() const;
  void Fences();
  void Ppo();
  void Propagation();
  void Visibility();

  const Lowered& g_;
  const bool new_, exact_;
  bool coherent_ = false;
  Relation acq_po_, po_rel_, po_unlock_lock_po_, rmb_, wmb_, mb_, strong_fence_, nonrw_fence_, fence_;
  Relation addr_, data_, ctrl_, ppo_;
  Relation rmw_sequence_, cumul_fence_, prop_, hb_, pb_;
  bool visible_ = false;  // what follows is there
  Relation pre_race_, ww_vis_, wr_vis_, rw_xbstar_, rw_free_;
};

}  // namespace graze::proof

#endif  // CHECKER_TESTING_AXIOMS_H_
