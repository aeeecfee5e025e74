// SPDX-License-Identifier: MIT
#include "checker/consistency/axiomatic.h"

#include <vector>

#include "checker/consistency/sc.h"

namespace graze {

void AxiomaticModel::Look(const ExecutionGraph& graph, const std::vector<uint8_t>& in) {
  if (in.empty() && version_ == graph.version()) return;
  base_.Build(graph, in, fences_are_elements());
  version_ = in.empty() ? graph.version() : 0;
  base_holds_ = extra_holds_ = Known::kNot;
  order_prepared_ = grace_periods_judged_ = false;
}

bool AxiomaticModel::IsConsistent(const ExecutionGraph& graph, [[maybe_unused]] Stamp changed) {
  Look(graph, {});
  if (base_holds_ == Known::kNot) base_holds_ = Base() ? Known::kYes : Known::kNo;
  return base_holds_ == Known::kYes;
}

bool AxiomaticModel::IsConsistentFromScratch(const ExecutionGraph& graph) {
  version_ = 0;
  return IsConsistent(graph, kNone);
}

bool AxiomaticModel::SatisfiesExtra(const ExecutionGraph& graph, const std::vector<uint8_t>& in) {
  Look(graph, in);
  if (base_holds_ == Known::kNot) base_holds_ = Base() ? Known::kYes : Known::kNo;
  if (base_holds_ == Known::kNo) return false;
  if (extra_holds_ == Known::kNot) extra_holds_ = Extra(in) ? Known::kYes : Known::kNo;
  return extra_holds_ == Known::kYes;
}

RaceOrder AxiomaticModel::Order(const ExecutionGraph& graph, Stamp a, Stamp b) {
  if (HasExtra(graph) ? !SatisfiesExtra(graph, {}) : !IsConsistent(graph, kNone)) return RaceOrder::kUnordered;
  if (!order_prepared_) {
    PrepareOrder();
    order_prepared_ = true;
  }
  const uint32_t x = base_.element(a);
  const uint32_t y = base_.element(b);
  if (x == kNoElement || y == kNoElement) {
    // Other events have no order but that of the threads.
    if (graph.hb_before(a, b)) return RaceOrder::kBefore;
    return graph.hb_before(b, a) ? RaceOrder::kAfter : RaceOrder::kUnordered;
  }
  if (Ordered(x, y)) return RaceOrder::kBefore;
  return Ordered(y, x) ? RaceOrder::kAfter : RaceOrder::kUnordered;
}

bool AxiomaticModel::HadToWait(const ExecutionGraph& graph, Stamp section, Stamp grace_period) {
  return graph.has_grace_periods() && SatisfiesExtra(graph, {}) && grace_periods_.Precedes(section, grace_period);
}

// What no order of time explains is left to the order of reading; the trace says where a value was stale.
void AxiomaticModel::TraceOrder(const ExecutionGraph& graph, std::vector<std::pair<Stamp, Stamp>>* pairs) {
  SequentialConsistency sc;
  if (sc.IsConsistentFromScratch(graph) && (!sc.HasExtra(graph) || sc.SatisfiesExtra(graph, {}))) sc.TraceOrder(graph, pairs);
}

bool AxiomaticModel::GracePeriodsHold(Relation order, const std::vector<uint8_t>& in) {
  if (!base_.graph().has_grace_periods()) return true;
  base_.FillReachability(order, &reach_);
  grace_periods_judged_ = grace_periods_.Holds(base_.graph(), reach_, in);
  return grace_periods_judged_;
}

void AxiomaticModel::AddOrdered(Stamp entry, Stamp exit, Relation* fence) const {
  const Event& before = base_.graph().event(entry);
  const Event& after = base_.graph().event(exit);
  // The entry of a section that is open is an access; everything in it counts.
  const uint32_t upto = before.is_access() ? before.idx + 1 : before.idx;
  base_.ForElementsBefore(before.tid, upto, [&](uint32_t from, uint32_t to) {
    for (; from < to; ++from) {
      base_.ForElementsAfter(after.tid, after.idx, [&](uint32_t first, uint32_t last) { fence->AddRange(from, first, last); });
    }
  });
}

Relation AxiomaticModel::RcuFence() {
  Relation fence = pool().Empty();
  if (grace_periods_judged_) {
    grace_periods_.ForOrdered(base_.graph(), [&](Stamp entry, Stamp exit) { AddOrdered(entry, exit, &fence); });
  }
  return fence;
}

}  // namespace graze
