// SPDX-License-Identifier: MIT
#include "checker/consistency/tso.h"

namespace graze {
namespace {

constexpr FenceSet kMfence = FenceBit(FenceKind::kSeqCst) | FenceBit(FenceKind::kMb) | FenceBit(FenceKind::kBeforeAtomic) |
                             FenceBit(FenceKind::kAfterAtomic) | FenceBit(FenceKind::kAfterSpinlock) |
                             FenceBit(FenceKind::kAfterUnlockLock) | FenceBit(FenceKind::kAfterSrcuUnlock) | kGracePeriod;

}  // namespace

bool TotalStoreOrder::Relate() {
  const Set R = base().Where([](const Event& e) { return e.is_read(); });
  const Set W = base().Where([](const Event& e) { return e.is_write(); });
  const Set locked = base().Where([&](const Event& e) { return base().IsRmw(e); });
  po_ = base().Po() | base().Sync();
  rf_ = base().Rf();
  const Relation co = base().Co();
  const Relation fr = base().Fr();

  // uniproc
  const Relation com = rf_ | co | fr;
  if (!is_known_to_hold() && !IsAcyclic((po_ & base().SameLocation()) | com)) return false;

  // ghb
  const Relation rfe = rf_ - base().SameThread();
  const Relation implied = To(po_, locked) | From(locked, po_);
  const Relation across = Seq(To(po_, locked), po_);
  const Relation mfence = base().FenceRel(kMfence) | implied | across | base().Sync();
  const Relation ppo = po_ - Between(W, po_, R);
  return IsAcyclicOrKnown(mfence | ppo | rfe | fr | co, &ghb_plus_);
}

bool TotalStoreOrder::Extra(const std::vector<uint8_t>& in) { return GracePeriodsHold(Opt(ghb_plus_), in); }

void TotalStoreOrder::PrepareOrder() {
  const Set marked = base().Where([](const Event& e) { return e.marked(); });
  hb_ = Plus(po_ | Between(marked, rf_, marked) | RcuFence());
}

}  // namespace graze
