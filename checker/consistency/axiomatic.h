// SPDX-License-Identifier: MIT
// What the models that are written as axioms over relations share: one evaluation per graph, in two steps, and what is asked about its
// result.
#ifndef CHECKER_CONSISTENCY_AXIOMATIC_H_
#define CHECKER_CONSISTENCY_AXIOMATIC_H_

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "checker/consistency/base_relations.h"
#include "checker/consistency/cycles.h"
#include "checker/consistency/memory_model.h"
#include "checker/consistency/rcu.h"
#include "checker/consistency/sc.h"
#include "checker/consistency/sure_order.h"

namespace graze {

// Every model allows what sequential consistency does, grace periods included, and most graphs of a search are of that kind: relations are
// built where that is not enough, of the events on cycles then, and where somebody asks for an order, of all.
class AxiomaticModel : public MemoryModel {
 public:
  bool IsConsistent(const ExecutionGraph& graph, Stamp changed) override;
  bool IsConsistentFromScratch(const ExecutionGraph& graph) override;
  bool HasExtra(const ExecutionGraph& graph) const override { return graph.has_grace_periods(); }
  bool SatisfiesExtra(const ExecutionGraph& graph, const std::vector<uint8_t>& in) override;
  bool SurelySatisfiesExtra(const ExecutionGraph& graph, const std::vector<uint8_t>& in) override;
  void Forget() override {}  // graphs have versions
  RaceOrder Order(const ExecutionGraph& graph, Stamp a, Stamp b) override;
  bool IsBefore(const ExecutionGraph& graph, Stamp a, Stamp b) override;
  bool HadToWait(const ExecutionGraph& graph, Stamp section, Stamp grace_period) override;
  void TraceOrder(const ExecutionGraph& graph, std::vector<std::pair<Stamp, Stamp>>* pairs) override;
  bool tracks_fences() const override { return true; }
  void SetContext(const Dependencies* sets, const std::function<uintptr_t(LocId)>& address_of) override {
    dependencies_ = sets;
    address_of_ = address_of;
  }

 protected:
  // Builds the relations and tells whether level M0 holds; keeps what the others need. Where it is known to hold already, it need not look.
  virtual bool Relate() = 0;
  bool is_known_to_hold() const { return known_to_hold_; }
  // And all of M?
  bool is_extra_known_to_hold() const { return extra_known_; }
  bool IsAcyclicOrKnown(Relation a, Relation* closure) const { return IsAcyclic(a, closure, known_to_hold_); }
  // Is coherence what Coherent() says, so that Relate() need not look for it?
  virtual bool coherence_follows_hb() const { return false; }
  // The rest of M, on relations that include what CollectUnordered() says. REQUIRES Relate().
  virtual bool Extra(const std::vector<uint8_t>& in) = 0;
  // Prepares Ordered(). REQUIRES Relate() and, unless it was not asked because there is nothing to it, Extra().
  virtual void PrepareOrder() = 0;
  // Is element `a` ordered before element `b` as far as races and lifetimes are concerned?
  virtual bool Ordered(uint32_t a, uint32_t b) const = 0;
  // Does Order() certainly say that `a` comes before `b`? REQUIRES that the graph has M.
  virtual bool IsSurelyBefore([[maybe_unused]] const ExecutionGraph& graph, Stamp a, Stamp b) {
    return sure_order_.HbBefore(a, b) || sure_order_.IsOverGracePeriod(a, b, true, true);
  }
  // Do clocks show that M is broken by what is porf-before `e`, and by its place in co or that of its source?
  virtual bool IsSurelyStale([[maybe_unused]] const ExecutionGraph& graph, [[maybe_unused]] Stamp e) { return false; }
  SureOrder& sure_order() { return sure_order_; }
  const SureOrder& sure_order() const { return sure_order_; }
  // Are fences elements (BaseRelations::Build)?
  virtual bool fences_are_elements() const { return false; }
  // Can level M0 say something about this access? What nobody else touches only takes up room.
  virtual bool IsElement(const Event& event) const {
    return shared_[event.loc] == kShared || event.has(kRmw) || (event.marked() && event.order != MemoryOrder::kRelaxed);
  }
  // Did level M need more elements than M0?
  bool is_wide() const { return wide_ != members_; }

  // The grace-period axiom over links po? ; order ; po?.
  bool GracePeriodsHold(Relation order, const std::vector<uint8_t>& in);
  // From everything before the first to everything after the second node of a pair of rcu-order. REQUIRES GracePeriodsHold().
  Relation RcuFence();
  void AddOrdered(Stamp entry, Stamp exit, Relation* fence) const;

  BaseRelations& base() { return base_; }
  const BaseRelations& base() const { return base_; }
  RelationPool& pool() { return base_.pool(); }
  bool grace_periods_judged() const { return grace_periods_judged_; }
  const Reachability& reach() const { return reach_; }
  const Dependencies& dependencies() const { return *dependencies_; }

 private:
  enum class Known : uint8_t { kNot, kNo, kYes };

  static constexpr uint32_t kUntouched = 0xffffffff;
  static constexpr uint32_t kShared = 0xfffffffe;

  // Forgets what was known of another graph.
  void Look(const ExecutionGraph& graph);
  void Build(const ExecutionGraph& graph, const std::vector<uint8_t>& in);
  // The same of the elements that cycles_ has; nothing else may use what this leaves.
  void BuildCycles(const ExecutionGraph& graph, const std::vector<uint8_t>& in, bool wide);
  void KeepCycles(const ExecutionGraph& graph, std::vector<uint8_t>* members) const;
  bool IsSequential(const ExecutionGraph& graph);
  // M0, if everything was in order before `changed`; and M. On the axioms alone, the latter of graphs that have M0.
  bool CyclesAreCoherent(const ExecutionGraph& graph, Stamp changed);
  bool CyclesHold(const ExecutionGraph& graph, const std::vector<uint8_t>& in);
  // The same as the latter, with all elements, for what is asked afterwards.
  bool Evaluate(const ExecutionGraph& graph, const std::vector<uint8_t>& in);
  void CollectMembers(const ExecutionGraph& graph);
  // Marks all whose order with a conflicting access of another thread hb() leaves open, uses of an object and its frees among them.
  // With `only_cycles`, of those that cycles_ has.
  void CollectUnordered(const ExecutionGraph& graph, bool only_cycles, std::vector<uint8_t>* members) const;
  void CollectRaces(const ExecutionGraph& graph, LocId loc, bool only_cycles, std::vector<uint8_t>* members) const;
  void CollectUses(const ExecutionGraph& graph, bool only_cycles, std::vector<uint8_t>* members) const;
  // Is no access to one location against what hb() says? Everything was in order before `changed` (kNone: nothing is known).
  bool Coherent(const ExecutionGraph& graph, Stamp changed) const;
  bool Coherent(const ExecutionGraph& graph, Stamp a, Stamp b) const;
  bool Precedes(Stamp a, Stamp b) const;
  // What clocks alone say of the order of two events; kNot if they leave it open.
  Known SurelyBefore(const ExecutionGraph& graph, Stamp a, Stamp b);
  // Is `a` before `b` by the axioms? REQUIRES that the graph has M.
  bool IsBeforeByAxioms(const ExecutionGraph& graph, Stamp a, Stamp b);
  bool IsBeforeByAllElements(const ExecutionGraph& graph, Stamp a, Stamp b);
  bool IsBeforeByElements(Stamp a, Stamp b) const;

  const Dependencies* dependencies_ = nullptr;
  std::function<uintptr_t(LocId)> address_of_;
  std::vector<uint32_t> shared_;  // by location: the one thread that touches it, or one of the above
  std::vector<uint8_t> members_, wide_;
  BaseRelations base_;
  GracePeriods grace_periods_;
  Reachability reach_;
  SequentialConsistency sc_;
  Cycles cycles_;
  SureOrder sure_order_;
  uint64_t version_ = 0;  // of the graph that is known
  uint64_t built_ = 0;    // of the graph that base_ is about, 0 if it is about a part
  bool known_to_hold_ = false;
  bool extra_known_ = false;
  bool only_cycles_ = false;  // base_ has no other elements
  Known sequential_ = Known::kNot;
  Known sequential_extra_ = Known::kNot;
  Known coherent_ = Known::kNot;
  Known cycles_hold_ = Known::kNot;
  Known extra_holds_ = Known::kNot;  // of the graph that base_ is about
  bool order_prepared_ = false;
  bool grace_periods_judged_ = false;
};

}  // namespace graze

#endif  // CHECKER_CONSISTENCY_AXIOMATIC_H_
