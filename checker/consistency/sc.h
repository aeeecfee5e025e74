// SPDX-License-Identifier: MIT
// Sequential consistency: acyclic(po | rf | co | fr), with grace periods over the same relation as level M.
// Reference: Lamport 1979; herd's sc.cat (axiom `sc`).
#ifndef CHECKER_CONSISTENCY_SC_H_
#define CHECKER_CONSISTENCY_SC_H_

#include <utility>
#include <vector>

#include "checker/consistency/memory_model.h"
#include "checker/consistency/rcu.h"

namespace graze {

class SequentialConsistency final : public MemoryModel {
 public:
  // The immediate successors of `e` in po | rf | co | fr, create and join; events with in[s] == 0 (empty: none) are passed over in co and
  // left out otherwise.
  static void Successors(const ExecutionGraph& graph, Stamp e, const std::vector<uint8_t>& in, std::vector<Stamp>* to);

  std::string_view name() const override { return "sc"; }
  bool IsConsistent(const ExecutionGraph& graph, Stamp changed) override;
  bool IsConsistentFromScratch(const ExecutionGraph& graph) override;
  // The same in one pass, on the events with in[e] != 0 (porf-closed; empty = all) of a graph of which nothing is known.
  bool IsAcyclic(const ExecutionGraph& graph, const std::vector<uint8_t>& in);
  bool HasExtra(const ExecutionGraph& graph) const override { return graph.has_grace_periods(); }
  bool SatisfiesExtra(const ExecutionGraph& graph, const std::vector<uint8_t>& in) override;
  // Could `a` come before `b`, in whatever model is no stronger than this one? Not if nothing leads from the one to the other, over grace
  // periods or otherwise. REQUIRES that the graph is acyclic and that its grace periods hold; see Forget().
  bool MayPrecede(const ExecutionGraph& graph, Stamp a, Stamp b);
  // The same for a section and a grace period that had to wait for it.
  bool MayHaveWaited(const ExecutionGraph& graph, Stamp section, Stamp grace_period);
  void Forget() override {
    extended_ = nullptr;
    pairs_known_ = false;
    reach_current_ = false;
    holds_ = false;
  }
  RaceOrder Order(const ExecutionGraph& graph, Stamp a, Stamp b) override;
  bool HadToWait(const ExecutionGraph& graph, Stamp section, Stamp grace_period) override;
  void TraceOrder(const ExecutionGraph& graph, std::vector<std::pair<Stamp, Stamp>>* pairs) override;
  bool tracks_fences() const override { return false; }
  bool porf_is_coherent() const override { return true; }
  bool Synchronises(const Event& write, const Event& read) const override;

 private:
  // Fills reach_, grace_periods_ and pairs_ for all of the graph unless they are there.
  void CollectPairs(const ExecutionGraph& graph);
  // Fills extended_ unless it is there.
  void ExtendHb(const ExecutionGraph& graph);
  // Fills reach_ for the events of `in`. REQUIRES that the relation is acyclic on them.
  void ComputeReachability(const ExecutionGraph& graph, const std::vector<uint8_t>& in);

  std::vector<uint8_t> seen_;
  std::vector<uint64_t> visited_;  // per event: the last IsConsistent() that came by
  uint64_t visit_ = 0;
  std::vector<Stamp> stack_;
  Reachability reach_;
  GracePeriods grace_periods_;
  // About the graph that Order() is asked about; see Forget().
  const std::vector<Clock>* extended_ = nullptr;
  bool reach_current_ = false;
  bool pairs_known_ = false;
  std::vector<std::pair<Stamp, Stamp>> pairs_;  // of grace periods and sections: all up to the first is before all from the second on
  std::vector<Clock> reached_;                  // scratch of MayPrecede
  bool holds_ = false;                          // and the grace periods were found to hold on it
};

}  // namespace graze

#endif  // CHECKER_CONSISTENCY_SC_H_
