// SPDX-License-Identifier: MIT
#include "checker/consistency/rc11.h"

namespace graze {
namespace {

FenceKind KindOf(const Event& fence) { return static_cast<FenceKind>(fence.aux); }

bool IsAcquireFence(const Event& e) {
  return e.kind == EventKind::kFence && KindOf(e) != FenceKind::kRelease && KindOf(e) != FenceKind::kWmb;
}
bool IsReleaseFence(const Event& e) {
  return e.kind == EventKind::kFence && KindOf(e) != FenceKind::kAcquire && KindOf(e) != FenceKind::kRmb;
}
bool IsScFence(const Event& e) { return IsAcquireFence(e) && IsReleaseFence(e) && KindOf(e) != FenceKind::kAcqRel; }

bool Acquires(MemoryOrder order) {
  return order == MemoryOrder::kAcquire || order == MemoryOrder::kAcqRel || order == MemoryOrder::kSeqCst ||
         order == MemoryOrder::kConsume || order == MemoryOrder::kLock;
}
bool Releases(MemoryOrder order) {
  return order == MemoryOrder::kRelease || order == MemoryOrder::kAcqRel || order == MemoryOrder::kSeqCst || order == MemoryOrder::kUnlock;
}

}  // namespace

// What is certain while the write of an RMW may still be missing; less than hb.
bool RepairedC11::Synchronises(const Event& write, const Event& read) const {
  return Releases(write.order) && Acquires(read.order) && (!read.has(kRmw) || read.has(kLock));
}

// Of an RMW that stored nothing, the one it has then.
MemoryOrder RepairedC11::OrderOf(const Event& e) const {
  return e.is_read() && e.has(kRmw) && !base().IsRmw(e) ? static_cast<MemoryOrder>(e.aux) : e.order;
}

// [REL] ; ([F] ; sb)? ; rs ; rf ; [R] ; (sb ; [F])? ; [ACQ]
Relation RepairedC11::SynchronisesWith() {
  const Set W = base().Where([](const Event& e) { return e.is_write() && e.marked(); });
  const Set R = base().Where([](const Event& e) { return e.is_read() && e.marked(); });
  const Set rel = base().Where([](const Event& e) { return e.is_write() && Releases(e.order); });
  const Set acq = base().Where([&](const Event& e) { return e.is_read() && Acquires(OrderOf(e)); });
  const Set rel_fence = base().Where([](const Event& e) { return IsReleaseFence(e); });
  const Set acq_fence = base().Where([](const Event& e) { return IsAcquireFence(e); });
  const Relation rs = From(W, Star(Seq(rf_, base().Rmw())));
  const Relation from = Id(rel) | Between(rel_fence, sb_, W);
  const Relation to = Id(acq) | Between(R, sb_, acq_fence);
  return Seq(from, rs, To(rf_, R), to);
}

bool RepairedC11::Relate() {
  rf_ = base().Rf();
  mo_ = base().Co();
  sb_ = base().Po() | base().Sync();
  rb_ = base().Fr();
  eco_ = Plus(rf_ | mo_ | rb_);
  if (!IsAcyclicOrKnown(sb_ | SynchronisesWith(), &hb_)) return false;
  if (is_known_to_hold()) return true;

  // coherence1
  if (!Seq(hb_, Opt(eco_)).IsIrreflexive()) return false;

  return PartialScHolds();
}

// SC
bool RepairedC11::PartialScHolds() {
  const Set sc = base().Where([&](const Event& e) { return e.is_access() && OrderOf(e) == MemoryOrder::kSeqCst; });
  const Set fence = base().Where([](const Event& e) { return IsScFence(e); });
  if (sc.IsEmpty() && fence.IsEmpty()) return true;
  const Relation loc = base().SameLocation();
  const Relation sbl = sb_ - loc;
  const Relation hbl = hb_ & loc;
  const Relation scb = sb_ | Seq(sbl, hb_, sbl) | hbl | mo_ | rb_;
  const Relation before = Id(sc) | From(fence, Opt(hb_));
  const Relation after = Id(sc) | To(Opt(hb_), fence);
  const Relation pscb = Seq(before, scb, after);
  const Relation pscf = Between(fence, hb_ | Seq(hb_, eco_, hb_), fence);
  const Relation psc = pscb | pscf;
  return IsAcyclic(psc);
}

bool RepairedC11::Extra(const std::vector<uint8_t>& in) { return GracePeriodsHold(Seq(Opt(hb_), Opt(eco_), Opt(hb_)), in); }

void RepairedC11::PrepareOrder() { order_ = grace_periods_judged() ? Plus(hb_ | RcuFence()) : hb_; }

}  // namespace graze
