// SPDX-License-Identifier: MIT
// Sequential consistency: acyclic(po | rf | co | fr), with grace periods over the same relation as level M.
// Reference: Lamport 1979; herd's sc.cat (axiom `sc`).
#ifndef CHECKER_CONSISTENCY_SC_H_
#define CHECKER_CONSISTENCY_SC_H_

#include <vector>

#include "checker/consistency/memory_model.h"
#include "checker/consistency/rcu.h"

namespace graze {

class SequentialConsistency final : public MemoryModel, private OrderEdges {
 public:
  std::string_view name() const override { return "sc"; }
  bool IsConsistent(const ExecutionGraph& graph, Stamp changed) override;
  bool IsConsistentFromScratch(const ExecutionGraph& graph) override;
  bool HasExtra(const ExecutionGraph& graph) const override { return GracePeriods::Relevant(graph); }
  bool SatisfiesExtra(const ExecutionGraph& graph, const std::vector<uint8_t>& in) override;
  void Forget() override { extended_ = nullptr; }
  RaceOrder Order(const ExecutionGraph& graph, Stamp a, Stamp b) override;
  void TraceOrder(const ExecutionGraph& graph, std::vector<std::pair<Stamp, Stamp>>* pairs) override;
  bool tracks_fences() const override { return false; }
  bool Synchronises(const Event& write, const Event& read) const override;

 private:
  // Lists the readers of every write, so that Successors() can walk them.
  void Prepare(const ExecutionGraph& graph);
  void Successors(Stamp e, std::vector<Stamp>* out) const override;
  // fr's immediate edge: the co-successor of the source of read `e`, kNone if there is none.
  Stamp fr_imm_succ(const Event& read) const { return graph_->co_succ(read.loc, read.rf); }

  const ExecutionGraph* graph_ = nullptr;
  std::vector<Stamp> first_reader_, next_reader_;
  std::vector<uint8_t> seen_;
  std::vector<Stamp> stack_;
  GracePeriods grace_periods_;
  const std::vector<Clock>* extended_ = nullptr;   // of the graph that Order() was last asked about
};

}  // namespace graze

#endif  // CHECKER_CONSISTENCY_SC_H_
