// SPDX-License-Identifier: MIT
#include "checker/consistency/axiomatic.h"

#include <vector>

#include "checker/base/check.h"

namespace graze {

void AxiomaticModel::CollectMembers(const ExecutionGraph& graph) {
  shared_.assign(graph.location_count(), kUntouched);
  for (Stamp e = 0; e < graph.size(); ++e) {
    const Event& event = graph.event(e);
    if (!event.is_access()) continue;
    uint32_t& by = shared_[event.loc];
    by = by == kUntouched || by == event.tid ? event.tid : kShared;
  }
  members_.assign(graph.size(), 0);
  for (Stamp e = 0; e < graph.size(); ++e) members_[e] = graph.event(e).is_access() && IsElement(graph.event(e)) ? 1 : 0;
}

void AxiomaticModel::Look(const ExecutionGraph& graph) {
  if (version_ == graph.version()) return;
  version_ = graph.version();
  sequential_ = sequential_extra_ = coherent_ = cycles_hold_ = Known::kNot;
  sc_.Forget();
}

void AxiomaticModel::Build(const ExecutionGraph& graph, const std::vector<uint8_t>& in) {
  if (in.empty() && built_ == graph.version()) return;
  only_cycles_ = false;
  CollectMembers(graph);
  base_.Build(graph, in, fences_are_elements(), members_);
  built_ = in.empty() ? graph.version() : 0;
  extra_holds_ = Known::kNot;
  order_prepared_ = grace_periods_judged_ = false;
}

// Both halves of an RMW are elements, or none.
void AxiomaticModel::KeepCycles(const ExecutionGraph& graph, std::vector<uint8_t>* members) const {
  for (Stamp e = 0; e < graph.size(); ++e) {
    if ((*members)[e] == 0 || cycles_.has(e)) continue;
    const Event& event = graph.event(e);
    Stamp other = kNone;
    if (event.has(kRmw)) other = event.is_read() ? graph.rmw_write(e) : graph.rmw_read(e);
    if (other == kNone || !cycles_.has(other)) (*members)[e] = 0;
  }
}

void AxiomaticModel::BuildCycles(const ExecutionGraph& graph, const std::vector<uint8_t>& in, bool wide) {
  CollectMembers(graph);
  wide_ = members_;
  // Level M needs accesses that tell M0 nothing.
  if (wide) CollectUnordered(graph, true, &wide_);
  KeepCycles(graph, &members_);
  KeepCycles(graph, &wide_);
  base_.Build(graph, in, fences_are_elements(), wide_);
  built_ = 0;
  only_cycles_ = true;
  grace_periods_judged_ = false;
}

bool AxiomaticModel::IsSequential(const ExecutionGraph& graph) {
  Look(graph);
  if (sequential_ == Known::kNot) sequential_ = sc_.IsAcyclic(graph, {}) ? Known::kYes : Known::kNo;
  return sequential_ == Known::kYes;
}

void AxiomaticModel::CollectRaces(const ExecutionGraph& graph, LocId loc, bool only_cycles, std::vector<uint8_t>* members) const {
  const auto judge = [&](Stamp a, Stamp b) {
    const Event& one = graph.event(a);
    const Event& two = graph.event(b);
    if (one.tid == two.tid || (one.marked() && two.marked()) || graph.hb_before(a, b) || graph.hb_before(b, a)) return;
    (*members)[a] = (*members)[b] = 1;
  };
  for (Stamp w = graph.co_first(loc); w != kNone; w = graph.event(w).co_next) {
    if (only_cycles && !cycles_.has(w)) continue;
    for (Stamp other = graph.event(w).co_next; other != kNone; other = graph.event(other).co_next) judge(w, other);
    for (Stamp r = graph.last_read(loc); r != kNone; r = graph.event(r).read_prev) judge(w, r);
  }
}

void AxiomaticModel::CollectUses(const ExecutionGraph& graph, bool only_cycles, std::vector<uint8_t>* members) const {
  for (const Stamp f : graph.frees()) {
    if (only_cycles && !cycles_.has(f)) continue;
    const Event& free = graph.event(f);
    for (Stamp e = 0; e < graph.size(); ++e) {
      if (only_cycles && !cycles_.has(e)) continue;
      const Event& event = graph.event(e);
      if (event.tid == free.tid || graph.hb_before(e, f)) continue;
      const bool valueless = event.kind == EventKind::kTouch || event.kind == EventKind::kFree;
      if (!event.is_access() && !valueless) continue;
      const uintptr_t address = valueless ? event.value : address_of_(event.loc);
      if (address >= free.value && address < free.value + free.aux) (*members)[e] = (*members)[f] = 1;
    }
  }
}

void AxiomaticModel::CollectUnordered(const ExecutionGraph& graph, bool only_cycles, std::vector<uint8_t>* members) const {
  for (LocId loc = 0; loc < shared_.size(); ++loc) {
    if (shared_[loc] == kShared) CollectRaces(graph, loc, only_cycles, members);
  }
  if (!graph.frees().empty()) CollectUses(graph, only_cycles, members);
}

// Along co from what b reads or is, nothing may come to what a reads or is.
bool AxiomaticModel::Coherent(const ExecutionGraph& graph, Stamp a, Stamp b) const {
  if (!graph.hb_before(a, b)) return true;
  const Stamp from = graph.event(b).is_read() ? graph.event(b).rf : b;
  const Stamp to = graph.event(a).is_read() ? graph.event(a).rf : a;
  if (from == to) return graph.event(a).is_write() || graph.event(b).is_read();
  if (to == kInit) return true;
  for (Stamp w = graph.co_succ(graph.event(b).loc, from); w != kNone; w = graph.event(w).co_next) {
    if (w == to) return false;
  }
  return true;
}

bool AxiomaticModel::Coherent(const ExecutionGraph& graph, Stamp changed) const {
  const auto judge = [&](Stamp e) {
    const LocId loc = graph.event(e).loc;
    for (Stamp w = graph.co_first(loc); w != kNone; w = graph.event(w).co_next) {
      if (w != e && (!Coherent(graph, e, w) || !Coherent(graph, w, e))) return false;
    }
    for (Stamp r = graph.last_read(loc); r != kNone; r = graph.event(r).read_prev) {
      if (r != e && (!Coherent(graph, e, r) || !Coherent(graph, r, e))) return false;
    }
    return true;
  };
  if (changed != kNone) return judge(changed);
  for (Stamp e = 0; e < graph.size(); ++e) {
    if (graph.event(e).is_access() && !judge(e)) return false;
  }
  return true;
}

bool AxiomaticModel::CyclesAreCoherent(const ExecutionGraph& graph, Stamp changed) {
  if (coherence_follows_hb() && !Coherent(graph, changed)) return false;
  if (IsSurelyStale(graph, changed)) {
    if (self_check_) GRAZE_CHECK(!IsConsistentFromScratch(graph) || !Evaluate(graph, {}));
    return false;
  }
  if (!cycles_.FindThrough(graph, changed)) return true;
  BuildCycles(graph, {}, false);
  known_to_hold_ = false;
  return Relate();
}

bool AxiomaticModel::IsConsistent(const ExecutionGraph& graph, Stamp changed) {
  if (IsSequential(graph)) return true;
  if (coherent_ == Known::kNot) coherent_ = CyclesAreCoherent(graph, changed) ? Known::kYes : Known::kNo;
  return coherent_ == Known::kYes;
}

bool AxiomaticModel::IsConsistentFromScratch(const ExecutionGraph& graph) {
  built_ = 0;
  Build(graph, {});
  known_to_hold_ = false;
  const bool holds = (!coherence_follows_hb() || Coherent(graph, kNone)) && Relate();
  built_ = 0;
  return holds;
}

bool AxiomaticModel::SurelySatisfiesExtra(const ExecutionGraph& graph, const std::vector<uint8_t>& in) {
  if (graph.has_srcu()) return false;  // sequential consistency knows one domain of grace periods
  if (!in.empty()) {
    const bool holds = sc_.IsAcyclic(graph, in) && (!graph.has_grace_periods() || sc_.SatisfiesExtra(graph, in));
    sc_.Forget();
    return holds;
  }
  if (!IsSequential(graph)) return false;
  if (sequential_extra_ == Known::kNot) {
    sequential_extra_ = !graph.has_grace_periods() || sc_.SatisfiesExtra(graph, {}) ? Known::kYes : Known::kNo;
  }
  return sequential_extra_ == Known::kYes;
}

bool AxiomaticModel::SatisfiesExtra(const ExecutionGraph& graph, const std::vector<uint8_t>& in) {
  if (!in.empty()) return CyclesHold(graph, in);
  if (SurelySatisfiesExtra(graph, in)) return true;
  Look(graph);
  if (cycles_hold_ == Known::kNot) cycles_hold_ = CyclesHold(graph, in) ? Known::kYes : Known::kNo;
  return cycles_hold_ == Known::kYes;
}

bool AxiomaticModel::CyclesHold(const ExecutionGraph& graph, const std::vector<uint8_t>& in) {
  if (graph.has_srcu()) return Evaluate(graph, in);  // its sections are matched by data
  bool holds = true;
  if (cycles_.Find(graph, in)) {
    BuildCycles(graph, in, true);
    known_to_hold_ = true;
    extra_known_ = false;
    holds = Relate() && Extra(in);
  }
  if (self_check_) GRAZE_CHECK(Evaluate(graph, in) == holds);
  return holds;
}

bool AxiomaticModel::Evaluate(const ExecutionGraph& graph, const std::vector<uint8_t>& in) {
  Build(graph, in);
  if (extra_holds_ != Known::kNot) return extra_holds_ == Known::kYes;
  wide_ = members_;
  CollectUnordered(graph, false, &wide_);
  if (is_wide()) base_.Build(graph, in, fences_are_elements(), wide_);
  const bool must_hold = in.empty() && version_ == graph.version() && (sequential_extra_ == Known::kYes || cycles_hold_ == Known::kYes);
  known_to_hold_ = true;
  extra_known_ = must_hold && !self_check_;
  extra_holds_ = Relate() && Extra(in) ? Known::kYes : Known::kNo;
  GRAZE_CHECK(!must_hold || extra_holds_ == Known::kYes);
  return extra_holds_ == Known::kYes;
}

// By way of elements, the one after `a` and the one before `b`.
bool AxiomaticModel::Precedes(Stamp a, Stamp b) const {
  const Event& one = base_.graph().event(a);
  const Event& two = base_.graph().event(b);
  if (base_.graph().hb_before(a, b)) return true;
  const uint32_t next = base_.FirstFrom(one.tid, one.idx);
  const uint32_t behind = base_.FirstFrom(two.tid, two.idx + 1);
  return next < base_.last(one.tid) && behind > base_.first(two.tid) && Ordered(next, behind - 1);
}

bool AxiomaticModel::IsBeforeByElements(Stamp a, Stamp b) const {
  const uint32_t x = base_.element(a);
  const uint32_t y = base_.element(b);
  return x == kNoElement || y == kNoElement ? Precedes(a, b) : Ordered(x, y);
}

bool AxiomaticModel::IsBeforeByAllElements(const ExecutionGraph& graph, Stamp a, Stamp b) {
  if (!Evaluate(graph, {})) return false;
  if (!order_prepared_) {
    PrepareOrder();
    order_prepared_ = true;
  }
  return IsBeforeByElements(a, b);
}

bool AxiomaticModel::IsBeforeByAxioms(const ExecutionGraph& graph, Stamp a, Stamp b) {
  if (graph.has_srcu()) return IsBeforeByAllElements(graph, a, b);  // its sections are matched by data
  bool before = false;
  if (cycles_.FindBetween(graph, a, b)) {
    BuildCycles(graph, {}, true);
    known_to_hold_ = extra_known_ = true;
    GRAZE_CHECK(Relate() && Extra({}));
    PrepareOrder();
    before = IsBeforeByElements(a, b);
  }
  if (self_check_) GRAZE_CHECK(IsBeforeByAllElements(graph, a, b) == before);
  return before;
}

AxiomaticModel::Known AxiomaticModel::SurelyBefore(const ExecutionGraph& graph, Stamp a, Stamp b) {
  sure_order_.Look(graph, *this);
  if (IsSurelyBefore(graph, a, b)) return Known::kYes;
  return SurelySatisfiesExtra(graph, {}) && !sc_.MayPrecede(graph, a, b) ? Known::kNo : Known::kNot;
}

bool AxiomaticModel::IsBefore(const ExecutionGraph& graph, Stamp a, Stamp b) {
  if (!SatisfiesExtra(graph, {})) return false;
  const Known known = SurelyBefore(graph, a, b);
  if (known == Known::kNot || self_check_) {
    const bool before = IsBeforeByAxioms(graph, a, b);
    // The axioms have less to say of two loads, and of what is no access.
    const auto can_race = [&](Stamp x, Stamp y) {
      return graph.event(x).is_write() && (graph.event(y).is_write() || graph.event(y).is_read());
    };
    GRAZE_CHECK(known != Known::kNo || !before);
    GRAZE_CHECK(known != Known::kYes || before || (!can_race(a, b) && !can_race(b, a)));
    return known == Known::kYes || before;
  }
  return known == Known::kYes;
}

RaceOrder AxiomaticModel::Order(const ExecutionGraph& graph, Stamp a, Stamp b) {
  if (IsBefore(graph, a, b)) return RaceOrder::kBefore;
  return IsBefore(graph, b, a) ? RaceOrder::kAfter : RaceOrder::kUnordered;
}

bool AxiomaticModel::HadToWait(const ExecutionGraph& graph, Stamp section, Stamp grace_period) {
  if (!graph.has_grace_periods() || !SatisfiesExtra(graph, {})) return false;
  sure_order_.Look(graph, *this);
  const bool surely = sure_order_.HadToWait(section, grace_period);
  const bool never = SurelySatisfiesExtra(graph, {}) && !sc_.MayHaveWaited(graph, section, grace_period);
  if ((surely || never) && !self_check_) return surely;
  const bool had_to = Evaluate(graph, {}) && grace_periods_.Precedes(section, grace_period);
  GRAZE_CHECK((!surely || had_to) && (!never || !had_to));
  return had_to;
}

// What no order of time explains is left to the order of reading; the trace says where a value was stale.
void AxiomaticModel::TraceOrder(const ExecutionGraph& graph, std::vector<std::pair<Stamp, Stamp>>* pairs) {
  if (IsSequential(graph) && (!sc_.HasExtra(graph) || sc_.SatisfiesExtra(graph, {}))) sc_.TraceOrder(graph, pairs);
}

bool AxiomaticModel::GracePeriodsHold(Relation order, const std::vector<uint8_t>& in) {
  if (!base_.graph().has_grace_periods() && !base_.graph().has_only_grace_periods()) return true;
  static const std::vector<uint8_t> all;
  base_.FillReachability(order, only_cycles_ ? cycles_.marks() : all, &reach_);
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
