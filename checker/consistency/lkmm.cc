// SPDX-License-Identifier: MIT
#include "checker/consistency/lkmm.h"

namespace graze {
namespace {

// Barriers that order everything with everything.
constexpr FenceSet kBarriers = FenceBit(FenceKind::kMb) | FenceBit(FenceKind::kSeqCst) | FenceBit(FenceKind::kAcqRel) |
                               FenceBit(FenceKind::kAcquire) | FenceBit(FenceKind::kRelease);
constexpr FenceSet kMb = kBarriers | FenceBit(FenceKind::kAfterSrcuUnlock);

bool IsFull(MemoryOrder order) { return order == MemoryOrder::kFull || order == MemoryOrder::kSeqCst; }

bool Acquires(MemoryOrder order) {
  return order == MemoryOrder::kAcquire || order == MemoryOrder::kAcqRel || order == MemoryOrder::kLock || IsFull(order);
}

}  // namespace

std::string_view LinuxKernelModel::name() const {
  if (version_ == Version::kNewest) return rw_ == Rw::kPo ? "lkmm" : "lkmm-deps";
  return rw_ == Rw::kPo ? "lkmm-6.1" : "lkmm-6.1-deps";
}

bool LinuxKernelModel::Releases(MemoryOrder order) {
  return order == MemoryOrder::kRelease || order == MemoryOrder::kAcqRel || order == MemoryOrder::kUnlock || IsFull(order);
}

// What is certain while the write of an RMW may still be missing.
bool LinuxKernelModel::Synchronises(const Event& write, const Event& read) const {
  // Coherence follows hb, and a plain access that races is not bound by a release behind it or an acquire before it. With exact
  // dependencies such executions count, as in herd7; everything else follows from the axioms.
  if (rw_ == Rw::kDeps) return false;
  return Releases(write.order) && Acquires(read.order) && (!read.has(kRmw) || read.has(kLock));
}

// The older model lets nothing through an RMW that is not the second half of a fence.
bool LinuxKernelModel::SynchronisesAtLast(const Event& write, const Event& read) const {
  if (version_ == Version::k6_1 || rw_ == Rw::kDeps) return Synchronises(write, read);
  return Releases(write.order) && Acquires(read.order);
}

bool LinuxKernelModel::IsStrongFence(const Event& event) const {
  if (event.kind == EventKind::kFence) return (FenceBit(static_cast<FenceKind>(event.aux)) & kBarriers) != 0;
  return event.kind == EventKind::kRcuSync || (event.is_write() && event.has(kRmw) && IsFull(event.order));
}

bool LinuxKernelModel::SynchronisesAfterFence(const Event& read) const { return Acquires(read.order); }

void LinuxKernelModel::Tags() {
  R_ = base().Where([](const Event& e) { return e.is_read() || (e.kind == EventKind::kTouch && e.aux == 0); });
  W_ = base().Where(
      [](const Event& e) { return e.is_write() || e.kind == EventKind::kFree || (e.kind == EventKind::kTouch && e.aux != 0); });
  M_ = R_ | W_;
  Marked_ = base().Where([](const Event& e) { return e.is_access() && e.marked(); });
  Plain_ = M_ - Marked_;
  Noreturn_ = base().Where([](const Event& e) { return e.is_read() && e.order == MemoryOrder::kNoReturn; });
  LKR_ = base().Where([&](const Event& e) { return e.is_read() && e.order == MemoryOrder::kLock && base().IsRmw(e); });
  LKW_ = base().Where([](const Event& e) { return e.is_write() && e.order == MemoryOrder::kLock; });
  UL_ = base().Where([](const Event& e) { return e.order == MemoryOrder::kUnlock; });
}

void LinuxKernelModel::Fences() {
  const auto stored = [&](const Event& e) { return !e.has(kRmw) || base().IsRmw(e); };
  // One that stored nothing has the order that C11's compare-exchange names for that; the kernel's name none.
  const auto order_of = [&](const Event& e) { return stored(e) ? e.order : static_cast<MemoryOrder>(e.aux); };
  const Set acquire = LKR_ | base().Where([&](const Event& e) {
    return e.is_read() && (order_of(e) == MemoryOrder::kAcquire || order_of(e) == MemoryOrder::kAcqRel ||
                           (order_of(e) == MemoryOrder::kSeqCst && (!e.has(kRmw) || !stored(e))));
  });
  const Set release = UL_ | base().Where([](const Event& e) {
    return e.is_write() &&
           (e.order == MemoryOrder::kRelease || e.order == MemoryOrder::kAcqRel || (e.order == MemoryOrder::kSeqCst && !e.has(kRmw)));
  });
  // Release Acquire
  acq_po_ = Between(acquire, po_, M_);
  po_rel_ = Between(M_, po_, release);
  po_unlock_lock_po_ = UL_.IsEmpty() ? pool().Empty() : Seq(To(po_, UL_), To(po_ | rf_, LKR_), po_);
  // Fences
  const Set r4rmb = R_ - Noreturn_;
  rmb_ = Between(r4rmb, base().FenceRel(FenceBit(FenceKind::kRmb)), r4rmb);
  wmb_ = Between(W_, base().FenceRel(FenceBit(FenceKind::kWmb)), W_);
  const Relation gp = base().FenceRel(kGracePeriod);
  // What is behind a barrier is behind everything that the barrier before it holds back.
  strong_fence_ = Transitive(FullBarriers() | gp);
  nonrw_fence_ = strong_fence_ | po_rel_ | acq_po_;
  fence_ = nonrw_fence_ | wmb_ | rmb_;
}

// mb
Relation LinuxKernelModel::FullBarriers() {
  Relation mb = base().FenceRel(kMb) | base().Sync();
  const Set full_read = base().Where([&](const Event& e) { return e.is_read() && IsFull(e.order) && base().IsRmw(e); });
  const Set full_write = base().Where([](const Event& e) { return e.is_write() && IsFull(e.order) && e.has(kRmw); });
  if (!full_write.IsEmpty()) {
    const Relation before = To(po_, full_read);
    const Relation after = From(full_write, po_);
    mb = mb | before | after;
    // The older model has a fence of its own on either side.
    if (version_ == Version::k6_1) mb = mb | Seq(before, po_) | Seq(rmw_, after);
  }
  // RMWs that failed are among them.
  const Set rmw = base().Where([&](const Event& e) { return e.has(kRmw) && e.order != MemoryOrder::kLock; });
  const auto fence = [&](FenceKind kind) { return base().FenceRel(FenceBit(kind)); };
  if (base().HasFence(FenceBit(FenceKind::kBeforeAtomic))) mb = mb | Seq(To(fence(FenceKind::kBeforeAtomic), rmw), Opt(po_));
  if (base().HasFence(FenceBit(FenceKind::kAfterAtomic))) mb = mb | Seq(To(Opt(po_), rmw), fence(FenceKind::kAfterAtomic));
  if (base().HasFence(FenceBit(FenceKind::kAfterSpinlock))) mb = mb | Seq(To(Opt(po_), LKW_), fence(FenceKind::kAfterSpinlock));
  if (base().HasFence(FenceBit(FenceKind::kAfterUnlockLock))) {
    const Relation after = fence(FenceKind::kAfterUnlockLock);
    mb =
        mb | (version_ == Version::kNewest ? Seq(To(po_, UL_), To(po_ | rf_, LKR_), after) : Seq(To(po_, UL_), To(co_ | po_, LKW_), after));
  }
  return Between(M_, mb, M_);
}

// ppo. With rw=po the order from reads to writes comes on top of what dependencies give, so that nothing is allowed that they forbid.
Relation LinuxKernelModel::PreservedProgramOrder() {
  const Relation rfi = rf_ & int_;
  const bool carry_dep = version_ == Version::kNewest;
  const Relation addr = base().DependencyRel(&Event::addr_dep, dependencies(), carry_dep);
  const Relation data = base().DependencyRel(&Event::data_dep, dependencies(), carry_dep);
  const Relation ctrl = base().DependencyRel(&Event::ctrl_dep, dependencies(), carry_dep);
  const Relation dep = addr | data;
  const Relation rwdep = rw_ == Rw::kDeps ? To(dep | ctrl, W_) : Between(R_, po_, W_);
  const Relation to_w = rwdep | ((co_ | fr_) & int_) | Seq(To(addr, Plain_), wmb_);
  const Relation to_r = (version_ == Version::kNewest ? To(addr, R_) : addr) | Seq(To(dep, Marked_), rfi);
  addr_ = addr;
  return to_r | to_w | (version_ == Version::kNewest ? fence_ & int_ : fence_) | (po_unlock_lock_po_ & int_);
}

// Coherence knows the order that threads' beginnings and ends and releases and acquires give; level M implies that.
bool LinuxKernelModel::Relate() {
  visibility_known_ = false;
  Tags();
  po_ = base().Po();
  rf_ = base().Rf();
  co_ = base().Co();
  fr_ = base().Fr();
  rmw_ = base().Rmw();
  int_ = base().SameThread();

  Fences();
  const Relation ppo = PreservedProgramOrder();
  const Relation rfe = rf_ - int_;
  const Relation overwrite = co_ | fr_;

  // Propagation: Ordering from release operations and strong fences.
  const Relation strong_or_release = strong_fence_ | po_rel_;
  const Relation a_cumul = strong_or_release | Seq(To(rfe, Marked_), strong_or_release);
  Relation cumul_fence = Between(Marked_, a_cumul | wmb_ | po_unlock_lock_po_, Marked_);
  if (version_ == Version::kNewest) cumul_fence = Seq(cumul_fence, Star(Seq(rf_, rmw_)));
  cumul_fence_star_ = Star(cumul_fence);
  const Relation propagated = Seq(To(cumul_fence_star_, Marked_), Opt(rfe));
  prop_ = Between(Marked_, propagated | Seq(overwrite - int_, propagated), Marked_);

  // happens-before
  hb_ = Between(Marked_, ppo | rfe | ((prop_ - pool().Identity()) & int_), Marked_);
  Relation closure = hb_;
  if (!IsAcyclicOrKnown(hb_, &closure)) return false;
  hb_star_ = Opt(closure);

  // propagation
  pb_ = To(Seq(prop_, strong_fence_, hb_star_), Marked_);
  if (!IsAcyclicOrKnown(pb_, &closure)) return false;
  pb_star_ = Opt(closure);
  return true;
}

// Plain accesses may be elements already, for the dependencies that they hand on.
bool LinuxKernelModel::Extra(const std::vector<uint8_t>& in) {
  return RcuHolds(in) && ((!is_wide() && Plain_.IsEmpty()) || PlainCoherenceHolds());
}

}  // namespace graze
